"""Owns the reading of a list of persons (opt-outs, refusals, consents): identifiers become internal numbers at once.

A list is read as raw files of datasets are: any dialect, encoding and packing, and the same sentences where it cannot be. It
is taken whole or not at all: a row set aside would be a person whose word is ignored. Must never keep an identifier,
nor repeat a line of the file in an error. A person who is in no dataset yet is enrolled too: when their records come, their
word is already there.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tre.data.domain.contract import PERSON
from tre.data.domain.identifiers import VALID
from tre.data.engine.duck import Connection, EngineError, literal, name
from tre.data.engine.folders import Folders, flush, sha256_of
from tre.data.engine.raw import RawFile, RawFolder, heading_of, relation, unreadable
from tre.data.engine.vault import Vault
from tre.kernel.errors import Invalid

FIELD = "list"
IDENTIFIER_NAMES = ("identifier", "nhs_number")
STARTS, ENDS = "effective_from", "withdrawn_on"
_FIRST_LINE = 2
"""The line after the heading, as an editor counts."""


@dataclass(frozen=True, kw_only=True)
class PersonList:
    """A list that is in the store.

    Args:
        sha256: names its file there.
        persons: different persons on it.
        changes_on: days after the day of loading on which an entry begins or ends, in order.
    """

    sha256: str
    persons: int
    changes_on: tuple[date, ...]


def load_person_list(
    engine: Connection, path: Path, *, namespace: str, kind: str, today: date, folders: Folders, vault: Vault
) -> PersonList:
    """Write the list in the file `path` into the store, named by its hash.

    Args:
        path: any kind of raw file with the columns `identifier` (or `nhs_number`), `effective_from` and, where there are
            withdrawals, `withdrawn_on`; days as year-month-day.
        kind: of the identifiers: `nhs_number` or `whole_number`.
        today: the day of loading.

    Raises:
        Invalid: the file cannot be read, has other columns, or a row has no valid identifier or day; nothing is loaded then.
    """
    files = RawFolder(path.parent, folders.scratch)
    try:
        file = files.look_at(path.name)
        rows = engine.execute(_typed(file)).to_arrow_table()
        file.require_unchanged()
    except EngineError as error:
        raise _refuse(unreadable(path.name, error).sentence) from None
    except Invalid as fault:
        raise _refuse(fault.sentence) from None
    finally:
        files.remove_copies()
    _check(rows, kind)
    numbered = _numbered(rows, namespace, vault)
    return _keep(engine, numbered, today=today, folders=folders)


def _columns(file: RawFile) -> dict[str, str]:
    """Return our name to the file's own name of each column."""
    heading = heading_of(file, (*IDENTIFIER_NAMES, STARTS, ENDS))
    by_name = {one.lower(): one for one in heading}
    person = next((by_name[one] for one in IDENTIFIER_NAMES if one in by_name), None)
    is_clear = len(by_name) == len(heading) and all(by_name)
    if person is not None and STARTS in by_name and not is_clear:
        raise _refuse("The heading names a column twice, or leaves one without a name: correct it.")
    if person is None or STARTS not in by_name or set(by_name) - {*IDENTIFIER_NAMES, STARTS, ENDS}:
        raise _refuse(
            f"The heading must be identifier, {STARTS} and, where people withdrew, {ENDS}; no other column is taken, because "
            "a list needs no more than that. Remove or rename the columns."
        )
    return {"identifier": person, STARTS: by_name[STARTS]} | ({ENDS: by_name[ENDS]} if ENDS in by_name else {})


def _typed(file: RawFile) -> str:
    columns = _columns(file)

    def text(one: str) -> str:
        return f"nullif(trim(CAST({name(columns[one])} AS VARCHAR)), '')" if one in columns else "NULL"

    person = f"regexp_replace({text('identifier')}, '[ -]', '', 'g')"
    whole = f"CASE WHEN regexp_full_match({person}, '[0-9]{{1,15}}') THEN CAST({person} AS BIGINT) END"
    return (
        f"SELECT {whole} AS identifier, length({person}) AS digits, TRY_CAST({text(STARTS)} AS DATE) AS {STARTS}, "
        f"TRY_CAST({text(ENDS)} AS DATE) AS {ENDS}, {text(ENDS)} IS NOT NULL AS is_ended "
        f"FROM {relation(file, heading_of(file, list(columns.values())))}"
    )


def _check(rows: pa.Table, kind: str) -> None:
    """Refuse the list where a row does not fit; the first such line is named, its content never."""
    if not rows.num_rows:
        raise _refuse("The list has no rows: where nobody is on it any more, load one with the withdrawals.")
    numbers = rows["identifier"].fill_null(0).to_numpy()
    starts = rows[STARTS].is_null().to_numpy()
    ends = rows[ENDS].is_null().to_numpy() & rows["is_ended"].to_numpy()
    backwards = pc.less(rows[ENDS], rows[STARTS]).fill_null(fill_value=False).to_numpy()
    faults = (
        (~VALID[kind](numbers), "has no valid identifier"),
        (starts, f"has no day in {STARTS}, written as year-month-day"),
        (ends, f"has no day in {ENDS}, written as year-month-day"),
        (backwards, "was withdrawn before it began"),
    )
    for wrong, says in faults:
        if wrong.any():
            line = int(np.argmax(wrong)) + _FIRST_LINE
            others = f", and {int(wrong.sum()) - 1:,} more rows do" if wrong.sum() > 1 else ""
            raise _refuse(
                f"Line {line} {says}{others}. Every person's word counts: nothing was loaded, have the list mended."
            )


def _numbered(rows: pa.Table, namespace: str, vault: Vault) -> pa.Table:
    """Return the rows with internal numbers in the place of identifiers."""
    identifiers = rows["identifier"].to_numpy()
    register = vault.enrol(namespace, np.unique(identifiers))
    numbers = register.numbers[np.searchsorted(register.identifiers, identifiers)]
    return pa.table({PERSON: numbers, STARTS: rows[STARTS], ENDS: rows[ENDS]})


def _keep(engine: Connection, rows: pa.Table, *, today: date, folders: Folders) -> PersonList:
    part = folders.scratch / "person-list.parquet"
    engine.register("listed_now", rows)
    engine.execute(
        f"COPY (SELECT DISTINCT {PERSON}, {STARTS}, {ENDS} FROM listed_now ORDER BY ALL) TO {literal(part)} (FORMAT parquet)"
    )
    later = engine.execute(
        f"SELECT DISTINCT day FROM (SELECT {STARTS} AS day FROM listed_now UNION ALL SELECT {ENDS} FROM listed_now) "
        f"WHERE day > DATE '{today.isoformat()}' ORDER BY day"
    ).fetchall()
    engine.unregister("listed_now")
    sha256 = sha256_of(part)
    final = folders.opt_outs(sha256)
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flush(part)
    part.rename(final)
    flush(final.parent)
    persons = len(np.unique(rows[PERSON].to_numpy()))
    return PersonList(sha256=sha256, persons=persons, changes_on=tuple(day for (day,) in later))


def _refuse(sentence: str) -> Invalid:
    return Invalid({FIELD: sentence}, code="data.opt_outs.invalid")
