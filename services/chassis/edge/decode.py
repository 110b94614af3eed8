"""From bytes to a typed command: what is wrong, where, and with which value."""

import json
import re
from datetime import date
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import inspect

from chassis.edge.fields import Part, Version
from chassis.errors import Fault, Invalid, KeyRequired, Malformed

LONGEST_KEY = 64
_LONGEST_NUMBER = 100  # digits read of a number that is refused anyway
_SHOWN = 100
_PLACE = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?", re.DOTALL)
_NAMED = re.compile(r"(?P<kind>unknown field|missing required field|)\s?`(?P<name>.*)`", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[([^\]]*)\]")
_KINDS = {"unknown field": "unknown-field", "missing required field": "missing"}

C = TypeVar("C", bound=Part)


class _Keyed(msgspec.Struct):
    key: Any = None


class DuplicateFieldError(ValueError):
    """A JSON object names a field twice (RFC 8259 leaves open which one would count)."""


_names = msgspec.json.Decoder(dict[str, msgspec.Raw])
_keyed = msgspec.json.Decoder(_Keyed)


def checked_key(key: object, where: str) -> str:
    """An idempotency key: 1 to 64 printable ASCII characters.

    Raises:
        KeyRequired: it is missing, or is not that.
    """
    if type(key) is str and 0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable():
        return key
    if not key:
        said = "is missing"
    elif isinstance(key, str):
        said = f"has {len(key)} characters" if len(key) > LONGEST_KEY else "has others"
    else:
        said = "is not a text"
    detail = f"a key of 1 to {LONGEST_KEY} printable ASCII characters is required; this one {said}"
    raise KeyRequired(detail, faults=[Fault(where, "key-required", detail)])


class Form(Generic[C]):
    """How one command type is read, alone or as a row with its ``key`` and ``if_version``."""

    def __init__(self, command: type[C]) -> None:
        self.command = command
        self.row_type = _row_type(command)
        self._one = msgspec.json.Decoder(command)
        self._row = msgspec.json.Decoder(self.row_type)
        self._encoder = msgspec.json.Encoder()
        marked = _marked(command)
        self._personal = frozenset(name for name, mark in marked if mark == "personal")
        self._act_days = tuple(name for name, mark in marked if mark == "act_day")

    def one(self, raw: bytes) -> C:
        """The command in a body.

        Raises:
            Malformed: it is not JSON in UTF-8, or nested too deeply.
            Invalid: a field is unknown, missing, given twice or breaks its rule.
        """
        try:
            command = self._one.decode(raw)
            _refuse_duplicates(raw)
        except (ValueError, RecursionError) as error:
            raise self._explained(error, raw) from error
        return command

    def row(self, raw: bytes) -> tuple[str, int | None, C]:
        """The key, the expected version and the command of one row; raises as ``one`` does."""
        try:
            row: Any = self._row.decode(raw)
            _refuse_duplicates(raw)
        except (ValueError, RecursionError) as error:
            refusal = self._explained(error, raw)
            if isinstance(refusal, Invalid):
                checked_key(key_of(raw), "/key")
            raise refusal from error
        key, version = checked_key(row.key, "/key"), row.if_version
        # Emptied, the row encodes exactly as the same command sent alone.
        msgspec.structs.force_setattr(row, "key", None)
        if version is not None:
            msgspec.structs.force_setattr(row, "if_version", None)
        return key, version, row

    def canonical(self, command: C) -> bytes:
        """The command as bytes that do not depend on how it was written.

        Defaults are left out, fields are in declared order, texts in NFC.
        """
        return self._encoder.encode(command)

    def check_days(self, command: C, today: date) -> None:
        """Refuse acts dated after today.

        Raises:
            Invalid: naming the field and its value.
        """
        for name in self._act_days:
            day = getattr(command, name)
            if day is not None and day > today:
                detail = f"{name} lies after today, {today.isoformat()}"
                raise Invalid(detail, faults=[Fault(f"/{name}", "invalid", detail, day)])

    def _explained(self, error: Exception, raw: bytes) -> Malformed | Invalid:
        if isinstance(error, RecursionError):
            return Malformed("the JSON is nested too deeply")
        if isinstance(error, UnicodeDecodeError):
            return Malformed("the text is not UTF-8")
        if isinstance(error, DuplicateFieldError):
            return _invalid("", "duplicate-field", str(error), None)
        if not isinstance(error, msgspec.ValidationError):
            return Malformed(f"this is not JSON: {error}")
        return self._of_validation(str(error), raw)

    def _of_validation(self, message: str, raw: bytes) -> Malformed | Invalid:
        # A wrong field is reported only in a document that is otherwise whole.
        try:
            sent = _loose.decode(raw.decode())
        except RecursionError:
            return Malformed("the JSON is nested too deeply")
        except ValueError as error:
            return Malformed(f"this is not JSON: {str(error)[:_SHOWN]}")
        what, path, code = _parsed(message)
        personal = bool(self._personal.intersection(map(str, path)))
        value = None if personal or code != "invalid" else _at(sent, path)
        return _invalid(_pointer(path), code, what, value)


