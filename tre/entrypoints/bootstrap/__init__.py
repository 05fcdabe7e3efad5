"""Owns the one place where real parts are put together: gate, records, desks of the rooms. Must never hold a rule."""

from tre.entrypoints.bootstrap.house import House, build_house
from tre.entrypoints.bootstrap.preparing import preparations

__all__ = ["House", "build_house", "preparations"]
