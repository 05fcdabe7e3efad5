"""Owns the answer as a page that stands alone: no script, nothing fetched, each cell's evidence under it."""

from html import escape

from output_checking.domain.checks.answer import Answer, JudgedCell, evidence_of
from output_checking.domain.checks.command.grid import set_out, shown
from output_checking.domain.checks.command.text import SENTENCE
from output_checking.domain.checks.finding import Finding, Verdict, verdict_of

_STYLE = """
:root{color-scheme:light}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem;color:#111;background:#fff}
table{border-collapse:collapse;display:block;overflow-x:auto}caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{border:1px solid #767676;padding:.4rem .6rem;vertical-align:top;text-align:right}th{background:#f0f4f5;text-align:left}
td.unsafe{background:#fde8e8;border:3px solid #b3261e}td.review{background:#fff4cc;border:3px dashed #7a5c00}
details{text-align:left;font-size:.875rem;max-width:22rem}summary{cursor:pointer}summary:focus-visible{outline:3px solid #005eb8}
.verdict{border-left:.5rem solid;padding:.5rem 1rem;font-size:1.25rem}.safe-verdict{border-color:#007f3b}
.unsafe-verdict{border-color:#b3261e}.review-verdict{border-color:#7a5c00}dt{font-weight:600}dd{margin:0 0 .3rem}
"""
_MARK = {Verdict.SAFE: "", Verdict.UNSAFE: "unsafe", Verdict.REVIEW: "review"}


def as_html(answer: Answer) -> str:
    """Return the answer as one HTML document."""
    title = escape(str(answer.spec.get("title") or "Disclosure checks of an output"))
    body = [
        f"<h1>{title}</h1>",
        f'<p class="verdict {answer.verdict}-verdict">{escape(SENTENCE[answer.verdict])}</p>',
        *(["<h2>On the whole output</h2>", *map(_finding, answer.findings)] if answer.findings else []),
        *(["<h2>Cells</h2>", _table(answer)] if answer.cells else []),
        "<h2>What was applied</h2>",
        _pairs({"persons": answer.persons, "records": answer.records, **answer.appetite.as_json()}),
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>{''.join(body)}</main></body></html>"
    )


def _table(answer: Answer) -> str:
    grid = set_out(answer)
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in grid.columns)
    rows = []
    for row in grid.rows:
        cells = "".join(_cell(grid.cells.get((row, column))) for column in grid.columns)
        rows.append(f'<tr><th scope="row">{escape(row) or "All"}</th>{cells}</tr>')
    return f"<table><caption>Each cell with what stands behind it</caption><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _cell(one: JudgedCell | None) -> str:
    if one is None:
        return "<td></td>"
    mark = _MARK[verdict_of(list(one.findings))]
    word = f" <strong>{mark}</strong>" if mark else ""
    evidence = _pairs({"persons": one.cell.persons, **_flat(evidence_of(one.cell))})
    found = "".join(map(_finding, one.findings))
    return (
        f"<td{f' class={chr(34)}{mark}{chr(34)}' if mark else ''}>{escape(shown(one.cell.value))}{word}"
        f"<details><summary>{one.cell.persons:,} persons</summary>{found}{evidence}</details></td>"
    )


def _finding(one: Finding) -> str:
    return (
        f"<p><strong>{escape(one.rule)}</strong> ({escape(str(one.weight))}): {escape(one.sentence)}<br>A reader could learn: {escape(one.learns)}"
        f"<br>Remedy: {escape(one.remedy)}</p>"
    )


def _pairs(figures: dict[str, object]) -> str:
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(_figure(value))}</dd>" for name, value in figures.items())
    return f"<dl>{listed}</dl>"


def _figure(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return shown(value) if isinstance(value, int | float) else str(value)


def _flat(figures: dict[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in figures.items():
        if isinstance(value, dict):
            flat |= {f"{name}: {inner}": one for inner, one in value.items()}
        else:
            flat[name] = value
    return flat
