"""Owns the page on which columns are chosen: filter by words, groups by topic, ticks that survive a filter. Must never judge."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.kernel.errors import Invalid
from tre.plumbing.forms import FormFields
from tre.plumbing.web import Ctx, render, see_other
from tre.projects import service
from tre.projects.domain import choices, completeness, picking
from tre.projects.doors import Desk
from tre.projects.ports import Dataset, Table

router = APIRouter()

PAGE = "/projects/{project_id}/application/data"


@dataclass(frozen=True, kw_only=True)
class TableToPick:
    """One table with the columns that match; `hidden` are chosen columns that the filter leaves out of sight."""

    key: str
    table: Table
    groups: tuple[picking.Group, ...]
    hidden: tuple[str, ...]
    chosen: frozenset[str]


@router.get(PAGE)
def show(request: Request, ctx: Ctx, desk: Desk, project_id: str, words: str = "") -> Response:
    """The catalogue's columns to choose from."""
    view = service.view_application(ctx, desk, project_id)
    values = {f"why/{one.dataset_id}/{one.table}": one.why for one in view.project.wanted}
    for one in view.project.wanted:
        key = f"{one.dataset_id}/{one.table}"
        values[f"rows/{key}"] = one.rows
        values[f"first/{key}"] = one.first_day.isoformat() if one.first_day else ""
        values[f"last/{key}"] = one.last_day.isoformat() if one.last_day else ""
    values["linkage"] = view.project.answers.linkage
    chosen = [f"{one.dataset_id}/{one.table}/{name}" for one in view.project.wanted for name in one.columns]
    return _page(request, view, words=words.strip()[:100], typed=Typed(chosen=frozenset(chosen), values=values))


@router.post(PAGE)
def save(request: Request, ctx: Ctx, desk: Desk, project_id: str, fields: FormFields) -> Response:
    """Save the columns; then filter, or go on to the next part."""
    act, words = fields.text("act"), fields.text("words")[:100]
    view = service.view_application(ctx, desk, project_id)
    ticked = _after(act, frozenset(fields.many("columns")), view.datasets, words)
    typed = {**fields, "columns": sorted(ticked)}
    try:
        service.save_application(
            ctx, desk, project_id, page=completeness.DATA, typed=typed, version=fields.number("version") or 0
        )
    except Invalid as error:
        again = Typed(chosen=ticked, values=dict(fields))
        return _page(request, view, words=words, typed=again, errors=error.fields)
    there = f"/projects/{project_id}/application"
    if act:
        return see_other(f"{there}/data?{urlencode({'words': words})}")
    return see_other(there if fields.text("then") == "list" else f"{there}/settings", flash="Saved.")


@router.post("/projects/columns")
def carry_over(ctx: Ctx, desk: Desk, fields: FormFields) -> Response:
    """Put columns that were chosen in the catalogue into an application, one that is begun or a new one."""
    there, added = service.ask_for_columns(ctx, desk, project_id=fields.text("project"), columns=fields.many("columns"))
    said = (
        "They were in your application already." if not added else f"{added} column{'' if added == 1 else 's'} added."
    )
    return see_other(f"/projects/{there}/application/data", flash=said)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What the form shows: the chosen columns as `dataset/table/column`, and the other fields."""

    chosen: frozenset[str]
    values: Mapping[str, object]


def _page(
    request: Request,
    view: service.ProjectView,
    *,
    words: str,
    typed: Typed,
    errors: Mapping[str, str] | None = None,
) -> Response:
    shown = [(one, [_to_pick(one, table, words, typed.chosen) for table in one.tables]) for one in view.datasets]
    context = {
        "view": view,
        "tab": next(one for one in completeness.TABS if one.name == completeness.DATA),
        "tabs": completeness.TABS,
        "version": view.project.version,
        "words": words,
        "linkage": [{"value": code, "text": text} for code, text in choices.LINKAGE.items()],
        "shown": shown,
        "chosen": typed.chosen,
        "found": sum(len(group.columns) for _, tables in shown for one in tables for group in one.groups),
    }
    status = 422 if errors else 200
    return render(request, "projects/form_data.html", context, errors=errors, values=typed.values, status=status)


def _to_pick(dataset: Dataset, table: Table, words: str, chosen: frozenset[str]) -> TableToPick:
    key = f"{dataset.dataset_id}/{table.name}"
    mine = frozenset(one.name for one in table.columns if f"{key}/{one.name}" in chosen)
    groups = picking.groups(table.columns, words=words, chosen=mine)
    visible = {column.name for group in groups for column in group.columns}
    return TableToPick(key=key, table=table, groups=groups, hidden=tuple(sorted(mine - visible)), chosen=mine)


def _after(act: str, ticked: frozenset[str], datasets: tuple[Dataset, ...], words: str) -> frozenset[str]:
    """Return what is chosen after `choose` or `clear`, which act on all columns that match the words."""
    if act not in {"choose", "clear"}:
        return ticked
    shown = frozenset(
        f"{one.dataset_id}/{table.name}/{column.name}"
        for one in datasets
        for table in one.tables
        for column in table.columns
        if picking.matches(column, words)
    )
    return ticked | shown if act == "choose" else ticked - shown
