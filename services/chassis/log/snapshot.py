"""Snapshots: the state of a long-lived aggregate, kept to spare replaying it; always disposable.

State is written as JSON in which every value that JSON has no form for is a one-key object, and
read back over a list of classes known beforehand: nothing stored can name a class to import.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import FunctionType
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.domain import CommandMethodDecorator

from chassis.domain import Aggregate

EVERY = 100  # events
MAX_BYTES = 256 * 1024
_HEADER = frozenset({"_id", "_version", "_pending_events"})
_PLAIN = (str, int, float, bool, type(None))


class Unwritable(TypeError):  # noqa: N818  # its name says what is wrong
    """State holds a value that snapshots have no form for; the aggregate then goes without."""


def is_due(before: int, after: int) -> bool:
    """Whether these versions straddle the point where a snapshot is taken."""
    return before // EVERY < after // EVERY


class Form:
    """How the state of one aggregate class is written and read."""

    def __init__(self, aggregate_class: type[Aggregate]) -> None:
        self._class = aggregate_class
        self._known = {c.__qualname__: c for c in _value_classes(aggregate_class)}
        self.schema = f"{aggregate_class.class_version}:{_fingerprint(aggregate_class)}"

    def write(self, aggregate: Aggregate) -> bytes | None:
        """The state as JSON; None when it is too large or holds what has no form."""
        own = {k: v for k, v in vars(aggregate).items() if k not in _HEADER}
        try:
            state = msgspec.json.encode(self._pack(own))
        except Unwritable:
            return None
        return state if len(state) <= MAX_BYTES else None

    def read(self, stream: UUID, version: int, state: bytes) -> Aggregate:
        """The aggregate as it was, with nothing pending."""
        aggregate: Aggregate = object.__new__(self._class)
        vars(aggregate).update(self._unpack(msgspec.json.decode(state)))
        vars(aggregate).update(_id=stream, _version=version, _pending_events=[])
        return aggregate

    def _pack(self, value: Any) -> Any:
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is list:
            return [self._pack(item) for item in value]
        for name, known, pack in _FORMS:
            if kind is known or (known is UUID and isinstance(value, UUID)):
                return {name: pack(self, value)}
        return self._pack_known(value)

    def _pack_known(self, value: Any) -> Any:
        kind = type(value)
        if self._known.get(kind.__qualname__) is not kind:
            raise Unwritable(f"{kind.__qualname__} has no form in a snapshot")
        if isinstance(value, Enum):
            return {"enum": [kind.__qualname__, value.name]}
        parts = {name: self._pack(getattr(value, name)) for name in _names(kind)}
        return {"object": [kind.__qualname__, parts]}

    def _unpack(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._unpack(item) for item in value]
        if not isinstance(value, dict):
            return value
        ((name, content),) = value.items()
        return _READERS[name](self, content)


def _pack_items(form: Form, value: Any) -> Any:
    return [form._pack(item) for item in value]  # noqa: SLF001  # one module


def _pack_pairs(form: Form, value: Any) -> Any:
    return [[form._pack(k), form._pack(v)] for k, v in value.items()]  # noqa: SLF001


def _unpack_pairs(form: Form, content: Any) -> Any:
    return {form._unpack(k): form._unpack(v) for k, v in content}  # noqa: SLF001


def _unpack_object(form: Form, content: Any) -> Any:
    name, parts = content
    known = form._known[name]  # noqa: SLF001
    return known(**{key: form._unpack(value) for key, value in parts.items()})  # noqa: SLF001


_FORMS: tuple[tuple[str, type, Callable[[Form, Any], Any]], ...] = (
    ("map", dict, _pack_pairs),
    ("tuple", tuple, _pack_items),
    ("set", set, _pack_items),
    ("frozenset", frozenset, _pack_items),
    ("uuid", UUID, lambda _, value: str(value)),
    ("date", date, lambda _, value: value.isoformat()),
    ("time", datetime, lambda _, value: value.isoformat()),
    ("bytes", bytes, lambda _, value: value.hex()),
)
_READERS: dict[str, Callable[[Form, Any], Any]] = {
    "map": _unpack_pairs,
    "tuple": lambda form, content: tuple(map(form._unpack, content)),  # noqa: SLF001
    "set": lambda form, content: set(map(form._unpack, content)),  # noqa: SLF001
    "frozenset": lambda form, content: frozenset(map(form._unpack, content)),  # noqa: SLF001
    "uuid": lambda _, content: UUID(content),
    "date": lambda _, content: date.fromisoformat(content),
    "time": lambda _, content: datetime.fromisoformat(content),
    "bytes": lambda _, content: bytes.fromhex(content),
    "enum": lambda form, content: form._known[content[0]][content[1]],  # noqa: SLF001
    "object": _unpack_object,
}


def _names(kind: Any) -> tuple[str, ...]:
    if issubclass(kind, msgspec.Struct):
        return tuple(kind.__struct_fields__)
    return tuple(field.name for field in fields(kind))


def _value_classes(aggregate_class: type[Aggregate]) -> Iterator[Any]:
    """The enums and plain values that the aggregate's own module has names for."""
    for value in vars(sys.modules[aggregate_class.__module__]).values():
        if not isinstance(value, type) or issubclass(value, Aggregate):
            continue
        if issubclass(value, Enum | msgspec.Struct) or is_dataclass(value):
            yield value


def _fingerprint(aggregate_class: type[Aggregate]) -> str:
    """Changes when a method of the class does, so that no state outlives the code that made it."""
    digest = hashlib.sha256()
    for name, value in sorted(vars(aggregate_class).items()):
        method = value.decorated_func if isinstance(value, CommandMethodDecorator) else value
        if isinstance(method, FunctionType):
            code = method.__code__
            plain = [c for c in code.co_consts if isinstance(c, _PLAIN)]
            said = f"{name} {code.co_names} {code.co_varnames} {plain}"
            digest.update(said.encode() + code.co_code)
    return digest.hexdigest()[:12]
