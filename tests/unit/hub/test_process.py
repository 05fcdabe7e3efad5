"""A process is known by number and time of start; one that is gone is gone, and no other is hit in its place."""

import asyncio
import subprocess
import time

import pytest

from tre.hub.process import Mark


def test_a_running_process_is_alive_until_it_is_killed() -> None:
    process = subprocess.Popen(["sleep", "600"])
    mark = Mark.of(process.pid)
    assert mark.is_alive()
    assert asyncio.run(mark.ended(seconds=0.05)) is False
    mark.kill()
    assert asyncio.run(mark.ended(seconds=5)) is True
    assert not mark.is_alive(), "one that only waits to be reaped is not alive"
    process.wait()
    assert not mark.is_alive()
    mark.kill()  # and killing it again is no fault
    assert asyncio.run(mark.ended(seconds=5)) is True


def test_a_later_process_of_the_same_number_is_not_hit() -> None:
    process = subprocess.Popen(["sleep", "600"])
    time.sleep(0.02)
    earlier = Mark(process.pid, Mark.of(process.pid).started - 1)
    assert not earlier.is_alive()
    earlier.kill()
    assert process.poll() is None
    process.kill()
    process.wait()


def test_there_is_no_mark_of_nothing() -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    with pytest.raises(ProcessLookupError):
        Mark.of(process.pid)
