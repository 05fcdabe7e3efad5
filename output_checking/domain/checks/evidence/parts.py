"""Owns how what was kept of the records is read back to be summed: part by part, a person wholly in one part and one slice of it.

So the memory needed does not grow with the data, and what is summed at once stays near the processor. Must never sum it.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from typing import Any

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.evidence.duck import Columns, Source
from output_checking.domain.checks.evidence.folding import Amount
from output_checking.domain.checks.evidence.kept import KEPT
from output_checking.domain.checks.evidence.slices import Records, how_many, spread, take_apart
from output_checking.domain.checks.evidence.survey import Survey, is_numeric

PART = 12 << 20  # records of 20 bytes and more that are held at once
LARGE = 2  # times a part: so many records are summed before they are read
READ = 1 << 20  # records that are read at once
FEWEST_READS = 4  # so that one core takes apart what the other has read
AHEAD = 2  # reads that wait to be taken apart


def read_slices(
    source: Source, surveyed: Survey, *, records: int, most: int, pool: Executor
) -> Iterator[list[Records]]:
    """Yield who, which cell and how much, slice after slice, each as pieces to be joined.

    Args:
        records: how many were kept.
        most: records in a slice, about.
        pool: where records are taken apart while the next are read.
    """
    count = max(1, -(-records // PART))
    sizes: dict[int, int] = (
        dict(source.rows(f"select hash(p) % {count}, count(*) from {KEPT} group by 1")) if count > LARGE else {}
    )
    for part in range(count):
        chosen = f"hash(p) % {count} = {part}" if count > 1 else "true"
        # where few persons have most of the records, those of one part may be too many for the memory
        columns = _summed(surveyed) if sizes.get(part, 0) > LARGE * PART else _alone(surveyed)
        slices: list[list[Records]] = [[] for _ in range(how_many(-(-records // count), most=most))]
        for pieces in _taken_apart(source, columns, chosen, records, len(slices), pool):
            for one, more in zip(slices, pieces, strict=True):
                one.extend(more)
        while slices:  # what is summed already is not kept
            yield slices.pop()


def _taken_apart(  # noqa: PLR0917 - what is read, and into how many slices
    source: Source, columns: str, chosen: str, records: int, count: int, pool: Executor
) -> Iterator[list[list[Records]]]:
    waiting: deque[Future[list[list[Records]]]] = deque()
    for place in _places(records):
        read = _records(source.columns(columns.format(chosen=f"{place} and {chosen}")))
        waiting.append(pool.submit(take_apart, read, count))
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    for one in waiting:
        yield one.result()


def _places(records: int) -> Iterator[str]:
    """Yield conditions on the place of a record, of which each record meets one."""
    step = min(READ, max(READ // FEWEST_READS, -(-records // FEWEST_READS)))
    cuts = range(step, records, step)
    for low, high in zip([None, *cuts], [*cuts, None], strict=True):
        ends = [*([] if low is None else [f"rowid >= {low}"]), *([] if high is None else [f"rowid < {high}"])]
        yield " and ".join(ends) or "true"


def _alone(surveyed: Survey) -> str:
    amounts = [f"{_amount(name, surveyed)} as {name}" for name in surveyed.quantities]
    return f"select {', '.join(['p, c', *amounts])} from {KEPT} where {{chosen}}"


def _summed(surveyed: Survey) -> str:
    amounts = [f"sum({_amount(name, surveyed)}) as {name}" for name in surveyed.quantities]
    return f"select {', '.join(['p, c', *amounts])} from {KEPT} where {{chosen}} group by p, c"


def _amount(name: str, surveyed: Survey) -> str:
    if not is_numeric(surveyed.quantities[name]):  # the mode of a text: only who has one counts
        return f"cast(case when {name} is not null then 1 end as double)"
    return f"{name} * w" if surveyed.weight else name


def _records(read: Columns) -> Records:
    amounts = {name: _amount_of(column) for name, column in read.items() if name not in {"p", "c"}}
    return Records(persons=spread(read["p"]), cells=read["c"], amounts=amounts)


def _amount_of(column: NDArray[Any]) -> Amount:
    if not np.ma.is_masked(column):
        return Amount(sums=np.asarray(column))
    return Amount(sums=np.ma.filled(column, 0.0), held=~np.ma.getmaskarray(column))
