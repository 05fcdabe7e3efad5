"""Owns what is kept of persons' names when a dataset is loaded: marks of words, sealed in the vault. Must never keep a name.

The scan of free text knows by them the names of the person whom a row is about. They are read from the raw files once more,
and only where some contract of the namespace has free text: all others cost nothing.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tre.data.domain.contract import PERSON, Column, ColumnClass, Contract, Table
from tre.data.domain.free_text import words_of
from tre.data.engine import faults
from tre.data.engine.cleaning import IDENTIFIER
from tre.data.engine.duck import Connection, EngineError, name, open_engine
from tre.data.engine.folders import Folders
from tre.data.engine.raw import RawFolder, relation, sources, unreadable
from tre.data.engine.vault import Vault

_BATCH = 1 << 14
_NAMED = re.compile(r"(?i)(^|[^a-z])(names?|(fore|sur|maiden)names?|alias|initials)([^a-z]|$)|[a-z]names?([^a-z]|$)")
_ONE_WORD = re.compile(r"[^\W_]{5,}")


def has_free_text(contracts: Iterable[Contract], namespace: str) -> bool:
    """Say whether some table about persons of the namespace has free text."""
    return any(
        table.free_text and table.has_person
        for contract in contracts
        if contract.namespace == namespace
        for table in contract.tables
    )


def keep_names(contract: Contract, raw: Path, *, folders: Folders, vault: Vault) -> None:
    """Keep the marks of direct identifiers in the raw files of a dataset that was loaded from them just now.

    Of a column that holds names (its name or meaning says so) each word counts. Of any other only a value that is one long word
    counts, as a hospital number is, in a table with one row a person: keys of events are too many to be anybody's name. A
    table that names its person through another table's row is left out.

    Raises:
        Invalid: a file cannot be read any more.
    """
    files = RawFolder(raw, folders.scratch)
    tables = [one for one in contract.tables if _direct(one) and one.has_person and not one.person_of]
    try:
        files.look({one.file: one.dialect for one in tables}, told=lambda _file, _size: None)
        with open_engine(folders.scratch) as engine:
            for table in tables:
                if files.has(table.file):
                    _keep(engine, contract, table, files=files, vault=vault)
    finally:
        files.remove_copies()


def _direct(table: Table) -> list[Column]:
    """Return the direct identifiers that are noted."""
    is_of_persons = table.has_person and table.key == (table.person_column.name,)
    direct = (one for one in table.columns if one.kind == ColumnClass.DIRECT_IDENTIFIER)
    return [one for one in direct if is_of_persons or _is_name(one)]


def _is_name(column: Column) -> bool:
    return _NAMED.search(f"{column.name} {column.meaning}") is not None


def _keep(engine: Connection, contract: Contract, table: Table, *, files: RawFolder, vault: Vault) -> None:
    columns = _direct(table)
    rows = relation(files.file(table.file), sources(table), may_lack=table.may_lack)
    values = ", ".join(f"CAST({name(one.source)} AS VARCHAR) AS {name(one.name)}" for one in columns)
    raw = f"SELECT trim({name(table.person_column.source)}) AS {faults.PERSON_RAW}, {values} FROM {rows}"
    try:
        engine.register("register_now", _register(vault, contract.namespace))
        engine.execute("CREATE OR REPLACE TEMP TABLE numbers_of AS SELECT * FROM register_now")
        engine.unregister("register_now")
        found = engine.execute(
            f"SELECT DISTINCT n.{PERSON}, {', '.join(f'r.{name(one.name)}' for one in columns)} "
            f"FROM (SELECT *, {faults.identifier(faults.PERSON_RAW)} AS {IDENTIFIER} FROM ({raw})) r "
            f"JOIN numbers_of n USING ({IDENTIFIER})"
        )
        pieces = _marks(found.to_arrow_reader(_BATCH), columns)
        vault.keep_names(contract.namespace, f"{contract.dataset}.{table.name}", pieces)
    except EngineError as error:
        raise unreadable(files.file(table.file).path.name, error) from None


def _register(vault: Vault, namespace: str) -> pa.RecordBatchReader:
    schema = pa.schema([(IDENTIFIER, pa.int64()), (PERSON, pa.int64())])
    batches = (pa.record_batch([one.identifiers, one.numbers], schema=schema) for one in vault.persons(namespace))
    return pa.RecordBatchReader.from_batches(schema, batches)


def _marks(batches: pa.RecordBatchReader, columns: list[Column]) -> Iterator[NDArray[np.int64]]:
    named = [_is_name(one) for one in columns]
    for batch in batches:
        people, *values = (column.to_pylist() for column in batch.columns)
        pairs = [
            (person, mark)
            for texts, is_name in zip(values, named, strict=True)
            for person, text in zip(people, texts, strict=True)
            if text and (is_name or _ONE_WORD.fullmatch(text.strip()))
            for mark in words_of(text)
        ]
        yield np.array(pairs, dtype=np.int64).reshape(-1, 2).T
