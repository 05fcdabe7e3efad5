"""Owns datasets of the catalogue as the records have them after a load and two sign-offs, for tests without a broker."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from tre.data.contracts import shipped_contract
from tre.data.domain.contract import Contract
from tre.data.service.versions import about
from tre.data.tables import DatasetRow, DatasetVersionRow

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def put_dataset(session: Session, name: str, *, rows: int = 1234, persons: int = 567) -> None:
    """Put a shipped dataset in use, every table with these counts."""
    contract = shipped_contract(name)
    put_contract(session, contract, counts=[_count(table.name, rows, persons) for table in contract.tables])


def put_contract(session: Session, contract: Contract, *, counts: list[dict[str, Any]]) -> None:
    """Put a dataset in use, by its contract."""
    put_row(session, contract.dataset, about(contract), counts=counts)


def put_row(session: Session, dataset: str, values: dict[str, Any], *, counts: list[dict[str, Any]]) -> None:
    """Put a dataset in use, by what its row says."""
    session.add(DatasetRow(id=dataset, current_version="v1", **values))
    session.flush()
    session.add(
        DatasetVersionRow(
            dataset_id=dataset, version="v1", loaded_at=AT, counts=counts, manifest_sha256="0" * 64, state="in_use"
        )
    )
    session.flush()


def wide(columns: int) -> dict[str, Any]:
    """Return a row's values for a dataset of one table with many columns."""
    made = [
        {"name": f"item_{number:05d}", "meaning": f"Answer to question {number}", "kind": "integer", "type": "integer",
         "unit": "points", "topic": f"Part {number // 100}", "coding": "", "treatment": "", "codes": []}
        for number in range(columns)
    ]  # fmt: skip
    table = {"name": "answers", "meaning": "One row per person.", "has_person": True, "columns": made}
    return {
        "title": "A wide survey", "summary": "Very many questions.", "source": "Made", "legal_basis": "Public",
        "custodian_id": "gwen", "contract": {"sha256": "0" * 64, "opt_outs": [], "tables": [table]},
    }  # fmt: skip


def _count(name: str, rows: int, persons: int) -> dict[str, Any]:
    return {"name": name, "rows": rows, "persons": persons, "quarantined": {"number is not valid": 8}}
