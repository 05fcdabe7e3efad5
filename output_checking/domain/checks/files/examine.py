"""Owns which rules look at which kind of file, and how much of what they find is kept. Must never read from disk."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from output_checking.domain.checks.files.content import Kind, as_text, sniff
from output_checking.domain.checks.files.file_kinds import (
    hidden_characters,
    kind_of_file,
    length_of_text,
    size_of_table,
    unreadable,
)
from output_checking.domain.checks.files.finding import Finding
from output_checking.domain.checks.files.identifiers import (
    Passage,
    birth_columns,
    identifiers,
    passages_of_table,
    passages_of_text,
)
from output_checking.domain.checks.files.pictures import pictures
from output_checking.domain.checks.files.small_counts import small_counts
from output_checking.domain.checks.files.tabular import Table, read_table

# changes whenever a rule finds more, less or otherwise: it stands in the manifest of every release (SATRE 3.3.09)
RULE_SET = "outputs 1"
MOST_OF_A_RULE = 100


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What a file is and what the rules found in it, heaviest first."""

    kind: Kind
    findings: tuple[Finding, ...]


def examine(name: str, body: bytes, *, threshold: int) -> Examined:
    """Return what the rules find in one file.

    Args:
        name: the file's name; looked through as well.
        body: its bytes.
        threshold: fewest persons behind a released count.
    """
    kind = sniff(name, body)
    found = chain(
        identifiers([Passage(text=name, where="In the file's name")]), _of_kind(kind, body, threshold=threshold)
    )
    ordered = sorted(bounded(found), key=lambda one: (-one.severity.weight, one.row or 0))
    return Examined(kind=kind, findings=tuple(ordered))


def delimiter_of(kind: Kind) -> str:
    """Return what stands between the cells of a table of this kind."""
    return "\t" if kind is Kind.TSV else ","


def bounded(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield at most MOST_OF_A_RULE findings of a rule, the last of them telling how many more there are."""
    counts: Counter[str] = Counter()
    over: dict[str, Finding] = {}
    for finding in findings:
        counts[finding.rule] += 1
        if counts[finding.rule] < MOST_OF_A_RULE:
            yield finding
        else:
            over.setdefault(finding.rule, finding)
    for rule, last in over.items():
        more = counts[rule] - MOST_OF_A_RULE + 1
        sentence = f"The same was found {more:,} times more in this file." if more > 1 else last.sentence
        yield Finding(severity=last.severity, rule=rule, sentence=sentence, remedy=last.remedy, figures={"times": more})


def _of_kind(kind: Kind, body: bytes, *, threshold: int) -> Iterator[Finding]:
    yield from kind_of_file(kind)
    if kind.is_picture:
        yield from pictures(body)
    text = as_text(body) if not kind.is_picture else None
    if text is None:
        return
    yield from hidden_characters(text)
    if not kind.is_table:
        yield from length_of_text(text)
        yield from identifiers(passages_of_text(text))
        return
    try:
        table = read_table(text, delimiter=delimiter_of(kind))
    except ValueError as error:
        yield unreadable(str(error))
        yield from identifiers(passages_of_text(text))
        return
    yield from _of_table(table, threshold=threshold)


def _of_table(table: Table, *, threshold: int) -> Iterator[Finding]:
    yield from size_of_table(table)
    yield from birth_columns(table)
    yield from identifiers(passages_of_table(table))
    yield from small_counts(table, threshold=threshold)
