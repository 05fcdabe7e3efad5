"""What the register publishes: entries, filters, figures. Must never do I/O or read a clock."""