def key_of(raw: bytes) -> object:
    """What a row gives as its key, whatever else is wrong with it."""
    try:
        return _keyed.decode(raw).key
    except (ValueError, RecursionError):
        return None


def _row_type(command: type[C]) -> type[C]:
    taken = {"key", "if_version"}.intersection(command.__struct_fields__)
    if taken:
        raise TypeError(f"{command.__name__} may not have fields of its own called {taken}")
    # Made by the metaclass, so that a row is a command in every respect.
    made: type[C] = _metaclass(command)(
        f"{command.__name__}Row",
        (command,),
        {
            "__annotations__": {"key": str | None, "if_version": Version | None},
            "__module__": command.__module__,
            "__doc__": f"{command.__name__} as a row of a batch, with its idempotency key.",
            "key": None,
            "if_version": None,
        },
    )
    return made


def _metaclass(command: type[Any]) -> Any:
    return type(command)


def _marked(command: type[Any]) -> list[tuple[str, str]]:
    info = inspect.type_info(command)
    assert isinstance(info, inspect.StructType)
    return [(field.encode_name, mark) for field in info.fields for mark in _marks(field.type)]


def _marks(type_: inspect.Type) -> list[str]:
    if isinstance(type_, inspect.UnionType):
        return [mark for each in type_.types for mark in _marks(each)]
    if isinstance(type_, inspect.Metadata):
        return [*(type_.extra or {}), *_marks(type_.type)]
    if isinstance(type_, inspect.StructType):  # a personal field inside makes the whole personal
        inner = [mark for field in type_.fields for mark in _marks(field.type)]
        return [mark for mark in inner if mark == "personal"]
    return []


def _refuse_duplicates(raw: bytes) -> None:
    # As many colons as distinct names: no name came twice. Otherwise look closely.
    if len(_names.decode(raw)) != raw.count(b":"):
        _strict.decode(raw.decode())


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise DuplicateFieldError(f"the field {twice[:_SHOWN]!r} is given twice")
    return found


def _number(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_NUMBER else text


_loose = json.JSONDecoder(parse_int=_number)
_strict = json.JSONDecoder(parse_int=_number, object_pairs_hook=_distinct)


def _parsed(message: str) -> tuple[str, list[str | int], str]:
    """What is wrong, the path to it, and the fault's code, from the decoder's sentence."""
    found = _PLACE.fullmatch(message)
    assert found is not None
    what, steps = found["what"], _STEP.findall(found["path"] or "")
    path: list[str | int] = [name or (int(at) if at.isdigit() else at) for name, at in steps]
    named = _NAMED.search(what)
    if named and (named["kind"] or what.startswith("`")):
        path.append(named["name"][:_SHOWN])
        return what[: 2 * _SHOWN], path, _KINDS.get(named["kind"], "invalid")
    return what, path, "invalid"


def _pointer(path: list[str | int]) -> str:
    """A JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _at(sent: Any, path: list[str | int]) -> Any:
    for step in path:
        try:
            sent = sent[step]
        except (KeyError, IndexError, TypeError):
            return None
    return sent


def _invalid(pointer: str, code: str, detail: str, value: Any) -> Invalid:
    where = f"{pointer}: " if pointer else ""
    return Invalid(f"{where}{detail}", faults=[Fault(pointer, code, detail, value)])
