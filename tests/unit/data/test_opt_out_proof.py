"""For each rule, the proof query: no row, in any table of the snapshot, is about a person whom the rule leaves out."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.factories.loaded import TODAY
from tests.factories.split import SPACE, TABLES, Split
from tre.data.domain.linkage import IN_EVERY_DATASET, TOLD
from tre.data.domain.opt_outs import BY_CONSENT, CONSENTS, NATIONAL, REFUSALS, TYPE_1, Effect, Use, rules_for
from tre.data.domain.small_numbers import rounded
from tre.data.engine.folders import Folders
from tre.data.engine.vault import open_vault
from tre.kernel.errors import Invalid, Unavailable

ALL_TABLES = {one for names in TABLES.values() for one in names}
BEFORE, LATER = "2020-01-01", "2027-01-01"
BIOBANK = "consent to the biobank"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Split]:
    folders = Folders.under(tmp_path_factory.mktemp("split"))
    folders.prepare()
    with open_vault(folders.vault) as vault:
        yield Split(folders=folders, vault=vault).load()


@pytest.fixture
def split(whole: Split) -> Split:
    """The loaded datasets, with no list in force."""
    return Split(folders=whole.folders, vault=whole.vault, contracts=whole.contracts, versions=whole.versions)


def prove(split: Split, plan: Any, snapshots: Path, *, none_of: set[int], some_of: set[int]) -> dict[str, Any]:
    """Build; no table may hold any of `none_of`, and all of `some_of` must be somewhere; return the counts by rule."""
    folder, manifest = split.build(plan, snapshots)
    people = split.people_in(folder)
    assert set(people) == {one.name for one in plan.tables}
    assert {table: len(there & none_of) for table, there in people.items() if there & none_of} == {}
    assert some_of <= set().union(*people.values())
    return {one["rule"]: one["persons"] for one in manifest["removed"]}


@pytest.mark.parametrize("name", [NATIONAL, TYPE_1])
@pytest.mark.parametrize("names_it", sorted(TABLES))
def test_an_opt_out_that_one_dataset_names_holds_in_every_table(
    split: Split, tmp_path: Path, name: str, names_it: str
) -> None:
    everybody = split.persons(*ALL_TABLES - {"diagnoses", "prescriptions"})
    refused, others = everybody[::7], set(everybody) - set(everybody[::7])
    split.listed(name, [(one, BEFORE, "") for one in refused])
    plan = split.plan(opt_outs={names_it: (name,)})
    counts = prove(split, plan, tmp_path, none_of=set(refused), some_of=others)
    assert counts == {name: rounded(len(refused))}


def test_an_entry_counts_from_its_day_until_it_is_withdrawn(split: Split, tmp_path: Path) -> None:
    now, later, back, again, ends_today, *_ = split.persons("persons")
    entries = [(now, BEFORE, ""), (later, LATER, ""), (back, BEFORE, "2026-01-01"), (again, BEFORE, "2026-01-01")]
    entries += [(again, "2026-06-01", ""), (ends_today, BEFORE, TODAY.isoformat())]
    split.listed(NATIONAL, entries)
    plan = split.plan(opt_outs={"gp": (NATIONAL,)})
    prove(split, plan, tmp_path, none_of={now, again}, some_of={later, back, ends_today})
    in_time = split.plan(opt_outs={"gp": (NATIONAL,)}, on=date(2027, 1, 1))
    prove(split, in_time, tmp_path / "later", none_of={now, again, later}, some_of={back, ends_today})


def test_a_newer_list_takes_the_place_of_the_older(split: Split, tmp_path: Path) -> None:
    first, second, *_ = split.persons("persons")
    split.listed(NATIONAL, [(first, BEFORE, "")])
    split.listed(NATIONAL, [(second, BEFORE, ""), (first, BEFORE, "2026-11-20")])
    prove(split, split.plan(opt_outs={"trust": (NATIONAL,)}), tmp_path, none_of={second}, some_of={first})


def test_who_refused_this_study_is_in_no_table_though_no_contract_names_the_list(split: Split, tmp_path: Path) -> None:
    refused = split.persons("admissions")[:25]
    split.listed(REFUSALS, [(one, BEFORE, "") for one in refused])
    counts = prove(split, split.plan(), tmp_path, none_of=set(refused), some_of=set(split.persons("admissions")[25:]))
    assert counts == {REFUSALS: rounded(25)}


def test_where_a_project_rests_on_consent_nobody_else_is_there(split: Split, tmp_path: Path) -> None:
    everybody = split.persons("persons")
    agreed, withdrew = everybody[:200], everybody[200:230]
    split.listed(CONSENTS, [(one, BEFORE, "") for one in agreed] + [(one, BEFORE, "2026-11-22") for one in withdrew])
    split.listed(NATIONAL, [(everybody[0], BEFORE, "")])
    plan = split.plan(opt_outs={"gp": (NATIONAL,)}, use=Use(basis=BY_CONSENT))
    others = set(everybody[200:]) | {everybody[0]}
    counts = prove(split, plan, tmp_path, none_of=others, some_of=set(agreed[1:]))
    assert list(counts) == [f"lack of {CONSENTS}", NATIONAL]


def test_a_consent_that_a_contract_names(split: Split, tmp_path: Path) -> None:
    everybody = split.persons("persons")
    split.listed(BIOBANK, [(one, BEFORE, "") for one in everybody[:100]])
    plan = split.plan(consents={"registry": (BIOBANK,)})
    prove(split, plan, tmp_path, none_of=set(everybody[100:]), some_of=set(everybody[:100]))


def test_only_those_who_are_in_every_dataset(split: Split, tmp_path: Path) -> None:
    in_gp, in_trust, dead = (set(split.persons(*TABLES[one])) for one in TABLES)
    valid = set(split.persons("persons"))
    both = in_gp & in_trust & dead & valid
    assert 0 < len(both) < len(in_trust & valid) < len(valid)
    refused = sorted(both)[:1]
    split.listed(NATIONAL, [(one, BEFORE, "") for one in refused])
    plan = split.plan(linkage=IN_EVERY_DATASET, opt_outs={"gp": (NATIONAL,)})
    counts = prove(split, plan, tmp_path, none_of=(valid - both) | set(refused), some_of=both - set(refused))
    assert counts == {NATIONAL: None, TOLD: rounded(len(valid) - len(both))}
    one_alone = split.plan(linkage=IN_EVERY_DATASET, datasets=["gp"])
    assert prove(split, one_alone, tmp_path / "one", none_of=set(), some_of=valid) == {}


def test_an_exemption_counts_where_every_dataset_that_names_the_list_is_exempt(split: Split, tmp_path: Path) -> None:
    refused = split.persons("persons")[:50]
    split.listed(NATIONAL, [(one, BEFORE, "") for one in refused])
    named = {"gp": (NATIONAL,), "trust": (NATIONAL,)}
    half = split.plan(opt_outs=named, use=Use(exempt={(NATIONAL, "gp")}))
    prove(split, half, tmp_path, none_of=set(refused), some_of=set())
    whole = split.plan(opt_outs=named, use=Use(exempt={(NATIONAL, "gp"), (NATIONAL, "trust")}))
    assert prove(split, whole, tmp_path / "whole", none_of=set(), some_of=set(refused)) == {}


def test_no_list_no_snapshot(split: Split) -> None:
    for wanted in ({"opt_outs": {"gp": (TYPE_1,)}}, {"consents": {"gp": (BIOBANK,)}}):
        with pytest.raises(Invalid, match="no list of it was loaded"):
            split.plan(**wanted)  # type: ignore[arg-type]
    split.listed(NATIONAL, [(split.persons("persons")[0], BEFORE, "")])
    with pytest.raises(Invalid, match="consent to this study applies"):
        split.plan(opt_outs={"gp": (NATIONAL,)}, use=Use(basis=BY_CONSENT))


def test_a_list_whose_file_is_gone_is_not_passed_over(split: Split, tmp_path: Path) -> None:
    split.listed(NATIONAL, [(split.persons("persons")[3], "2001-02-03", "")])
    plan = split.plan(opt_outs={"gp": (NATIONAL,)})
    split.folders.opt_outs(split.lists[NATIONAL, SPACE]).unlink()
    with pytest.raises(Unavailable, match="restore it"):
        split.build(plan, tmp_path)
    assert not list(tmp_path.glob("*/[0-9]*"))


def test_a_dataset_that_never_was_confidential_asks_for_no_consent(split: Split) -> None:
    assert rules_for(list(split.contracts.values()), {}, on=TODAY, use=Use(basis=BY_CONSENT)) == ()
    split.listed(CONSENTS, [(split.persons("persons")[0], BEFORE, "")])
    (rule,) = (one for one in split.plan(consents={"gp": (CONSENTS,)}).opt_outs)
    assert rule.effect is Effect.KEEP_ONLY
