"""Sealed values: personal text a log may keep for ever, readable while its person's key lives."""

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.errors import Erased
from chassis.log.vault_faults import lost_key, tampered

FORM = "kv1"
_FORM = FORM.encode()
KEY_BYTES = 32
_NONCE_BYTES = 12
_BLOCK = 32  # lengths are told only in steps of this many bytes
_MARK = b"\x80"  # ISO/IEC 7816-4 padding
_HEAD = struct.Struct(">3s16sQ16s")


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="sealed", tag=FORM):
    """One personal text under the key of ``subject``; opaque to whoever holds it.

    msgspec writes it into an event's JSON by itself, for ever in this form:
    ``{"sealed":"kv1","subject":"<uuid>","box":"<base64>"}``, where the box is a nonce of 12 bytes,
    the ciphertext and the tag of AES-256-GCM (NIST SP 800-38D).
    """

    subject: UUID
    box: bytes

    def to_text(self) -> str:
        return msgspec.json.encode(self).decode("ascii")

    @classmethod
    def from_text(cls, text: str) -> "Sealed":
        """Raises msgspec.ValidationError (a ValueError) when the text is not in that form."""
        return msgspec.json.decode(text, type=cls)

    def __repr__(self) -> str:
        return f"Sealed({self.subject})"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands: the event, and the path of the field in its payload."""

    stream: UUID
    version: int
    path: str

    def bound_to(self, subject: UUID) -> bytes:
        """The associated data: a box opens in this place and for this person only."""
        return _head(self.stream, self.version, subject) + self.path.encode()


@dataclass(frozen=True, slots=True)
class ErasedValue:
    """What is read in place of a value whose key was destroyed by order."""

    subject: UUID


Opened = str | ErasedValue


def required(value: Opened) -> str:
    """The text, for a command that cannot do without it.

    Raises:
        Erased: there is none any more.
    """
    if isinstance(value, ErasedValue):
        raise erased(value.subject)
    return value


def erased(subject: UUID) -> Erased:
    return Erased(
        f"the personal data of {subject} was erased",
        f"dữ liệu cá nhân của người mang mã {subject} đã được xóa",
    )


class _Gone:
    """In place of a key: destroyed by order."""


GONE: Final = _Gone()
Key = AESGCM | _Gone | None
"""A person's key, :data:`GONE` after an order of erasure, ``None`` when it is lost."""


class Keyring:
    """The keys of some people, held for one piece of work and never longer."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Mapping[UUID, Key]) -> None:
        self._keys = keys

    def __or__(self, other: "Keyring") -> "Keyring":
        """The keys of both."""
        return Keyring({**self._keys, **other._keys})

    def seal(
        self, subject: UUID, stream: UUID, version: int, texts: Mapping[str, str]
    ) -> dict[str, Sealed]:
        """Seal one person's fields of one event; texts and answers by path, as ``holder.name``.

        Raises:
            Erased: the person was erased.
            LostKey: their key is missing without an order.
        """
        key = self._key(subject)
        if isinstance(key, _Gone):
            raise erased(subject)
        head = _head(stream, version, subject)
        nonces = os.urandom(_NONCE_BYTES * len(texts))
        sealed = {}
        for number, (path, text) in enumerate(texts.items()):
            nonce = nonces[_NONCE_BYTES * number : _NONCE_BYTES * (number + 1)]
            box = key.encrypt(nonce, _padded(text), head + path.encode())
            sealed[path] = Sealed(subject, nonce + box)
        return sealed

    def open(self, sealed: Sealed, place: Place) -> Opened:
        """The text, or :class:`ErasedValue`. For machines; people read through ``Vault.read``.

        Raises:
            Tampered: the value was changed, or taken from another place or person.
            LostKey: the key is missing without an order.
        """
        key = self._key(sealed.subject)
        if isinstance(key, _Gone):
            return ErasedValue(sealed.subject)
        nonce, body = sealed.box[:_NONCE_BYTES], sealed.box[_NONCE_BYTES:]
        try:
            padded = key.decrypt(nonce, body, place.bound_to(sealed.subject))
        except (InvalidTag, ValueError):
            raise tampered(sealed.subject, place.path) from None
        return padded[: padded.rindex(_MARK)].decode()

    def _key(self, subject: UUID) -> AESGCM | _Gone:
        key = self._keys.get(subject)
        if key is None:
            raise lost_key(subject)
        return key


def _head(stream: UUID, version: int, subject: UUID) -> bytes:
    return _HEAD.pack(_FORM, stream.bytes, version, subject.bytes)


def _padded(text: str) -> bytes:
    marked = text.encode() + _MARK
    return marked + bytes(-len(marked) % _BLOCK)
