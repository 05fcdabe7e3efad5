"""Owns the commands on contracts: check one, draft one, print the form. Must never load data, nor print a value of a file."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tre.data.contracts import FOLDER, read_contract
from tre.data.contracts.drafting import flagged, write_draft
from tre.data.contracts.reading import SCHEMA
from tre.data.domain.contract import Contract
from tre.kernel.errors import Invalid, NotFound


def add_commands(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `contract` and what it can do to the commands of `tre data`."""
    words = verbs.add_parser("contract", help="contracts of datasets").add_subparsers(required=True, metavar="VERB")
    checking = words.add_parser("check", help="say what is wrong with a contract: file, line, column, remedy")
    checking.add_argument("file", type=Path, help="contract in YAML, or the name of one that ships")
    checking.set_defaults(run=check)
    drafting = words.add_parser("infer", help="draft a contract from files, with a reason for each class")
    drafting.add_argument("path", type=Path, help="CSV or Parquet file, or a folder of them")
    drafting.add_argument("--dataset", default="draft", help="id of the dataset (default: draft)")
    drafting.add_argument("--custodian", default="custodian", help="person id of its custodian")
    drafting.set_defaults(run=infer)
    words.add_parser("schema", help="print the JSON Schema of contracts").set_defaults(run=print_schema)


def check(given: argparse.Namespace) -> int:
    """Print what the contract says in short, or every fault with its place; return 0 or 1."""
    try:
        contract = read_contract(_found(given.file))
    except Invalid as error:
        for where, sentence in sorted(error.fields.items(), key=lambda one: _place(one[0])):
            print(f"{where}: {sentence}", file=sys.stderr)
        return 1
    print("\n".join(_told(contract)))
    return 0


def infer(given: argparse.Namespace) -> int:
    """Print a draft; tell on standard error what may name a person.

    Raises:
        NotFound: there is no file to draft from.
        Invalid: a file cannot be read.
    """
    from tre.data.domain.inferring.propose import propose
    from tre.data.engine.duck import open_engine
    from tre.data.engine.inferring import measure_file

    with TemporaryDirectory() as scratch, open_engine(Path(scratch)) as engine:
        draft = propose([measure_file(engine, one) for one in _files(given.path)])
    print(write_draft(draft, dataset=given.dataset, custodian=given.custodian), end="")
    for table, column, why in flagged(draft):
        print(f"{table}.{column}: {why}", file=sys.stderr)
    return 0


def print_schema(_given: argparse.Namespace) -> int:
    """Print the published form."""
    print(SCHEMA.read_text(encoding="utf-8"), end="")
    return 0


def _found(path: Path) -> Path:
    ships = FOLDER / f"{path}.yaml"
    return ships if not path.exists() and path.name == str(path) and ships.exists() else path


def _files(path: Path) -> list[Path]:
    endings = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".parquet")
    found = sorted(one for one in path.iterdir() if one.name.endswith(endings)) if path.is_dir() else [path]
    if not found or not all(one.is_file() for one in found):
        raise NotFound(
            f"There is no CSV or Parquet file at {path}: give a file or a folder.", code="data.infer.no_file"
        )
    return found


def _place(where: str) -> tuple[int, ...]:
    return tuple(int(one) for one in where.split(":")[1:] if one.isdigit())


def _told(contract: Contract) -> list[str]:
    persons = sum(table.has_person for table in contract.tables)
    columns = [column for table in contract.tables for column in table.columns]
    lines = [
        f"{contract.title} ({contract.dataset}, version {contract.version}): the contract is sound.",
        f"{len(contract.tables)} tables, {persons} about persons; {len(columns)} columns:",
    ]
    kinds = sorted({column.kind for column in columns})
    lines += [f"  {kind}: {sum(one.kind == kind for one in columns)}" for kind in kinds]
    lines += [f"Not loaded: {one.file}. {one.reason}" for one in contract.withheld]
    return lines
