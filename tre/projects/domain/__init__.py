"""What a project is: values, state table, rules of completeness and of decisions. Must never do I/O or read a clock."""
