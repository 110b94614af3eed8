"""Aggregates and their events: decide in public methods, evolve in private ones; no clock, no I/O.

Built on ``eventsourcing.domain`` (BSD-3-Clause). Two things differ from it. Events carry no
wall-clock time of their own, because the log stamps ``recorded_at`` under its lock. And events are
built and applied over a plan made once per class, where the library looks at signatures each time.
"""

import functools
import os
import secrets
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from hashlib import sha1
from random import Random
from typing import Any, ClassVar, TypeVar, cast, overload
from unicodedata import normalize
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from eventsourcing.domain import Aggregate as LibraryAggregate
from eventsourcing.domain import (
    CanInitAggregate,
    CanMutateAggregate,
    CommandMethodDecorator,
    MetaAggregate,
    MetaDomainEvent,
    OriginatorIDError,
    OriginatorVersionError,
    ProgrammingError,
    _coerce_args_to_kwargs,
    decorated_func_callers,
    decorated_funcs,
    filter_kwargs_for_method_params,
)

from chassis.errors import Said

_F = TypeVar("_F", bound=Callable[..., None])
_Evolve = Callable[..., None]
_HEADER = frozenset({"originator_id", "originator_version"})
_NO_TIME = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is known of an event class once: its own fields and the method that evolves state."""

    fields: tuple[str, ...]
    keys: frozenset[str]
    evolve: _Evolve | None
    accepts: frozenset[str] | None  # None: the method takes exactly the event's fields
    wants_id: bool
    begins: type["Aggregate"] | None  # the class whose first event it is


_plans: dict[type, _Plan] = {}
_homes: dict[type, type["Aggregate"]] = {}
_created: dict[type, type["Event"]] = {}


def own_fields(event_class: type["Event"]) -> tuple[str, ...]:
    """The fields an event class declares, in order, without stream id and version."""
    return _plan_of(event_class).fields


def _plan_of(event_class: type["Event"]) -> _Plan:
    plan = _plans.get(event_class)
    return plan if plan is not None else _plan(event_class)


def _plan(event_class: type["Event"]) -> _Plan:
    names = tuple(field.name for field in fields(event_class) if field.name not in _HEADER)
    evolve = _evolver(event_class)
    wanted = _parameters(evolve) if evolve else frozenset()
    if evolve is None and event_class.apply is not Event.apply:
        raise ProgrammingError(f"{event_class.__qualname__} evolves by @event, not by apply")
    plan = _Plan(
        fields=names,
        keys=frozenset(names),
        evolve=evolve,
        accepts=None if wanted - {"id"} == frozenset(names) else wanted,
        wants_id="id" in wanted,
        begins=_homes[event_class] if issubclass(event_class, Created) else None,
    )
    _plans[event_class] = plan
    return plan


def _evolver(event_class: type["Event"]) -> _Evolve | None:
    if issubclass(event_class, Created):
        home = _homes.get(event_class)
        init = home.__dict__.get("__init__") if home else None
        if isinstance(init, CommandMethodDecorator):
            return init.decorated_func
        return cast("_Evolve | None", getattr(home, "__init__", None))
    return decorated_funcs.get(event_class)


def _parameters(method: _Evolve) -> frozenset[str]:
    code = method.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return frozenset(names) - {"self"}


@dataclass(frozen=True)
class Event(CanMutateAggregate[UUID], metaclass=MetaDomainEvent):
    """A fact of one aggregate: frozen, named for ever by ``TOPIC``, without a clock of its own."""

    TOPIC: ClassVar[str] = ""
    class_version: ClassVar[int] = 1

    originator_id: UUID
    originator_version: int
    timestamp = _NO_TIME  # the library expects one; never stored, never read

    def mutate(self, aggregate: Any) -> Any:
        """Evolve the aggregate by one version.

        Raises:
            OriginatorIDError: the event is another aggregate's.
            OriginatorVersionError: the event is not the next one.
        """
        own = self.__dict__.copy()
        del own["originator_id"], own["originator_version"]
        return evolved(type(self), aggregate, self.originator_id, self.originator_version, own)


@dataclass(frozen=True)
class Created(CanInitAggregate[UUID], Event):
    """The first fact of an aggregate. Which class it begins is known by the event's class."""

    originator_topic = ""  # the library stores the aggregate's module path; we do not
    mutate = Event.mutate


