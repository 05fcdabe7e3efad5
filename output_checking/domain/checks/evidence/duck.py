"""The one module of the engine that opens DuckDB: which bytes are read, and as what.

Must never write a file beside the data, load an extension, or let an error of the database through as a traceback.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from numpy.typing import NDArray

from output_checking.domain.checks.refusal import CannotJudge

Row = tuple[Any, ...]
Columns = Mapping[str, NDArray[Any]]
VIEW = "output_checking_source"
MEMORY = "640MB"  # a table of 10,000 cells over 10 million records stays under 1 GB, the process included
_PARQUET, _DUCKDB = b"PAR1", b"DUCK"
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
                f"{called} '{column}' is not in the data. There are: {there}.", code="source.column_missing"
            )
        return column

    def is_number(self, column: str) -> bool:
        """Say whether a column holds numbers."""
        return self.types[column].startswith(_NUMBERS)

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
            yield Source(connection, _opened(connection, path, table), person=person)
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


def _opened(connection: duckdb.DuckDBPyConnection, path: Path, table: str) -> str:
    head = _head(path)
    try:
        if head.startswith(_PARQUET):
            connection.execute(f"create view {VIEW} as select * from read_parquet({text(str(path))})")
        elif head[8:12] == _DUCKDB:
            return _attached(connection, path, table)
        else:
            _refuse_other_kinds(path, head)
            connection.execute(
                f"create view {VIEW} as select * from read_csv({text(str(path))}, header = true, sample_size = -1)"
            )
    except duckdb.Error as error:
        raise _unreadable(error) from error
    return VIEW


def _attached(connection: duckdb.DuckDBPyConnection, path: Path, table: str) -> str:
    connection.execute(f"attach {text(str(path))} as given (read_only)")
    connection.execute("set search_path = 'memory.main,given.main'")
    found = connection.execute(
        "select table_name from information_schema.tables where table_catalog = 'given' order by 1"
    ).fetchall()
    names = [name for (name,) in found]
    wanted = table or (names[0] if len(names) == 1 else "")
    if wanted not in names:
        raise CannotJudge(
            f"Say which table of the file is meant (--table). There are: {', '.join(names) or 'none'}.",
            code="source.table_missing",
        )
    return f"given.{quoted(wanted)}"


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise CannotJudge(
            f"The data '{path.name}' cannot be opened: {error.strerror}.", code="source.absent"
        ) from error
    if not head:
        raise CannotJudge(f"The data '{path.name}' is empty.", code="source.empty")
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
    # the first line says what is wrong; later ones quote the file's own cells
    first = str(error).split("\n", 1)[0]
    kind = (
        first.split(":", 1)[0]
        if isinstance(error, duckdb.ConversionException | duckdb.InvalidInputException)
        else first
    )
    return CannotJudge(f"The data cannot be read: {kind[:300]}.", code="source.unreadable")
