"""Pseudonyms: a permutation, turned back only with the key, never the same in two projects."""

import base64
import hashlib
import re

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from tre.data.domain.pseudonym import (
    PSEUDONYM_PATTERN,
    internal_number,
    persons_of,
    project_key,
    pseudonyms,
    records_of,
)
from tre.kernel.errors import Invalid

MASTER = bytes(range(32))
PERSONS = persons_of("nhs-number")
NUMBERS = st.lists(st.integers(min_value=0, max_value=2**63 - 1), min_size=1, max_size=60, unique=True)


def made(numbers: list[int], project: str = "p-aaaaaa", *, key_version: int = 1) -> list[str]:
    key = project_key(MASTER, project, key_version=key_version)
    return [one.decode() for one in pseudonyms(np.array(numbers, dtype=np.uint64), key, space=PERSONS)]


@given(NUMBERS)
def test_no_two_share_one_and_each_turns_back(numbers: list[int]) -> None:
    found = made(numbers)
    key = project_key(MASTER, "p-aaaaaa", key_version=1)
    assert len(set(found)) == len(numbers)
    assert [internal_number(one, key, space=PERSONS) for one in found] == numbers
    assert all(re.fullmatch(PSEUDONYM_PATTERN, one) for one in found)


@given(NUMBERS)
def test_two_projects_and_two_key_versions_share_none(numbers: list[int]) -> None:
    here, there, later = made(numbers), made(numbers, "p-bbbbbb"), made(numbers, key_version=2)
    assert not set(here) & set(there)
    assert not set(here) & set(later)
    assert made(numbers) == here


def test_known_answer() -> None:
    """The derivation written out by other means: HKDF-SHA-256, AES-256 of one block, base32."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tre/pseudonym/p-aaaaaa/1").derive(MASTER)
    space = hashlib.sha256(b"tre/space/P/nhs-number").digest()[:8]
    block = space + (123_456_789).to_bytes(8, "big")
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    expected = "P" + base64.b32encode(cipher.update(block) + cipher.finalize()).decode().rstrip("=")
    assert made([123_456_789]) == [expected]
    assert expected == "P5R3XSGTZUR7HOK256D7L5YMFAM"


@pytest.mark.parametrize("count", [1, 4095, 4096, 4097, 10_000])
def test_many_at_once_are_the_same_as_one_by_one(count: int) -> None:
    numbers = list(range(count))
    every = made(numbers)
    for place in {0, count // 2, count - 1}:
        assert every[place] == made([place])[0]


def test_persons_and_records_never_meet() -> None:
    key = project_key(MASTER, "p-aaaaaa", key_version=1)
    numbers = np.arange(100, dtype=np.uint64)
    spaces = (PERSONS, persons_of("nhanes-respondent"), records_of("hospital", "admission"))
    found = [one[1:] for space in spaces for one in pseudonyms(numbers, key, space=space)]
    assert len(set(found)) == 300


@pytest.mark.parametrize("text", ["", "P", "nonsense", "P" + "A" * 26, "R" + "A" * 26, "P" + "1" * 26])
def test_what_was_not_made_with_the_key_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="not a pseudonym"):
        internal_number(text, project_key(MASTER, "p-aaaaaa", key_version=1), space=PERSONS)


def test_another_projects_pseudonym_is_refused() -> None:
    with pytest.raises(Invalid):
        internal_number(made([5])[0], project_key(MASTER, "p-bbbbbb", key_version=1), space=PERSONS)
