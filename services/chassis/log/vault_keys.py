"""Key-encryption keys: read from a file for one user, used to wrap every other key of a vault."""

import base64
import binascii
import hashlib
import hmac
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis.log.vault_faults import UnknownKeyEncryptionKey, VaultFault, unknown_key

KEY_BYTES = 32
_NONCE_BYTES = 12
_OWNER_ONLY = 0o600


class KeyFileError(VaultFault):
    """The key file cannot be used; the message never repeats what stands in it."""


def derived(secret: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose (HKDF-SHA-256, RFC 5869)."""
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(secret)


def request_digest(key: bytes, body: bytes) -> bytes:
    """What is remembered of a command's body, to tell a retry from another request under its key.

    A keyed digest, 32 bytes: a plain hash of a national id is found by trying them all.
    """
    return hmac.digest(key, body, "sha256")


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A key under a key-encryption key, and which one."""

    kek: str
    box: bytes


@dataclass(frozen=True)
class KeyEncryptionKeys:
    """The keys of a key file: the last wraps, the earlier ones still unwrap.

    The file has one line a key, ``kek <base64 of 32 bytes>``, and after a rotation one line
    ``digest <base64>``, which keeps :attr:`request_key` what it was: commands are remembered as
    long as the log. Lines that begin with ``#`` are remarks; a bare base64 line is a ``kek``.
    """

    secrets: tuple[bytes, ...] = field(repr=False)
    digest: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        by_id = {
            derived(secret, "khuyenhoc kek id 1")[:8].hex(): AESGCM(secret)
            for secret in self.secrets
        }
        object.__setattr__(self, "_by_id", by_id)
        object.__setattr__(self, "current", list(by_id)[-1])

    current: str = field(init=False)
    _by_id: dict[str, AESGCM] = field(init=False, repr=False, compare=False)

    @property
    def request_key(self) -> bytes:
        """The key of :func:`request_digest`; it outlives rotations."""
        return self.digest or derived(self.secrets[0], "khuyenhoc request digest 1")

    @classmethod
    def generate(cls) -> Self:
        return cls((os.urandom(KEY_BYTES),))

    def rotated(self) -> Self:
        """The same with a new key that wraps from now on. Write it, restart, then ``rewrap``."""
        return type(self)((*self.secrets, os.urandom(KEY_BYTES)), self.request_key)

    def retired(self) -> Self:
        """The same with the newest key alone, once nothing is wrapped by the others."""
        return type(self)(self.secrets[-1:], self.request_key)

    def wrap(self, key: bytes, owner: bytes) -> Wrapped:
        """Wrap a key (AES-256-GCM), bound to the one whose key it is."""
        nonce = os.urandom(_NONCE_BYTES)
        box = self._by_id[self.current].encrypt(nonce, key, owner)
        return Wrapped(self.current, nonce + box)

    def unwrap(self, wrapped: Wrapped, owner: bytes) -> bytes:
        """The key.

        Raises:
            UnknownKeyEncryptionKey: the file does not hold the key that wrapped it.
            VaultFault: it was changed, or belongs to somebody else.
        """
        cipher = self._by_id.get(wrapped.kek)
        if cipher is None:
            raise unknown_key(wrapped.kek)
        nonce, body = wrapped.box[:_NONCE_BYTES], wrapped.box[_NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, body, owner)
        except (InvalidTag, ValueError):
            raise VaultFault(f"a key wrapped by {wrapped.kek} was changed or moved") from None

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a key file that nobody else can read.

        Raises:
            KeyFileError: it is missing, open to others, or malformed.
        """
        try:
            state, text = path.stat(), path.read_text("ascii")
        except (OSError, UnicodeError) as fault:
            raise KeyFileError(f"key file {path}: {type(fault).__name__}") from None
        # Mounted as root's, a group may read it: that is how platforms hand a key to one process.
        closed = 0o077 if state.st_uid == os.geteuid() else 0o037
        if stat.S_IMODE(state.st_mode) & closed:
            raise KeyFileError(f"key file {path} is open to others; chmod 600 it")
        return cls.parse(text.splitlines())

    @classmethod
    def parse(cls, lines: Iterable[str]) -> Self:
        """The keys of a file's lines; ``KeyFileError`` names the line that is wrong."""
        secrets, digest = [], None
        for number, line in enumerate(lines, 1):
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            secret = _secret(words[-1], number)
            if words[:-1] in ([], ["kek"]):
                secrets.append(secret)
            elif words[:-1] == ["digest"]:
                digest = secret
            else:
                raise KeyFileError(f"key file line {number}: neither kek nor digest")
        if not secrets:
            raise KeyFileError("the key file holds no key-encryption key")
        return cls(tuple(secrets), digest)

    def save(self, path: Path) -> None:
        """Write a new file, mode 0600, and put it in the place of the old one at once."""
        draft = path.with_name(f".{path.name}.new")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in self._lines())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def _lines(self) -> Iterable[str]:
        for secret in self.secrets:
            yield f"kek {base64.b64encode(secret).decode()}"
        if self.digest:
            yield f"digest {base64.b64encode(self.digest).decode()}"


def fingerprint(key: bytes) -> bytes:
    """A name of 32 bytes for a data key, from which nothing of the key is learned."""
    return hashlib.sha256(b"khuyenhoc data key 1" + key).digest()


def _secret(text: str, line: int) -> bytes:
    hexadecimal = len(text) == 2 * KEY_BYTES
    try:
        secret = bytes.fromhex(text) if hexadecimal else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeyFileError(f"key file line {line}: not {KEY_BYTES} bytes in base64 or hex")
    return secret


__all__ = [
    "KeyEncryptionKeys",
    "KeyFileError",
    "UnknownKeyEncryptionKey",
    "Wrapped",
    "derived",
    "fingerprint",
    "request_digest",
]
