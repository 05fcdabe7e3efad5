"""Owns the turning back of a pseudonym: to a person, for a re-identification; to another project's, for a bridge.

Called by the broker alone, after two persons' yes. Must never write an identifier anywhere but into the answer's file, nor
say whether a pseudonym would be another project's.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tre.data.domain.contract import PERSON
from tre.data.domain.disclosure import BridgePlan, Wanted
from tre.data.domain.pseudonym import LENGTH, internal_number, internal_numbers, persons_of, pseudonyms
from tre.data.domain.small_numbers import FEWEST
from tre.data.engine.duck import literal, open_engine
from tre.data.engine.folders import Folders, flush, hand_over, sha256_of, write_whole
from tre.data.engine.vault import Vault
from tre.kernel.errors import Invalid

BRIDGES = "bridges"


def write_answer(wanted: Wanted, *, vault: Vault, folders: Folders) -> None:
    """Find who is behind a pseudonym and write it into a file that the broker's account alone can read.

    Raises:
        Invalid: it was not made for that project, with any key its snapshots were made with; or that person is registered
            no more.
    """
    namespace, identifier = _person_behind(wanted, vault)
    path = answer_file(folders, wanted.request_id)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_whole(path, f"{namespace} {identifier}\n".encode())


def answer_file(folders: Folders, request_id: str) -> Path:
    """Return where an answer lies until it is read."""
    return folders.vault / "answers" / request_id


def lay_bridge(plan: BridgePlan, *, vault: Vault, folders: Folders) -> dict[str, Any]:
    """Write the table of a bridge beside the target's snapshot, in the order of the target's pseudonyms.

    It holds who is in both snapshots and nobody else: an opt-out or a narrower cohort of either project holds for it too.

    Returns:
        `sha256` of the file and `persons` in it, none where fewer than ten: readers of the record may not learn it.
    """
    told, telling = (_persons_in(one.project_id, one.version, folders) for one in (plan.target, plan.source))
    ours, theirs = (
        vault.project_key(one.project_id, key_version=one.key_version) for one in (plan.target, plan.source)
    )
    table = _bridged(telling, told, keys=(theirs, ours), vault=vault)
    folder = folders.snapshot(plan.target.project_id, plan.target.version) / BRIDGES
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{plan.bridge_id}.parquet"
    part = path.with_name(f".{path.name}.part")
    pq.write_table(table, part, compression="zstd")
    flush(part)
    part.rename(path)
    flush(folder)
    hand_over(folder, reader_uid=plan.target.reader_uid)
    return {"sha256": sha256_of(path), "persons": table.num_rows if table.num_rows >= FEWEST else None}


def remove_bridge(bridge_id: str, target_id: str, *, folders: Folders) -> None:
    """Remove a bridge's table from beside every snapshot of the project that was told."""
    for path in (folders.snapshots / target_id).glob(f"*/{BRIDGES}/{bridge_id}.parquet"):
        path.unlink()
        flush(path.parent)


def _person_behind(wanted: Wanted, vault: Vault) -> tuple[str, int]:
    for namespace in vault.namespaces():
        for key_version in wanted.key_versions:
            key = vault.project_key(wanted.project_id, key_version=key_version)
            try:
                number = internal_number(wanted.pseudonym, key, space=persons_of(namespace))
            except Invalid:
                continue
            if (identifier := vault.identifier_of(namespace, number)) is not None:
                return namespace, identifier
    raise Invalid(
        {"pseudonym": "This is not a pseudonym of that project: check the project and the spelling."},
        code="data.pseudonym.unknown",
    )


def _persons_in(project_id: str, version: int, folders: Folders) -> NDArray[np.bytes_]:
    """Return the pseudonyms of everybody in a snapshot, each once, in no order."""
    files = [
        str(path)
        for path in sorted((folders.snapshot(project_id, version) / "tables").rglob("*.parquet"))
        if PERSON in pq.read_schema(path).names
    ]
    if not files:
        return np.empty(0, dtype=f"S{LENGTH}")
    listed = ", ".join(literal(one) for one in files)
    with open_engine(folders.scratch) as engine:
        found = engine.execute(
            f"SELECT DISTINCT {PERSON} FROM read_parquet([{listed}], union_by_name=true) WHERE length({PERSON}) = {LENGTH}"
        ).to_arrow_table()
    texts = pa.concat_arrays(found.column(0).cast(pa.large_binary()).chunks or [pa.array([], pa.large_binary())])
    begin = np.frombuffer(texts.buffers()[1], dtype=np.int64)[texts.offset] if len(texts) else 0
    return np.frombuffer(texts.buffers()[2] or b"", dtype=f"S{LENGTH}", count=len(texts), offset=int(begin))


def _bridged(telling: NDArray[np.bytes_], told: NDArray[np.bytes_], *, keys: tuple[bytes, bytes], vault: Vault) -> Any:
    theirs: list[NDArray[np.bytes_]] = [np.empty(0, dtype=f"S{LENGTH}")]
    ours: list[NDArray[np.bytes_]] = [np.empty(0, dtype=f"S{LENGTH}")]
    for namespace in vault.namespaces():
        space = persons_of(namespace)
        numbers, known = internal_numbers(telling, keys[0], space=space)
        made = pseudonyms(numbers[known], keys[1], space=space)
        both = np.isin(made, told)
        theirs.append(telling[known][both])
        ours.append(made[both])
    left, right = np.concatenate(ours), np.concatenate(theirs)
    order = np.argsort(left)
    return pa.table(
        {
            PERSON: _column(left[order]),
            f"{PERSON}_there": _column(right[order]),
        }
    )


def _column(texts: NDArray[np.bytes_]) -> Any:
    """Return texts of one length as a column, without making an object of each."""
    offsets = np.arange(len(texts) + 1, dtype=np.int64) * LENGTH
    return pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(texts.tobytes()))
