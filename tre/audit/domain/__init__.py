"""What a verdict on the record is, and how an event is said. Must never read the records."""
