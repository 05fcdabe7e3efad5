"""What a restarted hub finds on disk, and what it ends."""

import signal
import subprocess
from pathlib import Path

from tre.hub import records
from tre.hub.process import Mark
from tre.hub.records import SessionRecord


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = SessionRecord(key="0123456789ab", groups=(Path("/a"), Path("/b")), first=Mark(7, 11))
    records.write(tmp_path, record)
    assert records.read(tmp_path) == record


def test_a_broken_record_is_a_start_that_was_broken_off(tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text('{"key": ')
    assert records.read(tmp_path) == SessionRecord(key=tmp_path.name, groups=())


def test_a_sweep_ends_what_nobody_knows_and_nothing_else(tmp_path: Path) -> None:
    processes = {}
    for key in ("known", "unknown"):
        (tmp_path / key).mkdir()
        processes[key] = subprocess.Popen(["sleep", "600"])
        records.write(tmp_path / key, SessionRecord(key=key, groups=(), first=Mark.of(processes[key].pid)))
    unrecorded = subprocess.Popen([records.process_name(tmp_path, "lost"), "600"], executable="/usr/bin/sleep")
    elsewhere = subprocess.Popen([records.process_name(tmp_path / "other", "x"), "600"], executable="/usr/bin/sleep")
    try:
        assert records.sweep(tmp_path, known=frozenset({"known"})) == ["lost", "unknown"]
        assert processes["unknown"].wait(5) == unrecorded.wait(5) == -signal.SIGKILL
        assert processes["known"].poll() is None
        assert elsewhere.poll() is None
        assert [folder.name for folder in tmp_path.iterdir()] == ["known"]
    finally:
        for process in (*processes.values(), unrecorded, elsewhere):
            process.kill()
            process.wait()


def test_a_process_name_tells_no_path() -> None:
    assert "/" not in records.process_name(Path("/srv/tre/run/hub/s"), "0123456789ab")
