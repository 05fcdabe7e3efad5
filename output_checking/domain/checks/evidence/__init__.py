"""What stands behind each cell, by person, taken from the data in DuckDB. Must never judge what it finds."""
