"""Owns the answer as a page that stands alone: no script, nothing fetched, each cell's evidence under it."""

import json
from collections.abc import Mapping
from html import escape

from output_checking.domain.checks.answer import Answer, JudgedCell, evidence_of
from output_checking.domain.checks.command.found import Group, Place, grouped
from output_checking.domain.checks.command.grid import described, named, place_of, set_out, shown
from output_checking.domain.checks.command.plain import plain
from output_checking.domain.checks.command.text import SENTENCE
from output_checking.domain.checks.finding import Finding, Verdict, verdict_of
from output_checking.domain.checks.rules.rule import people

Numbers = Mapping[int, int]

_STYLE = """
:root{color-scheme:light}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem;color:#111;background:#fff}
h1,h2,h3,p,li,dd,th{overflow-wrap:anywhere}.wide{overflow-x:auto}.wide:focus-visible{outline:3px solid #005eb8}table{border-collapse:collapse}
th,td{border:1px solid #767676;padding:.4rem .6rem;vertical-align:top;text-align:right}th{background:#f0f4f5;text-align:left;min-width:3.5rem;max-width:20rem}
thead td{text-align:left}td:target{outline:4px solid #005eb8}
td.unsafe{background:#fde8e8;border:3px solid #b3261e}td.review{background:#fff4cc;border:3px dashed #7a5c00}
details{text-align:left;font-size:.875rem;max-width:22rem}summary{cursor:pointer;white-space:nowrap}summary:focus-visible,a:focus-visible{outline:3px solid #005eb8}
.verdict,.found{border-left:.5rem solid;padding:.5rem 1rem}.verdict{font-size:1.25rem}.safe,.note{border-color:#007f3b}
.unsafe{border-color:#b3261e}.review{border-color:#7a5c00}.found h3{margin:0 0 .5rem}.found p,.found ul{margin:.25rem 0}
a{color:#0b4f8a}dl.applied{display:grid;grid-template-columns:minmax(0,22rem) minmax(0,1fr);gap:.2rem 1rem}dt{font-weight:600}dd{margin:0 0 .3rem}
@media (max-width:40rem){dl.applied{display:block}}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f0f4f5;padding:.5rem}
"""
_MARK = {Verdict.SAFE: "", Verdict.UNSAFE: "unsafe", Verdict.REVIEW: "review"}
_WORDS = {
    "schema": "edition of the schema",
    "version": "risk appetite",
    "threshold": "fewest persons (threshold)",
    "dominance_persons": "n of the (n, k) rule",
    "dominance_share": "k of the (n, k) rule",
    "p_percent": "p of the p % rule, in %",
    "class_share": "from which share of its row or column a cell is nearly all of it",
    "residual_degrees": "fewest residual degrees of freedom",
    "empty_cells": "an empty cell is taken for",
    "quantile_values": "a quantile that is a few persons' value weighs",
    "missing": "records without a value",
    "holders": "persons with a value",
    "total": "sum of all persons",
    "largest": "largest person, absolute",
    "second": "second-largest person, absolute",
    "rest": "all others, absolute",
    "zeros": "persons with 0",
    "negatives": "persons below 0",
    "all_the_same": "all have the same value",
    "at": "cut at",
    "at_or_below": "persons at or below the cut",
    "at_or_above": "persons at or above the cut",
}
MOST_PLACES = 200


def as_html(answer: Answer) -> str:
    """Return the answer as one HTML document."""
    title = escape(plain(str(answer.spec.get("title") or "Disclosure checks of an output")))
    numbers = {id(one): number for number, one in enumerate(answer.cells, 1)}
    groups = "".join(_group(one, answer, numbers) for one in grouped(answer))
    spec = json.dumps(answer.spec, ensure_ascii=False, indent=1)
    body = [
        f"<h1>{title}</h1>",
        f'<p class="verdict {answer.verdict}">{escape(SENTENCE[answer.verdict])}</p>',
        f"<p>{escape(described(answer.spec))}</p>",
        f"<h2>What was found</h2>{groups}" if groups else "",
        f"<h2>Cells</h2>{_table(answer, numbers)}" if answer.cells else "",
        "<h2>What was applied</h2>",
        _pairs({"persons": answer.persons, "records": answer.records, **answer.appetite.as_json()}, kind="applied"),
        f"<h2>The specification</h2><pre>{escape(_lines(spec))}</pre>",
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>{''.join(body)}</main></body></html>"
    )


