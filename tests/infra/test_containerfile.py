"""The image of the workspace is built of what is there: every file copied exists, and the local environment copies the same."""

import re

from tre.plumbing.config import CHECKOUT

CONTAINERFILE = CHECKOUT / "notebooks-image/Containerfile"


def _copied() -> list[str]:
    lines = re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE.read_text(), re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def test_every_file_that_is_copied_exists() -> None:
    assert len(_copied()) >= 8
    assert [one for one in _copied() if not (CHECKOUT / one).exists()] == []


def test_nothing_of_the_network_it_was_built_in_is_kept() -> None:
    text = CONTAINERFILE.read_text()
    assert not re.search(r"^ENV .*(CERT|PROXY|INDEX)", text, re.MULTILINE)
    first, _, last = text.partition("\nFROM debian:12-slim\n")
    assert "ARG PIP_CERT" in first
    assert "ARG" not in last


def test_it_drops_root_and_has_a_place_for_the_researchers_files() -> None:
    text = CONTAINERFILE.read_text()
    assert "/home/researcher /workspace" in text
    assert text.index("install --directory") < text.index("USER 1000:1000")
