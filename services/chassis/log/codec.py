"""Events to bytes and back: typed JSON per event class, an allow-list of names, upcasting."""

from dataclasses import MISSING, fields
from functools import lru_cache
from typing import Any, get_args, get_type_hints
from uuid import UUID

import msgspec

from chassis.domain import Aggregate, Event, events_of, evolved, own_fields, quick_id
from chassis.log.leaf import MAX_TYPE_BYTES
from chassis.log.record import NewEvent, Recorded


class UnknownEvent(LookupError):  # noqa: N818  # its name says what is wrong
    """A stored event whose type is on nobody's list; it is never looked up by import."""


class NewerEvent(ValueError):  # noqa: N818
    """A stored event written by a newer program than this one."""


class Meta(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is stored beside the payload: class version, who acted, and the trace it came from."""

    v: int = msgspec.field()
    actor: UUID = msgspec.field()
    trace: str | None = None


_encoder = msgspec.json.Encoder()
_meta_decoder = msgspec.json.Decoder(Meta)


@lru_cache(maxsize=4096)
def meta_bytes(class_version: int, actor: UUID, trace: str | None) -> bytes:
    """The meta column of one act; the rows of a batch share it."""
    return _encoder.encode(Meta(class_version, actor, trace))


class _Form:
    """How one event class is written and read."""

    __slots__ = ("decoder", "event_class", "ids", "names", "struct", "type", "version")

    def __init__(self, event_class: type[Event]) -> None:
        if len(event_class.TOPIC.encode()) > MAX_TYPE_BYTES:
            raise ValueError(f"{event_class.TOPIC[:40]}... is too long a name for an entry")
        self.event_class = event_class
        self.type = event_class.TOPIC
        self.version = event_class.class_version
        self.names = own_fields(event_class)
        self.struct = _struct_of(event_class, self.names)
        self.decoder = msgspec.json.Decoder(self.struct)
        hints = get_type_hints(event_class)
        self.ids = tuple(
            name for name in self.names if UUID in (hints[name], *get_args(hints[name]))
        )

    def encode(self, event: Event) -> bytes:
        """The payload's bytes, read back once: what cannot be read as it was must not be stored."""
        own = event.__dict__.copy()
        del own["originator_id"], own["originator_version"]
        written = self.struct(**own)
        payload = _encoder.encode(written)
        if self.decoder.decode(payload) != written:
            raise TypeError(f"{self.type} does not read back as it was written; check its types")
        return payload

    def decode(self, payload: bytes | str, version: int) -> dict[str, Any]:
        own = msgspec.structs.asdict(
            self.decoder.decode(payload)
            if version == self.version
            else self._upcast(msgspec.json.decode(payload), version)
        )
        for name in self.ids:
            if type(value := own[name]) is UUID:
                own[name] = quick_id(value)
        return own

    def _upcast(self, state: dict[str, Any], version: int) -> msgspec.Struct:
        for older in range(version, self.version):
            getattr(self.event_class, f"upcast_v{older}_v{older + 1}")(state)
        return msgspec.convert(state, self.struct)


def _struct_of(event_class: type[Event], names: tuple[str, ...]) -> type[msgspec.Struct]:
    hints = get_type_hints(event_class, include_extras=True)
    defaults = {f.name: f.default for f in fields(event_class) if f.default is not MISSING}
    return msgspec.defstruct(
        event_class.__name__,
        [
            (name, hints[name], defaults[name]) if name in defaults else (name, hints[name])
            for name in names
        ],
        kw_only=True,
        forbid_unknown_fields=True,
    )


class Codec:
    """The events of the given aggregate classes, by ``TOPIC``. Everything else is refused."""

    def __init__(self, *aggregate_classes: type[Aggregate]) -> None:
        self._by_type: dict[str, _Form] = {}
        self._by_class: dict[type[Event], _Form] = {}
        for aggregate_class in aggregate_classes:
            for event_class in events_of(aggregate_class):
                self._add(event_class)

    def _add(self, event_class: type[Event]) -> None:
        form = _Form(event_class)
        if form.type in self._by_type:
            raise ValueError(f"two event classes are named {form.type}")
        self._by_type[form.type] = self._by_class[event_class] = form

    @property
    def types(self) -> tuple[str, ...]:
        """Every event name this codec reads and writes."""
        return tuple(self._by_type)

    def encode(self, event: Event, actor: UUID, trace: str | None = None) -> NewEvent:
        """Write an event down.

        Raises:
            UnknownEvent: its class is not on the list.
            TypeError: a field holds another type than it declares.
        """
        form = self._by_class.get(type(event))
        if form is None:
            raise UnknownEvent(f"{type(event).__qualname__} is not an event of this service")
        return NewEvent(
            event.originator_id,
            event.originator_version,
            form.type,
            form.encode(event),
            meta_bytes(form.version, actor, trace),
        )

    def decode(self, recorded: Recorded) -> Event:
        """Read a stored event, brought up to the present version of its class.

        Raises:
            UnknownEvent: no class of this service has that name.
            NewerEvent: it was written by a later version of the class.
            msgspec.ValidationError: the payload does not fit the class.
        """
        it = recorded
        form, own = self._read(it.position, it.type, it.payload, it.meta)
        event = object.__new__(form.event_class)
        state = event.__dict__
        state["originator_id"] = it.stream
        state["originator_version"] = it.version
        state.update(own)
        return event

    def evolved(
        self,
        aggregate: Any,
        position: int,
        stream: UUID,
        version: int,
        type_: str,
        payload: bytes | str,
        meta: bytes | str,
    ) -> Any:
        """The aggregate (None before its first event) after a stored event; raises as ``decode``
        and as :func:`chassis.domain.evolved`.
        """
        form, own = self._read(position, type_, payload, meta)
        return evolved(form.event_class, aggregate, stream, version, own)

    def _read(
        self, position: int, type_: str, payload: bytes | str, meta: bytes | str
    ) -> tuple[_Form, dict[str, Any]]:
        form = self._by_type.get(type_)
        if form is None:
            raise UnknownEvent(f"{type_} at position {position} is unknown here")
        written = _version(meta)
        if written > form.version:
            raise NewerEvent(
                f"{type_} at position {position} has version {written}; "
                f"this program knows up to {form.version}"
            )
        return form, form.decode(payload, written)


@lru_cache(maxsize=4096)
def _version(meta: bytes | str) -> int:
    """The class version in a meta column; the rows of a batch share one."""
    return _meta_decoder.decode(meta).v


def read_meta(meta: bytes) -> Meta:
    """Who acted, and under which class version an event was written."""
    return _meta_decoder.decode(meta)
