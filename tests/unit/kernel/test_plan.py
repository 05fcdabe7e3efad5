"""A workspace starts only for a plan that the portal sealed within the last minute."""

from dataclasses import replace

import pytest

from tre.kernel.errors import NotPermitted
from tre.kernel.plan import VALID_SECONDS, MountPlan, open_sealed, seal

KEY = b"k" * 32
NOW = 1_700_000_000.0
PLAN = MountPlan(
    session_id="s-aaaaaa",
    person_id="amina",
    project_id="p-aaaaaa",
    project_uid=70001,
    snapshot_dir="/snapshots/p-aaaaaa/1",
    workspace_dir="/workspaces/p-aaaaaa/amina",
    session_token="token",
    memory_bytes=2**31,
    processes=256,
    cpus=1.5,
    expires_at=int(NOW) + VALID_SECONDS,
)


def test_a_sealed_plan_opens_to_the_same_plan() -> None:
    assert open_sealed(seal(PLAN, KEY), KEY, now=NOW) == PLAN


def test_a_plan_sealed_with_another_key_is_refused() -> None:
    with pytest.raises(NotPermitted) as refusal:
        open_sealed(seal(PLAN, b"x" * 32), KEY, now=NOW)
    assert refusal.value.reasons == ("sessions.plan.not_sealed",)


def test_a_changed_body_under_an_old_seal_is_refused() -> None:
    _, _, mac = seal(PLAN, KEY).partition(".")
    body = seal(replace(PLAN, snapshot_dir="/snapshots/p-bbbbbb/1"), KEY).partition(".")[0]
    with pytest.raises(NotPermitted):
        open_sealed(f"{body}.{mac}", KEY, now=NOW)


@pytest.mark.parametrize("text", ["", ".", "abc", "abc.def", "ünïcode.mac", "body.mäc"])
def test_anything_else_is_refused_and_never_an_error_of_ours(text: str) -> None:
    with pytest.raises(NotPermitted):
        open_sealed(text, KEY, now=NOW)


def test_a_plan_is_refused_after_its_end() -> None:
    with pytest.raises(NotPermitted) as refusal:
        open_sealed(seal(PLAN, KEY), KEY, now=NOW + VALID_SECONDS + 1)
    assert refusal.value.reasons == ("sessions.plan.expired",)


def test_a_plan_that_would_hold_for_longer_than_a_minute_is_refused() -> None:
    long = replace(PLAN, expires_at=int(NOW) + 10 * VALID_SECONDS)
    with pytest.raises(NotPermitted):
        open_sealed(seal(long, KEY), KEY, now=NOW)
