"""Which event types have been decided about, and what each adds."""

from collections.abc import Callable
from typing import Any, TypeVar

from google.protobuf.message import Message

from reporting.projections.reading import Places
from reporting.projections.rows import Rows

Event = TypeVar("Event", bound=Message)
Projection = Callable[[Event, Places], Rows]

PROJECTIONS: dict[str, tuple[type[Message], Callable[[Any, Places], Rows]]] = {}


def projects(message: type[Event]) -> Callable[[Projection[Event]], Projection[Event]]:
    """Mark the function that says what an event of this type adds."""

    def register(projection: Projection[Event]) -> Projection[Event]:
        PROJECTIONS[message.DESCRIPTOR.full_name] = (message, projection)
        return projection

    return register


def names_of(*messages: type[Message]) -> frozenset[str]:
    """The full names of event types."""
    return frozenset(message.DESCRIPTOR.full_name for message in messages)
