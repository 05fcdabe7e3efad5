"""What a reader learns from a new table together with earlier ones of the same source. Must never touch data."""
