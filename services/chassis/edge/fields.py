"""The types of what people send: civil days, texts, counts and money, each with its bounds."""

import unicodedata
from datetime import date
from typing import Annotated, Any, dataclass_transform

import msgspec
from msgspec import Meta, StructMeta, inspect

from chassis.domain import quick_id
from chassis.edge import sentences
from chassis.errors import Said

HIGHEST_AMOUNT = 9 * 10**15
HIGHEST_COUNT = 1_000_000
_LINE_ENDS = frozenset("\n\t")
_CONTROL = frozenset({"Cc", "Cs", "Cn", "Co"})

Day = Annotated[date, Meta(description="Civil day in Viet Nam, YYYY-MM-DD; may lie ahead")]
ActDay = Annotated[
    date,
    Meta(
        description="Civil day in Viet Nam (UTC+7), YYYY-MM-DD, never in the future",
        extra={"act_day": True},
    ),
]
"""The true date of an act. The edge refuses one that lies after the session's today."""

Count = Annotated[int, Meta(ge=0, le=HIGHEST_COUNT)]
Amount = Annotated[int, Meta(ge=1, le=HIGHEST_AMOUNT, description="Dong, an integer")]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Prose = Annotated[str, Meta(min_length=1, max_length=4000)]
AreaCode = Annotated[
    str,
    Meta(
        min_length=2,
        max_length=32,
        description="An area: its code, or exact with its first day, `03763@2025-07-01`",
        examples=["03763@2025-07-01"],
    ),
]
PersonalName = Annotated[str, Meta(min_length=1, max_length=200, extra={"personal": True})]
PersonalProse = Annotated[str, Meta(min_length=1, max_length=4000, extra={"personal": True})]
"""Personal fields: sealed when stored, and never repeated in a problem."""


class _PartMeta(StructMeta):
    """Fields are given by name, so that optional ones may stand where the paper form has them."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any
    ) -> Any:
        return super().__new__(cls, name, bases, namespace, **{"kw_only": True, **config})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class Part(
    msgspec.Struct,
    metaclass=_PartMeta,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """Something inside a request. Its texts are kept in Unicode's form C (NFC), its ids quick.

    ``omit_defaults`` lets a field be added later without changing the digest of what was sent
    before.
    """

    def __post_init__(self) -> None:
        texts, ids = _kinds.get(type(self)) or _find(type(self))
        for name in texts:
            value = getattr(self, name)
            if value is None or _plain(value):
                continue
            many = type(value) is list
            kept = [text(name, each) for each in value] if many else text(name, value)
            if kept != value:
                msgspec.structs.force_setattr(self, name, kept)
        for name in ids:
            value = getattr(self, name)
            if value:
                many = type(value) is list
                same = [quick_id(each) for each in value] if many else quick_id(value)
                msgspec.structs.force_setattr(self, name, same)


_kinds: dict[type, tuple[tuple[str, ...], tuple[str, ...]]] = {}


def _find(cls: type[Part]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields of a class that hold text, and those that hold ids, one or a list of them."""
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    texts, ids = (
        tuple(field.name for field in info.fields if _holds(kind, field.type))
        for kind in (inspect.StrType, inspect.UUIDType)
    )
    _kinds[cls] = texts, ids
    return texts, ids


def _holds(kind: type[inspect.Type], type_: inspect.Type) -> bool:
    if isinstance(type_, inspect.UnionType):
        return any(_holds(kind, each) for each in type_.types)
    if isinstance(type_, inspect.Metadata):
        return _holds(kind, type_.type)
    if isinstance(type_, inspect.ListType):
        return _holds(kind, type_.item_type)
    return isinstance(type_, kind)


def _plain(value: Any) -> bool:
    """Printable ASCII, as most codes are: in NFC as it stands."""
    return type(value) is str and value.isascii() and value.isprintable() and value[:1] > " "


class FieldError(ValueError):
    """A field breaks a rule that its type cannot tell; ``said`` is for the person who wrote it.

    Raised in a ``__post_init__``; any other ``ValueError`` from there is answered in general words.
    """

    def __init__(self, field: str, said: Said) -> None:
        super().__init__(f"{field}: {said.en}")
        self.field = field
        self.said = said


def text(name: str, value: str) -> str:
    """The text in NFC.

    Raises:
        FieldError: it holds control characters, or nothing but spaces.
    """
    if not value.isprintable() and any(map(_forbidden, value)):
        raise FieldError(name, sentences.control_characters())
    if not value.strip():
        raise FieldError(name, sentences.blank())
    return unicodedata.normalize("NFC", value)


def _forbidden(letter: str) -> bool:
    return letter not in _LINE_ENDS and unicodedata.category(letter) in _CONTROL
