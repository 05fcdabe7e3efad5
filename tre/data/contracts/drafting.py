"""Owns how a draft becomes the text of a contract, with its reasons as remarks. Must never write a value but those of the draft."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tre.data.domain.contract import PERSON, ColumnClass
from tre.data.domain.inferring.drafts import ColumnDraft, Draft, TableDraft

_HEAD = """\
# Drafted from files: look at every line, above all those marked with CHECK, before anything is loaded by it.
# docs/contracts.md tells what each field and class means. Try it with: tre data contract check FILE
contract: 1
version: 1
dataset: {dataset}
title: {title}
summary: Say what these data are, about whom, and from when to when.
source: Say where they come from.
custodian: {custodian}
legal_basis: Say on what basis they are held and used.
identifier: {{kind: {kind}, namespace: {namespace}}}
# An empty list is a statement that no opt-out applies: name those that do.
opt_outs: []
quarantine_limit: 0.01
"""
_NAMESPACES = {"nhs_number": "nhs-number"}
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9 _-]*")
_WORDS = {"yes", "no", "true", "false", "on", "off", "null", "y", "n"}


def write_draft(draft: Draft, *, dataset: str, custodian: str) -> str:
    """Return the draft as the text of a contract, which `tre data contract check` takes.

    Args:
        dataset: its id.
        custodian: person id of whoever will decide on its use.
    """
    kind = draft.identifier_kind
    title = dataset.replace("_", " ").capitalize()
    namespace = _NAMESPACES.get(kind, f"{dataset.replace('_', '-')}-person")
    head = _HEAD.format(dataset=dataset, title=title, custodian=custodian, kind=kind, namespace=namespace)
    lines = [f"# CHECK {one}" for one in draft.why]
    lines.append("tables:")
    for table in draft.tables:
        lines += _table(table)
    return head + "\n".join(lines) + "\n"


def flagged(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """Yield (table, column, why) of each column that may name a person."""
    for table in draft.tables:
        for column in table.columns:
            if column.is_identifier:
                yield table.stem, column.source, " ".join(column.why)


def _table(table: TableDraft) -> Iterator[str]:
    names = _names(table)
    yield f"  - name: {_name(table.stem).lower()}"
    yield "    meaning: Say what one row is."
    yield f"    file: {table.stem}"
    yield from (f"    # CHECK {one}" for one in table.why)
    if all(one.kind != ColumnClass.PERSON_IDENTIFIER for one in table.columns):
        yield "    about: reference"
    if table.key:
        yield f"    key: [{', '.join(names[one] for one in table.key)}]"
    yield "    columns:"
    for column in table.columns:
        mark = "CHECK " if column.is_identifier else ""
        yield from (f"      # {mark}{one}" for one in column.why)
        yield f"      - {_flow(_fields(column, names[column.source]))}"


def _fields(column: ColumnDraft, name: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": name}
    if name != column.source:
        fields["from"] = column.source
    if column.kind != ColumnClass.PLAIN:
        fields["class"] = str(column.kind)
    fields["type"] = str(column.type)
    fields["meaning"] = column.source.replace("_", " ").strip().capitalize() or name
    return {**fields, **column.extra}


def _names(table: TableDraft) -> Mapping[str, str]:
    """Return source to a name that a contract takes, each used once."""
    names: dict[str, str] = {}
    for column in table.columns:
        name = _name(column.source)
        if name.lower() == PERSON and column.kind != ColumnClass.PERSON_IDENTIFIER:
            name += "_value"
        taken = {one.lower() for one in names.values()}
        names[column.source] = next(
            one for one in (name, *(f"{name}_{number}" for number in range(2, 10_000))) if one.lower() not in taken
        )
    return names


def _name(text: str) -> str:
    name = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:50] or "column"
    return name if name[0].isalpha() else f"c_{name}"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    if isinstance(value, str) and (not _BARE.fullmatch(value) or value.lower() in _WORDS or value.endswith(" ")):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
