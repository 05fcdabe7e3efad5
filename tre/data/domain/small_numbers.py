"""Owns how counts of people and rows are told to anybody: small ones withheld, all others rounded. Must never tell an exact one.

Fewer than ten is told in those words and no more; all others to the nearest ten, or to two significant digits where that is
coarser, so that two readings, a day and one more person apart, show the same (the NHS's own rule suppresses below 8 and
rounds to 5: NHS Digital, HES analysis guide; the stricter of both is used here).
"""

FEWEST = 10
_STEP = 10


def rounded(count: int) -> int:
    """Return `count` to the nearest ten, or to two significant digits where that is coarser; 0 for fewer than ten."""
    if count < FEWEST:
        return 0
    step = max(_STEP, int("1" + "0" * (len(str(count)) - 2)))
    return (count + step // 2) // step * step


def told(count: int) -> str:
    """Return `count` as it may be said: `fewer than 10`, or `about 1,200`."""
    return f"about {rounded(count):,}" if count >= FEWEST else f"fewer than {FEWEST}"
