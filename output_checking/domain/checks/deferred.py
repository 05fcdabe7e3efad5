"""Owns the door to SciPy: it is imported when it is first used, for it is half of the time that the command needs to start.

Most tables need nothing of it: only hidden cells, suppression and sums over several earlier answers do. Must never hold anything else.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scipy import optimize, sparse
else:

    class _Deferred:
        """Stands for a module until something of it is asked for."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, wanted: str) -> Any:
            found = getattr(import_module(self._name), wanted)
            setattr(self, wanted, found)  # the next time it is simply there
            return found

    optimize, sparse = _Deferred("scipy.optimize"), _Deferred("scipy.sparse")

__all__ = ["optimize", "sparse"]
