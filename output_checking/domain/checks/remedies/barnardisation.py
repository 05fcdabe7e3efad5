"""Owns Barnardisation, and its warning. Must never be called safe by itself: it moves a count by one at most.

Source: Barnard, as described by the Office for National Statistics for small-area tables: each cell that is not empty gets -1, 0 or +1
with the chances q, 1 - 2q, q, after the totals are fixed. Drawn by cell key, since new draws for the same cell would average out.
"""

import numpy as np

from output_checking.domain.checks.differencing.members import Members
from output_checking.domain.checks.linked.equations import Floats, inner_places
from output_checking.domain.checks.remedies.cell_key import cell_keys

CHANCE = 0.1
WARNING = (
    "Barnardisation moves a count by one at most, and leaves most as they are: a reader still knows a small group to within one, and the "
    "true totals bound it further. It is no protection by itself."
)


def barnardise(counts: Floats, members: Members, *, chance: float = CHANCE) -> Floats:
    """Return the counts with -1, 0 or +1 on each cell that is not empty; totals stay as they are.

    Args:
        counts: the grid with totals last along each axis.
        members: keyed digests of the persons in each cell of the flat grid.
        chance: q, 0 to 0.5; 0.05 to 0.25 is usual.
    """
    fraction = cell_keys(members).reshape(counts.shape)
    move = np.where(fraction < chance, -1.0, np.where(fraction >= 1 - chance, 1.0, 0.0))
    return np.where(inner_places(counts.shape) & (counts > 0), counts + move, counts)