def evolved(
    event_class: type[Event], aggregate: Any, id_: UUID, version: int, own: dict[str, Any]
) -> Any:
    """The aggregate, or None before its first event, after an event of that class and fields.

    The event itself need not be made: of a stream that is read back nobody keeps the events.

    Raises:
        OriginatorIDError: the event is another aggregate's.
        OriginatorVersionError: the event is not the next one.
    """
    plan = _plan_of(event_class)
    if plan.begins is None:
        state = aggregate.__dict__
        if id_ != state["_id"]:
            raise OriginatorIDError(id_, state["_id"])
        if version != state["_version"] + 1:
            raise OriginatorVersionError(version, state["_version"] + 1)
    elif aggregate is None:
        aggregate = object.__new__(plan.begins)
        state = aggregate.__dict__
        state["_id"], state["_pending_events"] = id_, []
    else:
        raise OriginatorVersionError(version, aggregate.version + 1)
    if plan.evolve is not None:
        if plan.accepts is not None:
            own = {name: value for name, value in own.items() if name in plan.accepts}
        if plan.wants_id:
            own["id"] = id_
        plan.evolve(aggregate, **own)
    state["_version"] = version
    return aggregate


def _build(event_class: type[Event], id_: UUID, version: int, own: Mapping[str, Any]) -> Event:
    """Make a frozen event, past its generated ``__init__`` when all its fields are there."""
    plan = _plan_of(event_class)
    if own.keys() != plan.keys:
        return _build_checked(event_class, id_, version, own)
    made = object.__new__(event_class)
    state = made.__dict__
    state["originator_id"] = id_
    state["originator_version"] = version
    for (
        name
    ) in plan.fields:  # declared order, whatever the caller's: it is the order of stored bytes
        state[name] = own[name]
    return made


def _build_checked(
    event_class: type[Event], id_: UUID, version: int, own: Mapping[str, Any]
) -> Event:
    wanted = filter_kwargs_for_method_params(dict(own), event_class)
    try:
        return event_class(originator_id=id_, originator_version=version, **wanted)
    except TypeError as error:
        raise TypeError(f"{event_class.__qualname__} cannot be made: {error}") from None


class _EventMethod(CommandMethodDecorator):
    """``@event`` on a method: calling it makes the event, and the event calls its body."""

    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is None or self.decorated_func.__name__ in {"__init__", "_"}:
            return super().__get__(instance, owner)
        return _BoundEventMethod(self, instance)


class _BoundEventMethod:
    __slots__ = ("_aggregate", "_method")

    def __init__(self, method: _EventMethod, aggregate: "Aggregate") -> None:
        self._method = method
        self._aggregate = aggregate

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        method = self._method
        event_class = cast("type[Event]", decorated_func_callers[method])
        if args or kwargs.keys() != _plan_of(event_class).keys:
            kwargs = _coerce_args_to_kwargs(method.decorated_func, args, kwargs)
            kwargs = filter_kwargs_for_method_params(kwargs, event_class)
        self._aggregate.trigger_event(event_class, **kwargs)


@overload
def event(  # type: ignore[overload-overlap]  # __init__ also takes an id
    event_class: type[Created],
) -> Callable[[_Evolve], _Evolve]: ...
@overload
def event(event_class: type[Event]) -> Callable[[_F], _F]: ...
def event(event_class: type[Event]) -> Any:
    """Mark a method as what evolves state by ``event_class``; calling it makes that event.

    On ``__init__`` the class may be called with ``id`` besides the event's fields.
    """

    def decorate(method: Callable[..., None]) -> Any:
        return _EventMethod(event_spec=event_class, decorated_obj=method)

    return decorate


class _AggregateType(MetaAggregate[Any]):
    def __call__(cls, *args: Any, **kwargs: Any) -> Any:  # noqa: N805  # a metaclass's
        """Create an aggregate by its first event; ``id`` is a new UUIDv7 unless given."""
        event_class = _created.get(cls)
        if event_class is None:
            raise ProgrammingError(f"{cls.__qualname__} has no single first event")
        identity = kwargs.pop("id", None) or uuid7()
        if args or kwargs.keys() != _plan_of(event_class).keys:
            init = cast("_Evolve", _plan_of(event_class).evolve)
            kwargs = _coerce_args_to_kwargs(init, args, kwargs)
        first = _build(event_class, identity, LibraryAggregate.INITIAL_VERSION, kwargs)
        begun = first.mutate(None)
        begun.pending_events.append(first)
        return begun


