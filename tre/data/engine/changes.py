"""Owns what changed between two versions of a dataset in the store: rows that came, rows that went, whose they are.

It is noted once, at loading. Whatever is built on a version is brought up to the next one by these rows alone. Must never look at more than the two
versions, nor need more memory for more rows: the engine groups rows by a hash of 128 bits and spills.
"""

import json
from pathlib import Path

from tre.data.domain.contract import PERSON, Contract
from tre.data.engine.candidates import people_of_version
from tre.data.engine.duck import Connection, count_of, literal, name, open_engine
from tre.data.engine.folders import Folders, published

CAME, WENT = "came", "went"
FORM = 2
"""Of a note: one of another form counts as none."""
_PEOPLE = "people"


def note_changes(contract: Contract, before: str, after: str, *, folders: Folders) -> Path:
    """Note what changed from version `before` to `after`; return the folder, which is there whole or not at all."""
    folder = folders.changes(contract.dataset, before, after)
    if folder.exists() or before == after:
        return folder
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with published(folder) as part, open_engine(folders.scratch) as engine:
        tables = {}
        for table in contract.tables:
            old, new = (folders.version(contract.dataset, one) / f"{table.name}.parquet" for one in (before, after))
            tables[table.name] = _note_table(engine, old, new, part / table.name) if _alike(engine, old, new) else None
            if tables[table.name] and table.has_person:
                for which, other in ((CAME, before), (WENT, after)):
                    there = people_of_version(contract.dataset, other, table.name, folders)
                    _note_people(engine, part, table.name, which, there=there)
        said = {"form": FORM, "before": before, "after": after, "tables": tables}
        (part / "changes.json").write_text(json.dumps(said))
    return folder


def noted(folders: Folders, dataset: str, before: str, after: str) -> dict[str, dict[str, int] | None]:
    """Return table to counts of rows that came and went; None beside a table that is not comparable; empty where nothing was noted."""
    path = folders.changes(dataset, before, after) / "changes.json"
    if not path.exists():
        return {}
    said = json.loads(path.read_text())
    found: dict[str, dict[str, int] | None] = said["tables"] if said.get("form") == FORM else {}
    return found


def changed_rows(folder: Path, table: str, which: str) -> str:
    """Return the relation of the rows that came or went."""
    return f"read_parquet({literal(folder / f'{table}.{which}.parquet')})"


def changed_people(folder: Path, table: str, which: str) -> str:
    """Return the relation of the persons of the rows that came or went, each once.

    Columns `number`, `rows`, and `there`: whether the person was in the table before (of rows that came), or is in it still.
    """
    return f"read_parquet({literal(folder / f'{table}.{which}.{_PEOPLE}.parquet')})"


def _alike(engine: Connection, old: Path, new: Path) -> bool:
    """Say whether both versions have the table with the same columns of the same types."""
    if not (old.exists() and new.exists()):
        return False
    shapes = [engine.execute(f"DESCRIBE FROM read_parquet({literal(one)})").fetchall() for one in (old, new)]
    return shapes[0] == shapes[1]


def _note_table(engine: Connection, old: Path, new: Path, stem: Path) -> dict[str, int]:
    columns = [str(one[0]) for one in engine.execute(f"DESCRIBE FROM read_parquet({literal(new)})").fetchall()]
    row = ", ".join(name(one) for one in columns)
    signed = " UNION ALL ".join(
        f"SELECT hash({row}) AS one, hash('other', {row}) AS other, {sign} AS sign FROM read_parquet({literal(path)})"
        for sign, path in ((1, new), (-1, old))
    )
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE changed AS SELECT one, other, CAST(sum(sign) AS BIGINT) AS surplus "
        f"FROM ({signed}) GROUP BY one, other HAVING sum(sign) <> 0"
    )
    counts = {}
    for which, path, sign in ((CAME, new, 1), (WENT, old, -1)):
        into = stem.with_name(f"{stem.name}.{which}.parquet")
        engine.execute(f"COPY ({_surplus(path, row, sign)}) TO {literal(into)} (FORMAT parquet)")
        counts[which] = count_of(engine, f"read_parquet({literal(into)})")
    engine.execute("DROP TABLE changed")
    return counts


def _surplus(path: Path, row: str, sign: int) -> str:
    """Return a SELECT of the rows that one version has more of: of equal rows, as many as it has more."""
    hashed = f"SELECT {row}, hash({row}) AS h_one, hash('other', {row}) AS h_other FROM read_parquet({literal(path)})"
    return (
        f"SELECT {row} FROM (SELECT h.*, c.surplus FROM ({hashed}) h JOIN changed c "
        f"ON c.one = h.h_one AND c.other = h.h_other WHERE c.surplus * {sign} > 0) "
        f"QUALIFY row_number() OVER (PARTITION BY h_one, h_other) <= surplus * {sign}"
    )


def _note_people(engine: Connection, part: Path, table: str, which: str, *, there: str) -> None:
    """Note whose the rows are that came or went.

    Args:
        there: SELECT of the persons (column `number`) of the table in the other version.
    """
    counted = f"SELECT {PERSON} AS number, count(*) AS rows FROM {changed_rows(part, table, which)} GROUP BY {PERSON}"
    known = f"SELECT number, rows, number IN ({there}) AS there FROM ({counted}) ORDER BY number"
    into = literal(part / f"{table}.{which}.{_PEOPLE}.parquet")
    engine.execute(f"COPY ({known}) TO {into} (FORMAT parquet, COMPRESSION uncompressed)")
