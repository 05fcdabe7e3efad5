"""The checks of a file handed in for release, from its bytes alone, each a small pure rule with its source.

Must never say that a file is safe: they say what was found; two output checkers decide.
"""
