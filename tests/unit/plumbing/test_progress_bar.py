"""Progress at a command line: a bar that is drawn over on a terminal, plain lines with nothing repeated elsewhere."""

import io

import pytest

from tre.plumbing import progress_bar
from tre.plumbing.progress_bar import ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    screen = Terminal()
    shown = ProgressBar(screen)
    shown.show(0.5, "loading persons, 52 MB/s, about 2 min left")
    shown.show(0.9, "loading")
    assert "\n" not in screen.getvalue()
    first, second = screen.getvalue().split("\r")[1:]
    assert first.startswith("[###############...............]  50% loading persons")
    assert len(first) < 60
    assert len(second) == len(first)  # what was longer is drawn over
    shown.end("Loaded.")
    assert screen.getvalue().endswith("\rLoaded.\n")


def test_a_narrow_terminal_keeps_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    screen = Terminal()
    ProgressBar(screen).show(1.0, "loading persons")
    assert "loading" in screen.getvalue()


def test_anything_else_gets_lines_and_not_too_many() -> None:
    now, log = [0.0], io.StringIO()
    shown = ProgressBar(log, clock=lambda: now[0])
    for second in range(25):
        now[0] = float(second)
        shown.show(second / 100, f"loading persons, {second} MB/s, about 9 s left")
    shown.show(0.5, "loading visits")
    shown.end("Loaded.")
    lines = log.getvalue().splitlines()
    assert lines == [
        "  0% loading persons, 0 MB/s, about 9 s left",
        " 10% loading persons, 10 MB/s, about 9 s left",
        " 20% loading persons, 20 MB/s, about 9 s left",
        " 50% loading visits",
        "Loaded.",
    ]
    assert progress_bar.EVERY_SECONDS == 10