class Aggregate(LibraryAggregate, metaclass=_AggregateType):
    """The base of every aggregate. Events are nested classes with a permanent ``TOPIC`` each.

    ``class_version`` is the schema of the aggregate's snapshots; raise it when state changes shape.
    ``CALLED`` is what people call such a thing inside a sentence.
    """

    CALLED: ClassVar[Said] = Said("thing", "mục")
    class_version = 1

    class Event(Event):
        pass

    class Created(Created, Event):
        pass

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        events = _events_of(cls)
        for event_class in events:
            if not event_class.TOPIC:
                raise ProgrammingError(f"{event_class.__qualname__} has no TOPIC")
            _homes[event_class] = cls
        firsts = [c for c in events if issubclass(c, CanInitAggregate)]
        if len(firsts) == 1:
            _created[cls] = firsts[0]

    @staticmethod
    def create_id(*_: Any, **__: Any) -> UUID:
        return uuid7()

    def trigger_event(self, event_class: type[Any], **own: Any) -> None:
        made = _build(event_class, self._id, self._version + 1, own)
        made.mutate(self)
        self._pending_events.append(made)

    def collect_events(self) -> Sequence[Any]:
        """Hand over the events not yet stored, oldest first, and forget them."""
        collected, self._pending_events = self._pending_events, []
        return collected


def _events_of(cls: type) -> list[type[Event]]:
    return [
        value
        for name, value in cls.__dict__.items()
        if isinstance(value, type) and issubclass(value, Event) and name not in {"Event", "Created"}
    ]


def events_of(cls: type[Aggregate]) -> tuple[type[Event], ...]:
    """The event classes of an aggregate class, in the order they are written."""
    return tuple(_events_of(cls))


_final: dict[type, bool] = {}


def acts_later(cls: type[Aggregate]) -> bool:
    """Whether anything can befall an aggregate of that class after its first event."""
    final = _final.get(cls)
    if final is None:
        final = _final[cls] = all(issubclass(c, Created) for c in _events_of(cls))
    return not final


def natural_id(province: str, kind: str, *parts: str) -> UUID:
    """The id of what must be unique: UUIDv5 of a compact JSON array of kind and parts, in NFC.

    The namespace is the UUIDv5 of ``urn:khuyenhoc:<province>`` under the URL namespace (RFC 9562).
    """
    name = _json.encode([kind, *parts])
    if not name.isascii():
        name = normalize("NFC", name.decode()).encode()
    return hashed_id(_namespace(province), name)


_json = msgspec.json.Encoder()


@functools.cache
def _namespace(province: str) -> bytes:
    return uuid5(NAMESPACE_URL, f"urn:khuyenhoc:{province}").bytes


def hashed_id(namespace: bytes, name: bytes) -> UUID:
    """The UUIDv5 of a name under a namespace (RFC 9562 5.5), both as bytes."""
    digest = bytearray(sha1(namespace + name).digest()[:16])  # noqa: S324  # the RFC's choice
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return _id(bytes(digest))


def _of_bytes(raw: bytes) -> UUID:
    return UUID(bytes=raw)


_id: Callable[[bytes], UUID] = _of_bytes


def ids_are(made: Callable[[bytes], UUID]) -> None:
    """Let ids be made of their 16 bytes by a subclass of ``UUID`` that is quicker to hash."""
    global _id  # noqa: PLW0603  # which class it is, is the log's to know and not the domain's
    _id = made


def quick_id(id_: UUID) -> UUID:
    """The same id, of the class that is quicker to hash, if there is one."""
    return _id(id_.bytes)


_last_tick = 0
_random = Random(secrets.randbits(256))  # noqa: S311  # for names, not for secrets
os.register_at_fork(after_in_child=lambda: _random.seed(secrets.randbits(256)))


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562 5.7), strictly increasing within the process.

    The 12 bits after the milliseconds hold the fraction of the millisecond (method 3 of 6.2). It
    names things and is no secret, so its random half comes from a generator seeded once.
    """
    global _last_tick  # noqa: PLW0603  # monotonic means remembering the last one
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    _last_tick = tick = max(milliseconds << 12 | (rest << 12) // 1_000_000, _last_tick + 1)
    high = (tick >> 12) << 16 | 0x7 << 12 | tick & 0xFFF
    return _id(_halves(high, 0x2 << 62 | _random.getrandbits(62)))


_halves = struct.Struct(">QQ").pack
