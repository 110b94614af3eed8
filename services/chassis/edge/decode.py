"""From bytes to a typed command: what is wrong, where, and with which value."""

from datetime import date
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import inspect

from chassis.edge import strict, wrong
from chassis.edge.fields import FieldError, Part, Version
from chassis.errors import Fault, Invalid, KeyRequired, Malformed, Said

LONGEST_KEY = 64

C = TypeVar("C", bound=Part)


class _Keyed(msgspec.Struct):
    key: Any = None


_keyed = msgspec.json.Decoder(_Keyed)


def checked_key(key: object, where: str) -> str:
    """An idempotency key: 1 to 64 printable ASCII characters.

    Raises:
        KeyRequired: it is missing, or is not that.
    """
    if type(key) is str and 0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable():
        return key
    en, vi = _wrong_key(key)
    raise KeyRequired.at(
        where,
        f"a key of 1 to {LONGEST_KEY} printable ASCII characters is required; this one {en}",
        f"cần có khóa chống lặp từ 1 đến {LONGEST_KEY} ký tự không dấu; khóa này {vi}",
    )


def _wrong_key(key: object) -> Said:
    if not key:
        return Said("is missing", "còn thiếu")
    if not isinstance(key, str):
        return Said("is not a text", "không phải là chữ")
    if len(key) > LONGEST_KEY:
        return Said(f"has {len(key)} characters", f"dài {len(key)} ký tự")
    return Said("has others", "có ký tự khác")


class Form(Generic[C]):
    """How one command type is read, alone or as a row with its ``key`` and ``if_version``."""

    def __init__(self, command: type[C]) -> None:
        self.command = command
        self.row_type = _row_type(command)
        self._one = msgspec.json.Decoder(command)
        self._row = msgspec.json.Decoder(self.row_type)
        self._encoder = msgspec.json.Encoder()
        self._types = inspect.multi_type_info([command, self.row_type])
        marked = _marked(command)
        self._personal = frozenset(name for name, mark in marked if mark == "personal")
        self._act_days = tuple(name for name, mark in marked if mark == "act_day")

    def one(self, raw: bytes) -> C:
        """The command in a body.

        Raises:
            Malformed: it is not JSON in UTF-8, or nested too deeply.
            Invalid: a field is unknown, missing, given twice or breaks its rule.
        """
        return self.read(raw)[0]

    def read(self, raw: bytes) -> tuple[C, bytes]:
        """As ``one``, and the command as bytes that do not depend on how it was written.

        In these, defaults are left out, fields are in declared order, texts in NFC.
        """
        try:
            command = self._one.decode(raw)
            canonical = self._encoder.encode(command)
            strict.refuse_duplicates(raw, canonical)
        except (ValueError, RecursionError) as error:
            raise self._explained(error, raw, self._types[0]) from error
        return command, canonical

    def row(self, raw: bytes) -> tuple[str, int | None, C, bytes]:
        """The key, the expected version, the command and its canonical bytes, of one row.

        Raises as ``one`` does.
        """
        try:
            row: Any = self._row.decode(raw)
            key, version = row.key, row.if_version
            # Emptied, the row encodes exactly as the same command sent alone.
            msgspec.structs.force_setattr(row, "key", None)
            if version is not None:
                msgspec.structs.force_setattr(row, "if_version", None)
            canonical = self._encoder.encode(row)
            strict.refuse_duplicates(raw, canonical, (key is not None) + (version is not None))
        except (ValueError, RecursionError) as error:
            refusal = self._explained(error, raw, self._types[1])
            if isinstance(refusal, Invalid):
                checked_key(key_of(raw), "/key")
            raise refusal from error
        return checked_key(key, "/key"), version, row, canonical

    def check_days(self, command: C, today: date) -> None:
        """Refuse acts dated after today.

        Raises:
            Invalid: naming the field and its value.
        """
        for name in self._act_days:
            day = getattr(command, name)
            if day is not None and day > today:
                raise Invalid.at(
                    f"/{name}",
                    f"{name} {day} lies after today, {today}",
                    f"{name} {day} ở sau ngày hôm nay, {today}",
                    day,
                )

    def _explained(self, error: Exception, raw: bytes, type_: inspect.Type) -> Malformed | Invalid:
        if isinstance(error, msgspec.ValidationError):
            # A wrong field is reported only in a document that is otherwise whole.
            try:
                sent = strict.decode(raw)
            except (ValueError, RecursionError) as worse:
                return strict.unreadable(worse, raw)
            return self._of_validation(error, sent, type_)
        return strict.unreadable(error, raw)

    def _of_validation(
        self, error: msgspec.ValidationError, sent: Any, type_: inspect.Type
    ) -> Invalid:
        path, code = wrong.place(str(error))
        cause = error.__cause__
        if isinstance(cause, FieldError):
            path.append(cause.field)
        personal = bool(self._personal.intersection(map(str, path)))
        value = wrong.value_at(sent, path)
        if isinstance(cause, FieldError):
            said = cause.said
        else:
            said = wrong.of_field(type_, path, code, value, personal=personal)
        told = code == "invalid" and not personal and value is not wrong.UNFOUND
        return _invalid(_pointer(path), code, said, value if told else None)


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


def _pointer(path: list[str | int]) -> str:
    """A JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _invalid(pointer: str, code: str, said: Said, value: Any) -> Invalid:
    where = f"{pointer[1:]}: " if pointer else ""
    return Invalid(
        f"{where}{said.en}", f"{where}{said.vi}", faults=[Fault(pointer, code, *said, value)]
    )