def as_frame(answer: Answer) -> str:
    """Return that document in a frame of its own, without rights, as a notebook shows it."""
    # without this a link to a cell would lead to the notebook's own address
    page = as_html(answer).replace("<head>", '<head><base href="about:srcdoc">', 1)
    return (
        f'<iframe title="Disclosure checks" sandbox srcdoc="{escape(page)}" '
        'style="width:100%;height:32rem;border:1px solid #767676"></iframe>'
    )


def _group(group: Group, answer: Answer, numbers: Numbers) -> str:
    one = group.finding
    places = [
        f"<li>{_link(place, answer, numbers)}{escape(plain(place.sentence))}</li>"
        for place in group.places[:MOST_PLACES]
    ]
    if len(group.places) > MOST_PLACES:
        places.append(f"<li>and {len(group.places) - MOST_PLACES:,} more, marked in the table</li>")
    head = f"{str(one.weight).capitalize()}: {group.name}, {group.extent}"
    return f'<section class="found {one.weight}"><h3>{escape(head)}</h3><ul>{"".join(places)}</ul>{_consequence(one)}</section>'


def _link(place: Place, answer: Answer, numbers: Numbers) -> str:
    if place.cell is None:
        return ""
    return f'<a href="#cell-{numbers[id(place.cell)]}">{_name(place_of(place.cell, answer))}</a>: '


def _table(answer: Answer, numbers: Numbers) -> str:
    grid = set_out(answer)
    head = "".join(f'<th scope="col">{_name(grid.column(one))}</th>' for one in grid.columns)
    rows = []
    for row in grid.rows:
        there = [grid.cells.get((row, column)) for column in grid.columns]
        cells = "".join(_cell(one, grid.shown(one), numbers[id(one)]) if one else "<td></td>" for one in there)
        rows.append(f'<tr><th scope="row">{_name(named(row) or "All")}</th>{cells}</tr>')
    return (
        '<p id="cells">Each cell with what stands behind it</p><div class="wide" role="region" aria-labelledby="cells" tabindex="0">'
        f'<table aria-labelledby="cells"><thead><tr><td>{_name(grid.corner)}</td>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def _cell(one: JudgedCell, value: str, number: int) -> str:
    mark = _MARK[verdict_of(list(one.findings))]
    kind, word = (f' class="{mark}"', f" <strong>{mark}</strong>") if mark else ("", "")
    place = f' id="cell-{number}"' if one.findings else ""
    found = "".join(map(_finding, one.findings))
    evidence = _pairs({"persons": one.cell.persons, **_flat(evidence_of(one.cell))})
    return f"<td{kind}{place}>{_name(value)}{word}<details><summary>{people(one.cell.persons)}</summary>{found}{evidence}</details></td>"


def _lines(text: str) -> str:
    return "\n".join(map(plain, text.split("\n")))


def _name(words: str) -> str:
    # a name that is read from the right must not turn what stands beside it
    return f"<bdi>{escape(plain(words))}</bdi>" if words else ""


def _finding(one: Finding) -> str:
    return f"<p><strong>{escape(one.rule)}</strong> ({escape(str(one.weight))}): {escape(plain(one.sentence))}</p>{_consequence(one)}"


def _consequence(one: Finding) -> str:
    return f"<p>A reader could learn: {escape(plain(one.learns))}</p><p>Remedy: {escape(plain(one.remedy))}</p>"


def _pairs(figures: Mapping[str, object], *, kind: str = "") -> str:
    listed = "".join(
        f"<dt>{escape(_word(name))}</dt><dd>{escape(_figure(value))}</dd>" for name, value in figures.items()
    )
    return f"<dl{f' class={chr(34)}{kind}{chr(34)}' if kind else ''}>{listed}</dl>"


def _word(name: str) -> str:
    first, _, inner = name.partition(": ")
    return f"{first}: {_WORDS.get(inner, inner)}" if inner else _WORDS.get(name, name)


def _figure(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return shown(value) if isinstance(value, int | float) else plain(str(value))


def _flat(figures: dict[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in figures.items():
        if isinstance(value, dict):
            flat |= {f"{name}: {inner}": one for inner, one in value.items()}
        else:
            flat[name] = value
    return flat
