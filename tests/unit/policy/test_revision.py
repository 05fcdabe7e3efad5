"""The bundle's revision is the hash of the rules: it changes with them and with nothing else."""

from pathlib import Path

from tre.policy.bundle import REGO, revision, rules


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def test_tests_and_other_files_do_not_count(tmp_path: Path) -> None:
    write(tmp_path, "a/b.rego", "package a.b")
    before = revision(rules(tmp_path))
    write(tmp_path, "a/b_test.rego", "package a.b_test")
    write(tmp_path, "a/note.txt", "")
    assert revision(rules(tmp_path)) == before


def test_a_changed_or_moved_rule_counts(tmp_path: Path) -> None:
    write(tmp_path, "a.rego", "package a")
    first = revision(rules(tmp_path))
    write(tmp_path, "a.rego", "package a\n")
    second = revision(rules(tmp_path))
    (tmp_path / "a.rego").rename(tmp_path / "b.rego")
    assert len({first, second, revision(rules(tmp_path))}) == 3


def test_the_shipped_rules_hold_no_tests() -> None:
    shipped = rules(REGO)
    assert "gate/decision.rego" in shipped
    assert not [name for name in shipped if "_test" in name]
