"""The one module of the engine that opens DuckDB: which bytes are read, and as what.

Must never write a file beside the data, load an extension, or let an error of the database through as a traceback.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from numpy.typing import NDArray

from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.suggestion import nearest

Row = tuple[Any, ...]
Columns = Mapping[str, NDArray[Any]]
VIEW = "output_checking_source"
MEMORY = "640MB"  # a table of 10,000 cells over 10 million records stays under 1 GB, the process included
_PARQUET, _DUCKDB = b"PAR1", b"DUCK"
_CSV = "header = true, sample_size = -1, hive_partitioning = false, compression = 'none'"
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
            "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL")  # fmt: skip


def quoted(name: str) -> str:
    """Return a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


class Source:
    """The records of an output, one row for each.

    Args:
        connection: where they can be read; closed by whoever opened it.
        relation: SQL name of the table or view.
        person: the column that says whose record it is.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, relation: str, *, person: str) -> None:
        self._connection = connection
        self.relation = relation
        described = self.rows(f"describe select * from {relation}")
        self.types: Mapping[str, str] = {name: kind for name, kind, *_ in described}
        if not self.rows(f"select 1 from {relation} limit 1"):
            raise CannotJudge("The data holds no records.", code="source.no_records")
        self.person = self.named(person, called="The person column")

    def named(self, column: str, *, called: str = "The column") -> str:
        """Return a column's name.

        Raises:
            CannotJudge: `source.column_missing`.
        """
        if column not in self.types:
            there = ", ".join(sorted(self.types)[:30])
            raise CannotJudge(
                f"{called} '{column}' is not in the data.{nearest(column, self.types)} There are: {there}.",
                code="source.column_missing",
            )
        return column

    def is_number(self, column: str) -> bool:
        """Say whether a column holds numbers."""
        kind = self.types[column]
        return kind.startswith(_NUMBERS) and not kind.endswith("]")  # a list of numbers is none

    def is_float(self, column: str) -> bool:
        """Say whether a column can hold NaN and infinities."""
        return self.types[column] in {"FLOAT", "DOUBLE"}

    def rows(self, statement: str) -> list[Row]:
        """Return the rows of a statement.

        Raises:
            CannotJudge: `source.unreadable` when DuckDB cannot do it.
        """
        try:
            return self._connection.execute(statement).fetchall()
        except duckdb.Error as error:
            raise _unreadable(error) from error

    def columns(self, statement: str) -> Columns:
        """Return the columns of a statement as arrays, masked where a value is missing.

        Raises:
            CannotJudge: `source.unreadable` when DuckDB cannot do it.
        """
        try:
            return self._connection.execute(statement).fetchnumpy()
        except duckdb.Error as error:
            raise _unreadable(error) from error


@contextmanager
def open_file(path: Path, *, person: str, table: str = "") -> Iterator[Source]:
    """Open a Parquet, CSV or DuckDB file, told by its bytes.

    Args:
        table: the table or view of a DuckDB file; may be left out where there is only one.

    Raises:
        CannotJudge: `source.…` when it is not there, not what its name says, or empty of columns.
    """
    with tempfile.TemporaryDirectory(prefix="output-checking-") as folder:
        connection = _connected(Path(folder))
        try:
            yield Source(connection, _opened(connection, path, table, spill=Path(folder)), person=person)
        finally:
            connection.close()


@contextmanager
def lend(connection: duckdb.DuckDBPyConnection, relation: str, *, person: str) -> Iterator[Source]:
    """Take the records from a connection that is open already; what the engine makes in it is temporary and begins with `oc_`."""
    yield Source(connection, relation, person=person)


def _connected(spill: Path) -> duckdb.DuckDBPyConnection:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": False,
    }
    return duckdb.connect(config=settings)


def _opened(connection: duckdb.DuckDBPyConnection, path: Path, table: str, *, spill: Path) -> str:
    head = _head(path)
    if head[8:12] == _DUCKDB:
        return _attached(connection, path, table)
    if table:
        raise CannotJudge(
            f"The data '{_name(path)}' is not a DuckDB file and holds one table only: leave --table out.",
            code="source.table_missing",
        )
    given = path
    if not head.startswith(_PARQUET):
        _refuse_other_kinds(path, head)
        given = spill / "read.parquet"
        with _sound(path, "CSV"):  # guessed and read once, not again at each of the engine's questions
            connection.execute(
                f"copy (select * from read_csv({_only(path)}, {_CSV})) to {text(str(given))} (format parquet)"
            )
    with _sound(path, "Parquet"):
        connection.execute(
            f"create view {VIEW} as select * from read_parquet({_only(given)}, hive_partitioning = false)"
        )
    return VIEW


def _only(path: Path) -> str:
    # DuckDB takes * ? [ in a path for a pattern, and would read other files than the one that is named
    return text(re.sub(r"[*?\[]", lambda sign: f"[{sign[0]}]", str(path.resolve())))


def _attached(connection: duckdb.DuckDBPyConnection, path: Path, table: str) -> str:
    with _sound(path, "DuckDB"):
        connection.execute(f"attach {text(str(path.resolve()))} as given (read_only)")
        connection.execute("set search_path = 'memory.main,given.main'")
        found = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_catalog = 'given' order by 1, 2"
        ).fetchall()
    names = {(f"{schema}." if schema != "main" else "") + name: (schema, name) for schema, name in found}
    wanted = table or (next(iter(names)) if len(names) == 1 else "")
    if wanted not in names:
        raise CannotJudge(
            f"Say which table of the file is meant (--table).{nearest(table, names) if table else ''} "
            f"There are: {', '.join(names) or 'none'}.",
            code="source.table_missing",
        )
    return "given." + ".".join(map(quoted, names[wanted]))


@contextmanager
def _sound(path: Path, kind: str) -> Iterator[None]:
    """Say in words what is wrong with a file that cannot be opened as what its first bytes say it is."""
    try:
        yield
    except duckdb.Error as error:
        known = {
            "Could not set lock": "another program has it open for writing; close it there",
            "version number": "it was written by another version of DuckDB; write it again as Parquet",
        }
        damaged = "it is damaged or not whole; copy or write it again"
        why = next((why for sign, why in known.items() if sign in str(error)), damaged)
        raise CannotJudge(
            f"The data '{_name(path)}' cannot be read as {kind}: {why}.", code="source.unreadable"
        ) from error


def _name(path: Path) -> str:
    return path.name or str(path)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "there is no file of such a name"
        raise CannotJudge(f"The data '{_name(path)}' cannot be opened: {why}.", code="source.absent") from error
    if not head:
        raise CannotJudge(f"The data '{_name(path)}' is empty.", code="source.empty")
    return head


def _refuse_other_kinds(path: Path, head: bytes) -> None:
    is_named_otherwise = path.suffix.lower() in {".parquet", ".duckdb", ".db", ".pq"}
    try:
        head[: head.rfind(b"\n") + 1 or None].decode("utf-8")
        is_text = b"\0" not in head
    except UnicodeDecodeError:
        is_text = False
    if is_named_otherwise or not is_text:
        raise CannotJudge(
            f"The data '{path.name}' is not what its name says: it is neither Parquet, nor a DuckDB file, nor CSV in UTF-8.",
            code="source.not_what_it_says",
        )


def _unreadable(error: Exception) -> CannotJudge:
    # the first line says what is wrong; later ones quote the file's own cells, and these two kinds do so at once
    first = str(error).split("\n", 1)[0]
    if isinstance(error, duckdb.ConversionException | duckdb.InvalidInputException):
        place = re.search(r"on [Ll]ine:? (\d+)", first)
        first = (f"line {place[1]}: " if place else "") + "a value is not what its column holds, or the file is damaged"
    return CannotJudge(f"The data cannot be read: {first[:300].rstrip('.!')}.", code="source.unreadable")
