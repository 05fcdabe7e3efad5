"""Owns the loading of an opt-out list: identifiers become internal numbers at once. Must never keep the identifiers.

A person on the list who is in no dataset yet is enrolled too: when their records come, the opt-out is already there.
"""

from typing import Any

import pyarrow as pa

from tre.data.domain.contract import PERSON, Column, ColumnClass, ColumnType, Contract, OptOutFile, Table
from tre.data.engine.cleaning import IDENTIFIER, REASON, cleaned, judged
from tre.data.engine.duck import Connection, EngineError, literal
from tre.data.engine.folders import Folders, sha256_of
from tre.data.engine.raw import RawFolder, relation, unreadable
from tre.data.engine.vault import Vault
from tre.kernel.errors import Invalid


def load_opt_outs(
    engine: Connection, contract: Contract, listed: OptOutFile, raw: RawFolder, *, folders: Folders, vault: Vault
) -> dict[str, Any]:
    """Write the list into the store, named by its hash, and return its entry for the manifest.

    Raises:
        Invalid: an identifier or a date is not valid. A list is taken whole or not at all: a row set aside would be a
            person whose refusal is ignored.
    """
    file = raw.file(listed.file)
    table = _as_table(listed)
    rows = cleaned(
        table,
        relation(file, (listed.identifier, listed.effective_from)),
        identifier_kind=contract.identifier_kind,
    )
    try:
        engine.execute(f"CREATE OR REPLACE TEMP TABLE opted_out AS {judged(table, rows)}")
    except EngineError as error:
        raise unreadable(file.path.name, error) from None  # the engine's message repeats the line: never keep it
    bad = engine.execute(f"SELECT count(*) FROM opted_out WHERE {REASON} IS NOT NULL").fetchone()
    if bad and bad[0]:
        sentence = f"{file.path.name}: {bad[0]} rows have no valid identifier or date. Every refusal counts: have the list mended."
        raise Invalid({listed.file: sentence}, code="data.opt_outs.invalid")
    return _keep(engine, contract, listed, folders=folders, vault=vault)


def _keep(
    engine: Connection, contract: Contract, listed: OptOutFile, *, folders: Folders, vault: Vault
) -> dict[str, Any]:
    found = engine.execute(f"SELECT DISTINCT {IDENTIFIER} AS one FROM opted_out").fetchnumpy()["one"]
    register = vault.enrol(contract.namespace, found)
    engine.register("register_now", pa.table({IDENTIFIER: register.identifiers, PERSON: register.numbers}))
    part = folders.scratch / "opt-outs.parquet"
    engine.execute(
        f"COPY (SELECT {PERSON}, min(effective_from) AS effective_from FROM opted_out JOIN register_now USING ({IDENTIFIER}) "
        f"GROUP BY ALL ORDER BY ALL) TO {literal(part)} (FORMAT parquet)"
    )
    engine.unregister("register_now")
    engine.execute("DROP TABLE opted_out")
    sha256 = sha256_of(part)
    final = folders.opt_outs(sha256)
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part.rename(final)
    return {"list": listed.list, "namespace": contract.namespace, "sha256": sha256, "persons": len(found)}


def _as_table(listed: OptOutFile) -> Table:
    person = Column(
        name="person",
        source=listed.identifier,
        kind=ColumnClass.PERSON_IDENTIFIER,
        type=ColumnType.INTEGER,
        meaning="Identifier",
    )
    start = Column(
        name="effective_from",
        source=listed.effective_from,
        kind=ColumnClass.PLAIN,
        type=ColumnType.DATE,
        meaning="Start",
    )
    return Table(
        name="opt_outs", meaning=listed.list, file=listed.file, columns=(person, start), key=("effective_from",)
    )
