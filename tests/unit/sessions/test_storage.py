"""When a workspace's person is warned, when nothing more is handed in, when the session is stopped."""

from datetime import UTC, datetime

import pytest

from tre.sessions.domain.storage import Storage

GB = 10**9


def held(size: float, *, files: int = 10, first: float = 0.0, first_files: int = 0) -> Storage:
    return Storage(
        bytes=int(size * GB), files=files, first_bytes=int(first * GB), first_files=first_files,
        most_bytes=10 * GB, most_files=1_000, at=datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (held(0), "in_order"), (held(7.9), "in_order"), (held(8), "nearly_full"), (held(10), "nearly_full"), (held(10.1), "too_full"),
        (held(1, files=799), "in_order"), (held(1, files=800), "nearly_full"), (held(1, files=1_001), "too_full"),
    ],
)  # fmt: skip
def test_warned_from_four_fifths_and_too_full_beyond_the_bound(one: Storage, state: str) -> None:
    assert one.state == state


@pytest.mark.parametrize(
    ("one", "stopped"),
    [
        (held(10.9), False), (held(11.1), True), (held(1, files=1_101), True),
        # came back to clear up: what was there at the start is no reason, only what is added
        (held(20, first=20), False), (held(15, first=20), False), (held(22.1, first=20), True),
        (held(1, files=5_000, first_files=5_000), False), (held(1, files=5_600, first_files=5_000), True),
    ],
)  # fmt: skip
def test_stopped_only_where_it_goes_on_growing(one: Storage, stopped: bool) -> None:
    assert one.is_growing_beyond is stopped


def test_it_says_what_it_holds_and_what_to_do() -> None:
    assert held(1).sentence == "It holds 1.0 GB in 10 files, of at most 10.0 GB in 1,000."
    assert "Remove what you no longer need" in held(9).sentence
    assert "nothing can be handed in" in held(11).sentence
