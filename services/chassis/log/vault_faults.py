"""What can be wrong with a vault: never the caller's fault, and never like an erasure."""

from uuid import UUID

import structlog

from chassis.run.metrics import VAULT_ALARMS

_log = structlog.get_logger("log.vault")


class VaultFault(Exception):  # noqa: N818  # named like errors.Fault: something is broken
    """The vault cannot do what it must. The message holds no personal data."""


class LostKey(VaultFault):
    """A key is missing though nobody ordered an erasure."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the key of {what} is missing and no erasure was ordered")


class Tampered(VaultFault):
    """A sealed value does not belong where it stands, or was changed."""


class UnknownKeyEncryptionKey(VaultFault):
    """A key was wrapped by a key-encryption key that is not in the key file."""


class ErasureNotOrdered(VaultFault):
    """Somebody would destroy a key without an order on record."""


def lost_key(what: UUID | str) -> LostKey:
    """Raise the alarm, and give the error to raise."""
    VAULT_ALARMS.labels("lost_key").inc()
    _log.critical(
        "key lost: restore the vault's database from its newest backup; nothing was erased",
        subject=str(what),
    )
    return LostKey(str(what))


def tampered(subject: UUID, path: str) -> Tampered:
    VAULT_ALARMS.labels("tampered").inc()
    _log.critical("sealed value does not open where it stands", subject=str(subject), path=path)
    return Tampered(f"a value of {subject} at {path} does not open where it stands")


def unknown_key(kek: str) -> UnknownKeyEncryptionKey:
    VAULT_ALARMS.labels("unknown_key").inc()
    _log.critical("key-encryption key is not in the key file", kek=kek)
    return UnknownKeyEncryptionKey(f"key-encryption key {kek} is not in the key file")
