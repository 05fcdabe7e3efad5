"""Owns a made population that comes in three datasets of one namespace, with lists of persons of every kind beside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tests.factories.loaded import AT, TODAY, everything, quietly
from tre.data.contracts import shipped_contract
from tre.data.domain.contract import Contract
from tre.data.domain.linkage import ALL
from tre.data.domain.opt_outs import Use, rules_for
from tre.data.domain.pseudonym import internal_number, persons_of
from tre.data.domain.snapshot_plan import SnapshotPlan, plan_tables
from tre.data.domain.terms import Term
from tre.data.engine.duck import open_engine
from tre.data.engine.folders import Folders
from tre.data.engine.ingest import ingest
from tre.data.engine.made.write import write_hospital
from tre.data.engine.person_lists import load_person_list
from tre.data.engine.snapshot import build_snapshot
from tre.data.engine.vault import Vault

SPACE = "nhs-number"
SIZE = 600
TABLES = {
    "gp": ("persons", "gp_registrations", "prescriptions"),
    "trust": ("admissions", "diagnoses"),
    "registry": ("deaths",),
}
PROJECT = "p-split1"


@dataclass
class Split:
    """The datasets in a store, and the lists that were loaded.

    Args:
        lists: (list, namespace) to the SHA-256 of the list in force.
    """

    folders: Folders
    vault: Vault
    contracts: dict[str, Contract] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    lists: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def raw(self) -> Path:
        """Folder of the raw files."""
        return self.folders.inbox / "hospital"

    def load(self) -> "Split":
        """Make the population and load its three datasets."""
        write_hospital(self.raw, seed=11, size=SIZE)
        whole = shipped_contract("hospital")
        for dataset, names in TABLES.items():
            tables = tuple(one for one in whole.tables if one.name in names)
            contract = replace(whole, dataset=dataset, tables=tables, opt_outs=(), opt_out_files=(), sha256=dataset * 8)
            done = ingest(contract, self.raw, folders=self.folders, vault=self.vault, at=AT, progress=quietly)
            self.contracts[dataset], self.versions[dataset] = contract, done.version
        return self

    def persons(self, *tables: str) -> list[int]:
        """Return the NHS numbers in the raw files of these tables, sorted."""
        with duckdb.connect() as engine:
            reads = " UNION ".join(f"SELECT DISTINCT nhs_number FROM '{self.raw}/{one}.csv'" for one in tables)
            return [row[0] for row in engine.execute(f"{reads} ORDER BY ALL").fetchall()]

    def listed(self, name: str, entries: Iterable[tuple[int, str, str]]) -> None:
        """Load a list of (NHS number, effective from, withdrawn on or nothing) and put it in force."""
        path = self.folders.inbox / "list.csv"
        lines = [f"{person},{start},{end}" for person, start, end in entries]
        path.write_text("\n".join(["identifier,effective_from,withdrawn_on", *lines, ""]))
        with open_engine(self.folders.scratch) as engine:
            done = load_person_list(
                engine, path, namespace=SPACE, kind="nhs_number", today=TODAY, folders=self.folders, vault=self.vault
            )
        self.lists[name, SPACE] = done.sha256

    def plan(
        self, *, opt_outs: Mapping[str, tuple[str, ...]] | None = None, consents: Mapping[str, tuple[str, ...]] | None = None,
        use: Use | None = None, linkage: str = ALL, datasets: Iterable[str] = tuple(TABLES), on: date = TODAY,
    ) -> SnapshotPlan:  # fmt: skip
        """A plan of everything in `datasets`, whose contracts name these lists."""
        contracts = {
            name: replace(
                self.contracts[name],
                opt_outs=tuple(Term(name=one) for one in (opt_outs or {}).get(name, ())),
                consents=tuple(Term(name=one) for one in (consents or {}).get(name, ())),
            )
            for name in datasets
        }
        return SnapshotPlan(
            project_id=PROJECT,
            version=1,
            built_on=on,
            key_version=1,
            policy_revision="test",
            reader_uid=0,
            tables=plan_tables(everything(contracts.values()), contracts, self.versions),
            opt_outs=rules_for(list(contracts.values()), self.lists, on=on, use=use),
            linkage=linkage,
        )

    def build(self, plan: SnapshotPlan, snapshots: Path) -> tuple[Path, dict[str, Any]]:
        """Build it below `snapshots`; return its folder and manifest."""
        folders = Folders(vault=self.folders.vault, store=self.folders.store, snapshots=snapshots)
        key = self.vault.project_key(plan.project_id, key_version=plan.key_version)
        manifest = build_snapshot(plan, folders=folders, key=key, at=AT, progress=quietly)
        return folders.snapshot(plan.project_id, plan.version), manifest

    def people_in(self, folder: Path) -> dict[str, set[int]]:
        """The proof query: table to the NHS numbers of its rows, the pseudonyms turned back by the vault's key."""
        key = self.vault.project_key(PROJECT, key_version=1)
        register = self.vault.register(SPACE)
        behind = dict(zip(register.numbers.tolist(), register.identifiers.tolist(), strict=True))
        found: dict[str, set[int]] = {}
        with duckdb.connect() as engine:
            for path in sorted((folder / "tables").rglob("*.parquet")):
                rows = engine.execute(f"SELECT DISTINCT person FROM '{path}'").fetchall()
                numbers = (internal_number(row[0], key, space=persons_of(SPACE)) for row in rows)
                table = path.relative_to(folder / "tables").parts[0].removesuffix(".parquet")
                found.setdefault(table, set()).update(behind[one] for one in numbers)
        return found
