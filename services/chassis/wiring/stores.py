"""The two databases of a service: opened together, brought to their heads, asked if they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import asyncpg

from chassis.clock import Clock
from chassis.errors import Busy
from chassis.log.vault import KeyEncryptionKeys, Vault, request_digest
from chassis.run import database
from chassis.run.settings import Settings

Schema = tuple[asyncpg.Pool, Sequence[Path]]
"""A database and the folders of its migrations."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The service's own database and its vault, open until :meth:`close` or the block's end."""

    pool: asyncpg.Pool
    vault_pool: asyncpg.Pool
    keys: KeyEncryptionKeys

    def vault(self, clock: Clock) -> Vault:
        return Vault(self.vault_pool, self.keys, clock)

    @property
    def digest(self) -> Callable[[bytes], bytes]:
        """What a request is known by when it is sent again, keyed."""
        return partial(request_digest, self.keys.request_key)

    async def close(self) -> None:
        await self.pool.close()
        await self.vault_pool.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def open_stores(settings: Settings, role: str, *, size: int, vault_size: int = 4) -> Stores:
    """Both databases, for one role; nothing is left open when one cannot be reached.

    Raises:
        SettingsError: an address or the key file is not named.
        OSError, asyncpg.PostgresError: a server is not there, or does not let us in.
    """
    keys = KeyEncryptionKeys.load(Path(settings.require("key_file")))
    name, vault_url = f"{settings.service}-{role}", settings.require("vault_url")
    pool = await database.open_pool(settings.database_url, application_name=name, max_size=size)
    try:
        vault_pool = await database.open_pool(vault_url, application_name=name, max_size=vault_size)
    except BaseException:
        await pool.close()
        raise
    return Stores(pool, vault_pool, keys)


async def migrate(settings: Settings, main: Sequence[Path], vault: Sequence[Path]) -> list[str]:
    """Bring the service's database and its vault to their heads; give the files applied.

    Raises:
        MigrationError: as :func:`chassis.run.database.migrate`.
    """
    applied = await database.migrate(settings.require("owner_url"), main, settings.app_role)
    role = urlsplit(settings.require("vault_url")).username or settings.service
    return applied + await database.migrate(settings.require("vault_owner_url"), vault, role)


async def ready(*schemas: Schema) -> None:
    """Pass when every database is there and at the head of its migrations.

    Raises:
        Busy: one lacks some; the sentence names them.
    """
    lacking = [name for schema in schemas for name in await database.missing(*schema)]
    if lacking:
        files = ", ".join(lacking)
        raise Busy(
            f"the database lacks {files}; run migrate",
            f"cơ sở dữ liệu còn thiếu {files}; cần chạy migrate",
        )
