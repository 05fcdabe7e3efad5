"""Rate and time left: told once they are no guess, in words without data."""

import pytest

from tre.data.engine.metering import Meter, pace


@pytest.mark.parametrize(
    ("done", "share", "seconds", "words"),
    [
        (1e8, 0.5, 1.0, ""),
        (0, 0.0, 9.0, ""),
        (1e9, 1.0, 9.0, ""),
        (5e8, 0.5, 10.0, ", 50 MB/s, about 10 s left"),
        (5e9, 0.1, 100.0, ", 50 MB/s, about 15 min left"),
    ],
)
def test_pace(done: float, share: float, seconds: float, words: str) -> None:
    assert pace(done, share=share, seconds=seconds) == words


def test_what_is_begun_is_told_at_once_and_the_end_is_never_passed() -> None:
    told: list[tuple[float, str]] = []
    meter = Meter(lambda share, words: told.append((share, words)), total=100)
    meter.add("checking a", 50)
    meter.begin("loading a")
    meter.add("loading a", 80)
    meter.begin("loading b")
    assert [words for _, words in told if words.startswith("loading")] == ["loading a", "loading b"]
    assert told[-1][0] == 1.0
