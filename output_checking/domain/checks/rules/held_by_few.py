"""Owns what the rules on a single person's value share: fewer than the threshold have exactly the value shown. Must never be a rule."""

from collections.abc import Iterator

from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.rules.rule import Case, people


def held_by_few(case: Case, *, rule: str, what: str, learns: str, remedy: str) -> Iterator[Finding]:
    """Yield a finding where 0 < H < t: H distinct persons have the value shown, and t is the appetite's threshold.

    Args:
        rule: id of the rule that asks.
        what: what they have, as the sentence says it.
    """
    tail, least = case.cell.tail, case.appetite.threshold
    if tail is None or not 0 < tail.at < least:
        return
    yield Finding(
        rule=rule,
        figures={"holders": tail.at, "threshold": least},
        sentence=f"{people(tail.at)} {'has' if tail.at == 1 else 'have'} {what}; at least {least} are needed.",
        learns=learns,
        remedy=remedy,
    )
