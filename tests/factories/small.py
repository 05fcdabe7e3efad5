"""Owns a small dataset of one table, its contract, its lines, and the loading of them."""

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tests.factories.loaded import AT, quietly
from tre.data.contracts.reading import parse_contract
from tre.data.domain.contract import Contract
from tre.data.engine.folders import Folders
from tre.data.engine.ingest import Progress, Version, ingest
from tre.data.engine.made.people import all_numbers
from tre.data.engine.vault import open_vault

NUMBERS: list[int] = all_numbers(np.random.default_rng(5), 40).tolist()
HEAD = "number,surname,born,score,weight,word\n"
SECRET = "SecretName"
CONTRACT = """\
contract: 1
dataset: small
title: Small
summary: A small one.
source: Made
custodian: gwen
legal_basis: None needed
identifier: {kind: nhs_number, namespace: nhs-number}
opt_outs: []
quarantine_limit: LIMIT
DIALECT
tables:
  - name: visits
    meaning: Visits
    file: visits
    key: [number]
    columns:
      - {name: number, class: person identifier, type: integer, meaning: NHS number}
      - {name: surname, class: direct identifier, type: text, meaning: Surname}
      - {name: born, class: generalise, rule: year, type: date, meaning: Year of birth}
      - {name: score, type: integer, meaning: Score, missing: {9: Don't know}, recode: {8: 80}}
      - {name: weight, type: decimal, meaning: Weight}
      - {name: word, type: text, meaning: Word, missing: {"?": Unknown}, recode: {"y": "yes"}}
"""


def contract(limit: str = "0.5", *, dialect: str = "") -> Contract:
    """The contract, with a limit and, where given, a dialect in braces."""
    told = f"dialect: {dialect}" if dialect else ""
    return parse_contract(CONTRACT.replace("LIMIT", limit).replace("DIALECT", told), name="small.yaml")


def line(number: object, *, born: str = "1950-02-03", score: str = "1", weight: str = "1.5", word: str = "y") -> str:
    """One line of the file."""
    return f"{number},Smith,{born},{score},{weight},{word}\n"


def load(
    folders: Folders,
    body: str | bytes,
    *,
    about: Contract | None = None,
    file: str = "visits.csv",
    beside: Mapping[str, bytes] | None = None,
    folder: bool = True,
    size: int = 0,
    progress: Progress = quietly,
) -> Version:
    """Load `body` as the one raw file.

    Args:
        about: the contract, if another.
        file: its name; empty to leave the folder as it is.
        beside: other files.
        folder: whether there is a folder for them.
        size: bytes that the file is made to have, with a hole at its end.
    """
    raw = folders.inbox / "small"
    if folder:
        raw.mkdir(exist_ok=True)
    if file:
        _lay(raw, {file: body.encode() if isinstance(body, str) else body, **(beside or {})})
    if size:
        os.truncate(raw / file, size)
    with open_vault(folders.vault) as vault:
        return ingest(about or contract(), raw, folders=folders, vault=vault, at=AT, progress=progress)


def _lay(raw: Path, files: Mapping[str, bytes]) -> None:
    for old in raw.iterdir():
        old.unlink()
    for name, body in files.items():
        (raw / name).write_bytes(body)
