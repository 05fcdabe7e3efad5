"""What an output is asked to be: typed, read from JSON by a published schema. Must never touch data."""
