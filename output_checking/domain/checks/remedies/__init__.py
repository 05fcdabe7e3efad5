"""What makes an unsafe table safe, and what it costs. Every remedy makes a new table that is judged again. Must never touch data."""
