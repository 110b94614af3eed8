"""Pure: a published event in, what it adds to the statistics out."""

from collections.abc import Callable

from chassis.area import Areas
from chassis.bus.maps import Published, change
from google.protobuf.message import DecodeError
from khuyenhoc.log.v1 import log_pb2

from reporting.projections import funds, registry, training
from reporting.projections.known import PROJECTIONS, names_of
from reporting.projections.reading import Places
from reporting.projections.rows import NOTHING, Increment, Member, Rows, Series, Unprojectable

__all__ = ["Increment", "Member", "Rows", "Series", "Unprojectable", "known_types", "projector"]


Project = Callable[[Published], Rows]
_WITHOUT_STATISTIC: frozenset[str] = names_of(log_pb2.Withheld).union(
    *(service.WITHOUT_STATISTIC for service in (training, funds, registry))
)
"""Events that are known and change no figure. A type that is neither here nor projected parks."""


def known_types() -> frozenset[str]:
    """Full names of every event type whose effect on the figures has been decided."""
    return _WITHOUT_STATISTIC | PROJECTIONS.keys()


def projector(areas: Areas) -> Project:
    """What turns the published events of a province into rows.

    The function it gives raises Unprojectable for a type nobody has decided about, for bytes that
    are not of the type named, and for what an event cannot truthfully say.
    """
    places = Places(areas)

    def project(event: Published) -> Rows:
        found = PROJECTIONS.get(event.type)
        if found is None:
            if event.type in _WITHOUT_STATISTIC:
                return _on_the_map(event)
            raise Unprojectable(f"nothing is known of events of type {event.type[:100]}")
        message, projection = found
        try:
            fact = message.FromString(event.data)
        except DecodeError:
            raise Unprojectable(f"the data is not a {event.type}") from None
        return projection(fact, places)

    return project


def _on_the_map(event: Published) -> Rows:
    """What an event that changes no figure changes on the map."""
    changed = change(event)
    return Rows(change=changed) if changed else NOTHING
