"""Follows the registry: whoever is erased there is erased here too."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from chassis.bus.applying import Write
from chassis.bus.consumer import Consumer
from chassis.bus.envelope import Envelope
from chassis.bus.kafka import Membership
from chassis.log.vault import Vault
from chassis.run.settings import Settings
from khuyenhoc.registry.v1.events_pb2 import SubjectErased

REGISTRY = "registry"


def erased(envelope: Envelope) -> UUID | None:
    """Pure: whom a published event erases; ``None`` for every other event."""
    if envelope.type != SubjectErased.DESCRIPTOR.full_name:
        return None
    return UUID(SubjectErased.FromString(envelope.data).subject)


def forgetting(vault: Vault) -> Write[UUID | None]:
    """Orders and carries out what was ordered there. Both may be repeated, so nothing is lost if
    the place in the topic is not moved afterwards.
    """

    async def forget(_: Any, events: Sequence[tuple[Envelope, UUID | None]]) -> None:
        for subject in dict.fromkeys(subject for _, subject in events if subject is not None):
            await vault.order_erasure(subject)
            await vault.erase(subject)

    return forget


def following(pool: asyncpg.Pool, vault: Vault, settings: Settings) -> Consumer[UUID | None]:
    """What reads the registry's topic; its place is kept in this service's own database."""
    topic = settings.topic_of(REGISTRY)
    membership = Membership(
        bootstrap=settings.require("kafka_bootstrap"),
        group=f"khuyenhoc.{settings.province}.funds",
        topics=(topic,),
    )
    logs = {topic: f"{settings.province}.{REGISTRY}"}
    return Consumer(pool, membership, logs, erased, forgetting(vault))
