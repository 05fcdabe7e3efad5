"""What a workspace session is: values, state table, token. Must never do I/O or read a clock."""
