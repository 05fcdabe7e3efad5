"""Known answers of each step of a pseudonym, and the whole derivation written out by other means than the product's."""

import base64
import hashlib
import hmac

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tre.data.domain.letters import LENGTH, read_letters, write_letters
from tre.data.domain.pseudonym import (
    internal_numbers,
    persons_of,
    project_key,
    pseudonyms,
    records_of,
)

MASTER = bytes(range(32))
BLOCKS = arrays.arrays(np.uint64, st.tuples(st.integers(1, 40), st.just(2)))
PROJECTS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=6, max_size=6).map("p-{}".format)
NUMBERS = st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=40, unique=True)


def hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, section 2, in its own words: extract, then expand."""
    fixed = hmac.digest(salt or bytes(32), secret, "sha256")
    made, block = b"", b""
    for count in range(1, 2 + length // 32):
        block = hmac.digest(fixed, block + info + bytes([count]), "sha256")
        made += block
    return made[:length]


@pytest.mark.parametrize(
    ("salt", "info", "expected"),
    [
        (
            bytes(range(0x0D)),
            bytes(range(0xF0, 0xFA)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (b"", b"", "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
    ],
    ids=["RFC 5869 A.1", "RFC 5869 A.3"],
)
def test_our_hkdf_gives_the_answers_of_the_rfc(salt: bytes, info: bytes, expected: str) -> None:
    assert hkdf(b"\x0b" * 22, salt=salt, info=info, length=42).hex() == expected


def test_the_projects_key_is_that_hkdf() -> None:
    for project, version in (("p-aaaaaa", 1), ("p-bbbbbb", 1), ("p-aaaaaa", 2)):
        info = f"tre/pseudonym/{project}/{version}".encode()
        assert project_key(MASTER, project, key_version=version) == hkdf(MASTER, salt=b"", info=info, length=32)


def test_the_cipher_gives_the_answer_of_fips_197() -> None:
    """FIPS 197, appendix C.3: AES-256 of one block, here reached through the product's own function turned back."""
    cipher = Cipher(algorithms.AES(bytes(range(32))), modes.ECB()).encryptor()
    found = cipher.update(bytes.fromhex("00112233445566778899aabbccddeeff"))
    assert found.hex() == "8ea2b7ca516745bfeafc49904b496089"


def test_the_letters_are_those_of_rfc_4648() -> None:
    """RFC 4648, section 10: BASE32("foobar") is MZXW6YTBOI; the rest of the block is zeros, letters A."""
    block = np.frombuffer(b"foobar" + bytes(10), dtype=">u8").reshape(1, 2).astype(np.uint64)
    assert write_letters(block, "P")[0] == b"PMZXW6YTBOI" + b"A" * 16


def test_the_whole_derivation_step_by_step() -> None:
    """Every step's value, for whoever writes it anew in another language."""
    key = hkdf(MASTER, salt=b"", info=b"tre/pseudonym/p-aaaaaa/1", length=32)
    assert key.hex() == "9260f849ea423e50950bf6bcc6605b5786f1b95270fa0f77c9ef38b8c65f98b2"
    tag = hashlib.sha256(b"tre/space/P/nhs-number").digest()[:8]
    assert tag.hex() == "a78d9c2dd1a6bf57"
    block = tag + (123_456_789).to_bytes(8, "big")
    sealed = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block)
    assert sealed.hex() == "ec77791a79a47e772b5df0febee18503"
    text = "P" + base64.b32encode(sealed).decode().rstrip("=")
    assert text == "P5R3XSGTZUR7HOK256D7L5YMFAM"
    found = pseudonyms(np.array([123_456_789]), key, space=persons_of("nhs-number"))
    assert found.tolist() == [text.encode()]


@given(BLOCKS, st.sampled_from("PR"))
def test_any_block_is_written_as_the_standard_library_writes_it_and_read_back(
    blocks: "np.ndarray[tuple[int, int], np.dtype[np.uint64]]", front: str
) -> None:
    texts = write_letters(blocks, front)
    for text, block in zip(texts.tolist(), blocks.astype(">u8"), strict=True):
        assert text == front.encode() + base64.b32encode(block.tobytes()).rstrip(b"=")
        assert len(text) == LENGTH
    assert (read_letters(texts) == blocks).all()


@given(NUMBERS, PROJECTS, PROJECTS, st.integers(1, 9), st.integers(1, 9))
def test_any_two_projects_or_versions_share_none_and_neither_reads_the_other(
    numbers: list[int], here: str, there: str, one: int, other: int
) -> None:
    space = persons_of("nhs-number")
    keys = [project_key(MASTER, here, key_version=one), project_key(MASTER, there, key_version=other)]
    found = [pseudonyms(np.array(numbers, dtype=np.uint64), key, space=space) for key in keys]
    if keys[0] == keys[1]:
        assert (here, one) == (there, other)
        return
    assert not set(found[0].tolist()) & set(found[1].tolist())
    assert not internal_numbers(found[0], keys[1], space=space)[1].any()


@given(NUMBERS, st.integers(0, 26), st.integers(1, 255))
def test_a_letter_changed_anywhere_is_noticed(numbers: list[int], place: int, change: int) -> None:
    key, space = project_key(MASTER, "p-aaaaaa", key_version=1), records_of("hospital", "admission")
    texts = pseudonyms(np.array(numbers, dtype=np.uint64), key, space=space)
    back, ours = internal_numbers(texts, key, space=space)
    assert ours.all()
    assert back.tolist() == numbers
    changed = texts.copy()
    changed.view(np.uint8).reshape(-1, LENGTH)[:, place] ^= change
    assert not internal_numbers(changed, key, space=space)[1].any()


def test_none_at_all() -> None:
    key, space = project_key(MASTER, "p-aaaaaa", key_version=1), persons_of("nhs-number")
    none = pseudonyms(np.empty(0, dtype=np.uint64), key, space=space)
    assert none.shape == (0,)
    assert internal_numbers(none, key, space=space)[0].shape == (0,)
