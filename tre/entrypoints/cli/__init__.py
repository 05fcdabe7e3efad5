"""Owns the command line, `tre`. Must never do more than parse, call one function, print."""
