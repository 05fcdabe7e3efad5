"""What a reader can work out of hidden cells from the cells and margins that stand beside them. Must never touch data."""
