"""The rules on a cell of a table, each a small pure file with its formula, default, source and worked examples."""
