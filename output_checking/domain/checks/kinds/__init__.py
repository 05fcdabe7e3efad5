"""The kinds of output that are not tables: models, curves and plots, each judged by the table behind it."""
