"""Owns how each page of an application is checked against persons and catalogue and written. Must never ask the gate."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from tre.kernel.errors import Invalid, NotFound
from tre.kernel.expression import parse
from tre.people import service as people
from tre.plumbing.unit_of_work import Unit
from tre.projects.domain import completeness, tabs
from tre.projects.domain.project import Member, Wanted
from tre.projects.domain.reading import Typed
from tre.projects.ports import Dataset
from tre.projects.service.desk import ProjectsDesk
from tre.projects.service.loading import value_of, write_answers, write_members, write_wanted
from tre.projects.tables import ProjectRow

Writer = Callable[[Unit, ProjectsDesk, ProjectRow, Typed], None]


def refresh_custodians(unit: Unit, desk: ProjectsDesk, row: ProjectRow) -> None:
    """Take over who is custodian now, and refuse what the catalogue no longer has."""
    known = _by_id(desk.catalogue.datasets(unit))
    project = value_of(row)
    for one in project.wanted:
        _require_columns(known, one.dataset_id, one.table, one.columns)
    now = [replace(one, custodian_id=known[one.dataset_id].custodian_id) for one in project.wanted]
    write_wanted(row, now)


def _write_people(unit: Unit, _desk: ProjectsDesk, row: ProjectRow, typed: Typed) -> None:
    page = tabs.read_people(typed)
    added = [_member(unit, text) for text in page.add]
    removed = set(page.remove) - {row.lead_id}  # the lead cannot leave their own application
    members = {one.person_id: one for one in added}
    members |= {one.person_id: one for one in value_of(row).members}
    write_members(row, [one for person, one in members.items() if person not in removed])
    write_answers(row, {"organisation": page.organisation})


def _member(unit: Unit, text: str) -> Member:
    try:
        person = people.person_named(unit, text.lower())
    except NotFound:
        raise Invalid(
            {"add": f"There is nobody with the short name {text!r} here. It stands on their page Your standing."},
            code="projects.member.unknown",
        ) from None
    return Member(person_id=person.person_id, may_download=False)


def _write_project(_unit: Unit, _desk: ProjectsDesk, row: ProjectRow, typed: Typed) -> None:
    write_answers(row, tabs.read_project(typed))


def _write_settings(unit: Unit, _desk: ProjectsDesk, row: ProjectRow, typed: Typed) -> None:
    write_answers(row, tabs.read_settings(typed, today=unit.now.date()))


def _write_outputs(_unit: Unit, _desk: ProjectsDesk, row: ProjectRow, typed: Typed) -> None:
    page = tabs.read_outputs(typed)
    members = value_of(row).member_ids
    if not set(page.may_download) <= set(members):
        raise Invalid({"may_download": "Choose from the members of the project"})
    write_members(row, [Member(person_id=one, may_download=one in page.may_download) for one in members])
    write_answers(row, {"expected_outputs": page.expected_outputs, "publication": page.publication})


def _write_data(unit: Unit, desk: ProjectsDesk, row: ProjectRow, typed: Typed) -> None:
    page = tabs.read_data(typed)
    known = _by_id(desk.catalogue.datasets(unit))
    for (dataset, table), columns in page.columns.items():
        _require_columns(known, dataset, table, columns)
        _require_rows(known, dataset, table, page.rows[dataset, table])
    write_wanted(
        row,
        [
            Wanted(
                dataset_id=dataset,
                table=table,
                columns=columns,
                why=page.why[dataset, table],
                custodian_id=known[dataset].custodian_id,
                rows=page.rows[dataset, table],
                first_day=page.period[dataset, table][0],
                last_day=page.period[dataset, table][1],
            )
            for (dataset, table), columns in page.columns.items()
        ],
    )
    if page.linkage:
        write_answers(row, {"linkage": page.linkage})


def add_columns(unit: Unit, desk: ProjectsDesk, row: ProjectRow, typed: Typed) -> int:
    """Ask for more columns of the catalogue, and leave all else as it is; return how many are new.

    Raises:
        Invalid: the catalogue has no such column.
    """
    page, known = tabs.read_data(typed), _by_id(desk.catalogue.datasets(unit))
    wanted = {(one.dataset_id, one.table): one for one in value_of(row).wanted}
    before = sum(len(one.columns) for one in wanted.values())
    for (dataset, table), columns in page.columns.items():
        _require_columns(known, dataset, table, columns)
        asked = wanted.get((dataset, table)) or Wanted(
            dataset_id=dataset, table=table, columns=(), why="", custodian_id=known[dataset].custodian_id
        )
        wanted[dataset, table] = replace(asked, columns=tuple(dict.fromkeys((*asked.columns, *columns))))
    write_wanted(row, wanted.values())
    return sum(len(one.columns) for one in wanted.values()) - before


def _require_columns(known: Mapping[str, Dataset], dataset: str, table: str, columns: Iterable[str]) -> None:
    tables = {one.name: one for one in known[dataset].tables} if dataset in known else {}
    names = {one.name for one in tables[table].columns} if table in tables else set()
    unknown = sorted(set(columns) - names)
    if unknown:
        raise Invalid({"columns": f"The catalogue has no column {unknown[0]!r} in {dataset}, table {table}"})


def _require_rows(known: Mapping[str, Dataset], dataset: str, table: str, rows: str) -> None:
    """Raise `Invalid` with the place in the expression where it cannot be read, or names what the table has not."""
    if not rows:
        return
    columns = next(one for one in known[dataset].tables if one.name == table).columns
    parse(rows, {one.name: one.compared_as for one in columns if one.compared_as}, field=f"rows/{dataset}/{table}")


def _by_id(datasets: Iterable[Dataset]) -> dict[str, Dataset]:
    return {one.dataset_id: one for one in datasets}


WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        completeness.PEOPLE: _write_people,
        completeness.PROJECT: _write_project,
        completeness.DATA: _write_data,
        completeness.SETTINGS: _write_settings,
        completeness.OUTPUTS: _write_outputs,
    }
)
