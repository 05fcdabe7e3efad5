"""A list shows exactly what the single checks allow: generated persons and rows, on both databases, no difference."""

import random
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import Boolean, Column, MetaData, String, Table, create_engine, insert, select

from tre.kernel.actor import NOBODY, Actor, system_actor
from tre.kernel.authz import Action, Facts, Gate
from tre.kernel.facts import NoFacts, PersonFacts, ProjectFacts, RequestFacts
from tre.plumbing.conditions import clause

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PERSONS = [f"person{number}" for number in range(8)]
PROJECTS = [f"p-aaaaa{letter}" for letter in "abcdefgh"]
ROLES = ["researcher", "output_checker", "custodian", "admin", "lay_reviewer", "auditor", "system", "unheard-of"]
PROJECT_STATES = ["draft", "submitted", "approved", "suspended", "refused", "closed", "", "Draft", "unheard-of"]
REQUEST_STATES = [
    "submitted",
    "in_review",
    "returned",
    "approved",
    "released",
    "refused",
    "withdrawn",
    "blocked",
    "",
    "draft",
]
Row = Mapping[str, str | bool]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list: its action, the single check's action, and how a row and its facts are made."""

    action: Action
    single: Action
    row: Callable[[random.Random], Row]
    facts: Callable[[Row], Facts]


def project_row(chosen: random.Random) -> Row:
    return {
        "project_id": chosen.choice(PROJECTS),
        "state": chosen.choice(PROJECT_STATES),
        "lead_id": chosen.choice([*PERSONS, ""]),
        "ends_on": chosen.choice(["", "2026-11-22", "2027-01-01"]),
        "is_complete": chosen.random() < 0.5,
    }


def request_row(chosen: random.Random) -> Row:
    return {
        "request_id": f"r-{chosen.randrange(10**6)}",
        "project_id": chosen.choice(PROJECTS),
        "project_state": chosen.choice(PROJECT_STATES),
        "requester_id": chosen.choice(PERSONS),
        "state": chosen.choice(REQUEST_STATES),
    }


LISTINGS = {
    "projects": Listing(
        action=Action.PROJECTS_PROJECT_VIEW,
        single=Action.PROJECTS_PROJECT_VIEW,
        row=project_row,
        facts=lambda row: ProjectFacts(**row),  # type: ignore[arg-type]
    ),
    "requests": Listing(
        action=Action.OUTPUTS_REQUEST_VIEW,
        single=Action.OUTPUTS_REQUEST_VIEW,
        row=request_row,
        facts=lambda row: RequestFacts(**row),  # type: ignore[arg-type]
    ),
    "persons": Listing(
        action=Action.PEOPLE_PERSON_VIEW,
        single=Action.PEOPLE_PERSON_VIEW,
        row=lambda chosen: {"person_id": chosen.choice([*PERSONS, ""]), "role": chosen.choice(ROLES)},
        facts=lambda row: PersonFacts(**row),  # type: ignore[arg-type]
    ),
    "all persons": Listing(
        action=Action.PEOPLE_PERSON_LIST,
        single=Action.PEOPLE_PERSON_LIST,
        row=lambda chosen: {"person_id": chosen.choice(PERSONS)},
        facts=lambda _row: NoFacts(),
    ),
}


def actors(chosen: random.Random, count: int) -> Iterator[Actor]:
    yield NOBODY
    yield Actor(person_id="")
    yield system_actor("broker")
    for _ in range(count):
        yield Actor(
            person_id=chosen.choice(PERSONS),
            roles=frozenset(chosen.sample(ROLES, chosen.randrange(4))),
            member_of=frozenset(chosen.sample(PROJECTS, chosen.randrange(4))),
            proved_by=chosen.choice(["sign-in"] * 6 + ["session", "system", "nobody", "anything"]),
        )


def one_by_one(gate: Gate, listing: Listing, actor: Actor, rows: list[Row]) -> set[int]:
    return {
        number
        for number, row in enumerate(rows)
        if gate.decide(listing.single, actor, listing.facts(row), now=NOW).allowed
    }


def by_query(url: str, gate: Gate, listing: Listing, everyone: list[Actor], rows: list[Row]) -> list[set[int]]:
    table = Table("policy_list", MetaData(), Column("number", String, primary_key=True))
    for name, value in rows[0].items():
        table.append_column(Column(name, Boolean if isinstance(value, bool) else String, nullable=False))
    columns = {column.name: column for column in table.columns}
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            table.create(connection)
            connection.execute(insert(table), [{"number": str(number), **row} for number, row in enumerate(rows)])
            return [
                {
                    int(number)
                    for number in connection.scalars(
                        select(table.c.number).where(
                            clause(gate.conditions(listing.action, actor, now=NOW).condition, columns)
                        )
                    )
                }
                for actor in everyone
            ]
    finally:
        engine.dispose()


@pytest.fixture(scope="module", params=sorted(LISTINGS))
def compared(request: pytest.FixtureRequest, gate: Gate) -> tuple[Listing, list[Actor], list[Row], list[set[int]]]:
    """A listing with generated persons and rows, and for each person the rows that the single checks allow."""
    listing = LISTINGS[request.param]
    chosen = random.Random(request.param)
    everyone, rows = list(actors(chosen, 40)), [listing.row(chosen) for _ in range(60)]
    with ThreadPoolExecutor(4) as threads:
        singles = list(threads.map(lambda actor: one_by_one(gate, listing, actor, rows), everyone))
    return listing, everyone, rows, singles


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_list_is_its_single_checks(
    compared: tuple[Listing, list[Actor], list[Row], list[set[int]]],
    database: str,
    gate: Gate,
    request: pytest.FixtureRequest,
) -> None:
    listing, everyone, rows, singles = compared
    url = "sqlite://" if database == "sqlite" else request.getfixturevalue("postgres_url")
    listed = by_query(url, gate, listing, everyone, rows)
    differences = [
        (actor, one ^ other) for actor, one, other in zip(everyone, singles, listed, strict=True) if one != other
    ]
    assert differences == []
    shown = sum(len(one) for one in listed)
    assert 0 < shown < len(everyone) * len(rows)
