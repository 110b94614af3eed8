"""The key file: for one user's eyes, replaced in one step, and never the cause of forgetting."""

import base64
import os
from dataclasses import replace
from pathlib import Path

import pytest
from chassis.errors import Invalid
from chassis.log.vault_faults import UnknownKeyEncryptionKey, VaultFault
from chassis.log.vault_index import Wanted, canonical, digest
from chassis.log.vault_keys import (
    KeyEncryptionKeys,
    KeyFileError,
    derived,
    request_digest,
)
from hypothesis import given
from hypothesis import strategies as st

SECRET = bytes(range(32))
OWNER = b"somebody"


@pytest.fixture
def keys() -> KeyEncryptionKeys:
    return KeyEncryptionKeys.generate()


@pytest.mark.parametrize(
    "line",
    [SECRET.hex(), base64.b64encode(SECRET).decode(), f"kek {base64.b64encode(SECRET).decode()}"],
)
def test_a_key_is_read_from_a_file_of_one_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "key"
    file.write_text(f"# of this installation\n\n{line}\n")
    file.chmod(0o600)
    assert KeyEncryptionKeys.load(file) == KeyEncryptionKeys((SECRET,))


def test_keys_are_saved_for_one_user_and_read_back(tmp_path: Path, keys) -> None:
    file = tmp_path / "key"
    keys.rotated().save(file)
    assert file.stat().st_mode & 0o777 == 0o600
    read = KeyEncryptionKeys.load(file)
    assert read.secrets[0] == keys.secrets[0]
    assert read.request_key == keys.request_key
    read.rotated().save(file)
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    assert len(KeyEncryptionKeys.load(file).secrets) == 3


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "holds no key"),
        ("kek short", "line 1"),
        (f"{SECRET.hex()}\nkey {SECRET.hex()}", "line 2: neither kek nor digest"),
        ("zz" * 32, "line 1"),
        ("ồ", "UnicodeDecodeError"),
    ],
)
def test_a_file_that_holds_no_key_is_refused_without_showing_it(tmp_path, text, named) -> None:
    file = tmp_path / "key"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(KeyFileError, match=named) as refused:
        KeyEncryptionKeys.load(file)
    assert SECRET.hex() not in str(refused.value)


def test_a_file_others_can_read_or_that_is_missing_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(SECRET.hex())
    file.chmod(0o644)
    with pytest.raises(KeyFileError, match="open to others"):
        KeyEncryptionKeys.load(file)
    with pytest.raises(KeyFileError, match="FileNotFoundError"):
        KeyEncryptionKeys.load(tmp_path / "none")


def test_a_key_is_unwrapped_for_its_owner_only(keys) -> None:
    wrapped = keys.wrap(SECRET, OWNER)
    assert keys.unwrap(wrapped, OWNER) == SECRET
    with pytest.raises(VaultFault, match="changed or moved"):
        keys.unwrap(wrapped, b"somebody else")


@given(st.integers(0, 12 + 32 + 16 - 1), st.integers(0, 7))
def test_a_change_of_any_bit_of_a_wrapped_key_is_noticed(at: int, bit: int) -> None:
    keys = KeyEncryptionKeys((SECRET,))
    wrapped = keys.wrap(SECRET, OWNER)
    changed = bytearray(wrapped.box)
    changed[at] ^= 1 << bit
    with pytest.raises(VaultFault):
        keys.unwrap(replace(wrapped, box=bytes(changed)), OWNER)


def test_after_a_rotation_old_keys_open_and_new_ones_are_wrapped_by_the_new_key(keys) -> None:
    old, rotated = keys.wrap(SECRET, OWNER), keys.rotated()
    new = rotated.wrap(SECRET, OWNER)
    assert new.kek != old.kek
    assert rotated.unwrap(old, OWNER) == rotated.unwrap(new, OWNER) == SECRET
    with pytest.raises(UnknownKeyEncryptionKey, match=old.kek):
        rotated.retired().unwrap(old, OWNER)
    assert rotated.retired().unwrap(new, OWNER) == SECRET


def test_a_retry_is_recognised_after_every_rotation(keys) -> None:
    before = request_digest(keys.request_key, b"{}")
    later = keys.rotated().rotated().retired()
    assert request_digest(later.request_key, b"{}") == before
    assert request_digest(later.request_key, b"{ }") != before


def test_every_purpose_has_a_key_of_its_own(keys) -> None:
    (secret,) = keys.secrets
    purposes = {keys.request_key, derived(secret, "a"), derived(secret, "b"), secret}
    assert len(purposes) == 4


def test_no_key_shows_when_keys_are_printed(keys) -> None:
    shown = repr(keys) + str(keys)
    assert keys.secrets[0].hex() not in shown
    assert repr(keys.secrets[0])[2:10] not in shown


@pytest.mark.parametrize("written", ["014085001234", "014 085 001 234", "014.085.001-234"])
def test_a_national_id_is_the_same_however_it_is_written(written: str) -> None:
    assert digest(SECRET, written) == digest(SECRET, "014085001234")
    assert digest(SECRET, written) != digest(os.urandom(32), written)


@pytest.mark.parametrize("wrong", ["", "1234", "01408500123x", "٠١٤٠٨٥٠٠١٢٣٤", "0" * 100_000])
def test_what_is_no_national_id_is_refused_and_not_repeated(wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        canonical(wrong)
    assert not wrong or wrong not in str(refused.value)


def test_a_national_id_does_not_show_when_a_wish_is_printed() -> None:
    assert "014085001234" not in f"{Wanted('014085001234')} {[Wanted('014085001234')]}"
