"""Owns what a measure is and how one is written down. Must never decide a bar: each benchmark states its own."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results.json"
PAGE = Path(__file__).parents[2] / "docs/benchmarks.md"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure held against its bar.

    Args:
        name: what was measured.
        ours, peer: medians, in `unit`.
        ratio: ours / peer, or the difference where the bar is one.
        bar: the bar in words.
        holds: whether it was reached.
        runs: pairs measured.
    """

    name: str
    ours: float
    peer: float
    ratio: float
    bar: str
    holds: bool
    runs: int
    unit: str = "s"


def median_ratio(name: str, ours: Sequence[float], peer: Sequence[float], *, most: float, unit: str = "s") -> Measure:
    """Return the measure of two series whose medians' ratio may be `most`."""
    ratio = statistics.median(ours) / statistics.median(peer)
    return Measure(
        name=name,
        ours=statistics.median(ours),
        peer=statistics.median(peer),
        ratio=ratio,
        bar=f"ratio of medians at most {most}",
        holds=ratio <= most,
        runs=min(len(ours), len(peer)),
        unit=unit,
    )


def median_difference(name: str, ours: Sequence[float], peer: Sequence[float], *, most: float, unit: str) -> Measure:
    """Return the measure of two series whose medians may differ by `most` (in `unit`)."""
    difference = statistics.median(ours) - statistics.median(peer)
    return Measure(
        name=name,
        ours=statistics.median(ours),
        peer=statistics.median(peer),
        ratio=difference,
        bar=f"at most {most} {unit} more at the median",
        holds=difference <= most,
        runs=min(len(ours), len(peer)),
        unit=unit,
    )


def timed(act: Callable[[], object], *, runs: int = 15) -> list[float]:
    """Return the seconds of some runs of an act, after one that is not counted."""
    act()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - start)
    return seconds


def at_most(name: str, seconds: Sequence[float], *, most: float) -> Measure:
    """Return the measure of a series against a bound in seconds, which stands where a peer's time would."""
    taken = statistics.median(seconds)
    bar = f"at most {most} s"
    return Measure(
        name=name, ours=taken, peer=most, ratio=taken / most, bar=bar, holds=taken <= most, runs=len(seconds)
    )


def write(measures: Sequence[Measure]) -> None:
    """Write results.json and the page in docs/."""
    RESULTS.write_text(json.dumps([asdict(one) for one in measures], indent=1) + "\n")
    lines = [
        "# Benchmarks",
        "",
        "Made by `make bench`: ours and its peer in turn in one run, medians. The ratio (or difference) is what counts; "
        "absolute times depend on the machine.",
        "",
        "| Measure | Ours | Peer | Ratio or difference | Bar | Holds | Runs |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.name} | {one.ours:.4g} {one.unit} | {one.peer:.4g} {one.unit} | {one.ratio:.3f} | {one.bar} "
        f"| {'yes' if one.holds else 'no'} | {one.runs} |"
        for one in measures
    ]
    PAGE.write_text("\n".join(lines) + "\n")
