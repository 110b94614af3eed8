"""What is wrong in a body: where, and a sentence for people from the field's type and the value."""

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import inspect

from chassis.edge import sentences
from chassis.edge.sentences import Digits
from chassis.errors import Said

Path = list[str | int]

UNFOUND = object()
"""The value at a path that leads nowhere in what was sent."""

_SHOWN = 100  # characters of an unknown field's name that are repeated
_PLACE = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?", re.DOTALL)
_NAMED = re.compile(r"(?P<kind>unknown|missing required) field `(?P<name>.*)`", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[([^\]]*)\]")
_KINDS = {"unknown": "unknown-field", "missing required": "missing"}


def place(message: str) -> tuple[Path, str]:
    """The path and the fault's code that the decoder's message tells; none of its words."""
    found = _PLACE.fullmatch(message)
    assert found is not None
    path: Path = [
        name or (int(at) if at.isdigit() else at) for name, at in _STEP.findall(found["path"] or "")
    ]
    if named := _NAMED.search(found["what"]):
        return [*path, named["name"][:_SHOWN]], _KINDS[named["kind"]]
    return path, "invalid"


def value_at(sent: Any, path: Path) -> Any:
    """The value at a path of what was sent, or ``UNFOUND``."""
    for step in path:
        try:
            sent = sent[step]
        except (KeyError, IndexError, TypeError):
            return UNFOUND
    return sent


def of_field(whole: inspect.Type, path: Path, code: str, value: Any, *, personal: bool) -> Said:
    """What is wrong at a path of a command; a personal value is not repeated."""
    if code == "missing":
        return sentences.missing()
    if code == "unknown-field":
        holder = _structure(_type_at(whole, path[:-1]))
        known = [field.encode_name for field in holder.fields] if holder else []
        return sentences.unknown_field(str(path[-1]), known)
    if value is UNFOUND:
        return sentences.unusable(sentences.HIDDEN)
    if value is None:
        return sentences.null()
    type_ = _plain(_type_at(whole, path), value)
    said = _OF_TYPE.get(type(type_), _anything)
    return said(type_, value, sentences.HIDDEN if personal else sentences.shown(value))


def _type_at(type_: inspect.Type | None, path: Path) -> inspect.Type | None:
    for step in path:
        type_ = next(
            (inner for each in _members(type_) if (inner := _inner(each, step)) is not None), None
        )
    return type_


def _members(type_: inspect.Type | None) -> Sequence[inspect.Type]:
    """The types a value may have, without what is written around them."""
    if isinstance(type_, inspect.Metadata):
        return _members(type_.type)
    if isinstance(type_, inspect.UnionType):
        return [member for each in type_.types for member in _members(each)]
    return [] if type_ is None or isinstance(type_, inspect.NoneType) else [type_]


def _inner(type_: inspect.Type, step: str | int) -> inspect.Type | None:
    if isinstance(type_, inspect.StructType):
        return next((f.type for f in type_.fields if f.encode_name == step), None)
    if isinstance(type_, inspect.ListType):
        return type_.item_type
    return type_.value_type if isinstance(type_, inspect.DictType) else None


def _structure(type_: inspect.Type | None) -> inspect.StructType | None:
    found = (each for each in _members(type_) if isinstance(each, inspect.StructType))
    return next(found, None)


def _plain(type_: inspect.Type | None, value: Any) -> inspect.Type | None:
    """Of several types, the one that the value was probably meant for."""
    members = _members(type_)
    fitting = (each for each in members if isinstance(value, _WRITTEN.get(type(each), ())))
    return next(fitting, members[0] if members else None)


def _bounded(type_: Any, value: Any, shown: Said) -> Said:
    if isinstance(value, Digits):
        value = -math.inf if value.startswith("-") else math.inf
    for bound, holds, said in (
        (type_.ge, operator.ge, sentences.at_least),
        (type_.gt, operator.gt, sentences.more_than),
        (type_.le, operator.le, sentences.at_most),
        (type_.lt, operator.lt, sentences.less_than),
    ):
        if bound is not None and not holds(value, bound):
            return said(shown, bound)
    return sentences.unusable(shown)


def _whole(type_: Any, value: Any, shown: Said) -> Said:
    endless = isinstance(value, float) and math.isinf(value)
    if type(value) in (int, Digits) or endless:
        return _bounded(type_, value, shown)
    return sentences.not_whole(shown)


def _number(type_: Any, value: Any, shown: Said) -> Said:
    if type(value) in (int, float, Digits):
        return _bounded(type_, value, shown)
    return sentences.not_a_number(shown)


def _text(type_: Any, value: Any, shown: Said) -> Said:
    if type(value) is not str:
        return sentences.not_a_text(shown)
    if type_.min_length is not None and len(value) < type_.min_length:
        return sentences.too_short(len(value), type_.min_length)
    if type_.max_length is not None and len(value) > type_.max_length:
        return sentences.too_long(len(value), type_.max_length)
    return sentences.unusable(shown)


def _list(type_: Any, value: Any, shown: Said) -> Said:
    if not isinstance(value, list):
        return sentences.not_a_list(shown)
    if type_.min_length is not None and len(value) < type_.min_length:
        return sentences.too_few(len(value), type_.min_length)
    if type_.max_length is not None and len(value) > type_.max_length:
        return sentences.too_many(len(value), type_.max_length)
    return sentences.unusable(shown)


def _day(_: Any, value: Any, shown: Said) -> Said:
    if shown is sentences.HIDDEN:
        return sentences.badly_written_day(shown)
    return sentences.not_a_day(value)


def _group(_: Any, value: Any, shown: Said) -> Said:
    return sentences.unusable(shown) if isinstance(value, dict) else sentences.not_a_group(shown)


def _codes(type_: Any, _: Any, shown: Said) -> Said:
    if isinstance(type_, inspect.EnumType):
        return sentences.none_of(shown, [str(member.value) for member in type_.cls])
    return sentences.none_of(shown, map(str, type_.values))


def _anything(_: Any, __: Any, shown: Said) -> Said:
    return sentences.unusable(shown)


_OF_TYPE: Mapping[type, Callable[[Any, Any, Said], Said]] = {
    inspect.IntType: _whole,
    inspect.FloatType: _number,
    inspect.StrType: _text,
    inspect.DateType: _day,
    inspect.DateTimeType: lambda _, __, shown: sentences.not_an_instant(shown),
    inspect.UUIDType: lambda _, __, shown: sentences.not_an_id(shown),
    inspect.BoolType: lambda _, __, shown: sentences.not_yes_or_no(shown),
    inspect.EnumType: _codes,
    inspect.LiteralType: _codes,
    inspect.ListType: _list,
    inspect.StructType: _group,
    inspect.DictType: _group,
}
_WRITTEN: Mapping[type, tuple[type, ...]] = {
    inspect.IntType: (int,),
    inspect.FloatType: (float,),
    inspect.StrType: (str,),
    inspect.ListType: (list,),
    inspect.StructType: (dict,),
    inspect.DictType: (dict,),
}
"""How JSON writes each type, where that tells it from another."""
