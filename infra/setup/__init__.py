"""Set-up: brings everything the TRE runs on, once, keyed by the lock files. Must never hold product code.

Standard library only, for the Python that Debian ships: it runs before anything else is there.
"""
