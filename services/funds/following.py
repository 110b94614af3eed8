"""Follows the registry: whoever is erased there is erased here too, and its places are ours."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from chassis.bus import maps, places
from chassis.bus.applying import Write
from chassis.bus.consumer import Consumer
from chassis.bus.envelope import Envelope
from chassis.bus.maps import Change
from chassis.clock import SystemClock
from chassis.log.vault import Vault
from chassis.run.settings import Settings
from chassis.wiring import following as followed
from chassis.wiring import restored
from chassis.wiring.stores import open_stores
from khuyenhoc.registry.v1.events_pb2 import SubjectErased

_KEEP = "INSERT INTO erased SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING"

Told = UUID | Change | None
"""Whom an event erases, or what it changes on the map."""


def told(envelope: Envelope) -> Told:
    """Pure: what a published event means here; ``None`` when nothing."""
    if envelope.type == SubjectErased.DESCRIPTOR.full_name:
        return UUID(SubjectErased.FromString(envelope.data).subject)
    return maps.change(envelope)


def heeding(vault: Vault) -> Write[Told]:
    """Keeps the places; orders and carries out what erasures were ordered there, and keeps whose.
    All of it may be repeated, so nothing is lost if the place in the topic is not moved afterwards.
    """

    async def heed(connection: Any, events: Sequence[tuple[Envelope, Told]]) -> None:
        await places.keep(connection, events)
        subjects = list(dict.fromkeys(each for _, each in events if isinstance(each, UUID)))
        await connection.execute(_KEEP, subjects)
        for subject in subjects:
            await vault.order_erasure(subject)
            await vault.erase(subject)

    return heed


def following(pool: asyncpg.Pool, vault: Vault, settings: Settings) -> Consumer[Told]:
    """What reads the registry's topic."""
    return followed.follower(pool, settings, told, heeding(vault))


async def erase_again(settings: Settings) -> str:
    """After the vault was restored: whom the registry's topic said is erased, once more."""
    return await restored.erase_again(settings, "SELECT subject FROM erased")


async def retry(settings: Settings) -> str:
    """Go through what is parked of the registry's events, in order."""
    async with await open_stores(settings, "operator", size=2) as opened:
        return await followed.retry(settings, told, heeding(opened.vault(SystemClock())))
