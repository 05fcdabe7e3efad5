"""`tre data twin DATASET`: a custodian orders made-up data anew; nobody else does."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.catalogue import put_dataset
from tre.data.twin_tables import TwinRow
from tre.entrypoints.cli import twins
from tre.entrypoints.cli.__main__ import main
from tre.plumbing.unit_of_work import Context

As = Callable[[str], Context]


@pytest.mark.parametrize(("person", "code", "told"), [("gwen", 0, "is ordered"), ("amina", 1, "Only a custodian")])
def test_who_orders_one(
    as_person: As,
    sessions: sessionmaker[Session],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    person: str,
    code: int,
    told: str,
) -> None:
    with sessions() as session:
        put_dataset(session, "hospital")
        session.commit()
    monkeypatch.setattr(twins, "context_here", lambda _config, *, stands_for: as_person(stands_for))
    assert main(["data", "twin", "hospital", "--as", person]) == code
    said = capsys.readouterr()
    assert told in said.out + said.err
    with sessions() as session:
        assert len(list(session.scalars(select(TwinRow)))) == 1 - code
