"""What is wrong with a parameter of an address: a fault from FastAPI's own finding."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from chassis.edge import sentences
from chassis.edge.sentences import Digits, shown
from chassis.errors import Fault, Said

_CODE = re.compile(r"'([^']*)'")


def fault(error: Mapping[str, Any]) -> Fault:
    """The fault of one of ``RequestValidationError.errors()``; none of its words are kept."""
    where, *path = error["loc"]
    pointer = "/" + "/".join(map(str, path)) if where == "body" else "?" + ".".join(map(str, path))
    value = error.get("input")
    said = _OF_TYPE.get(error["type"], _anything)(value, error.get("ctx", {}))
    if error["type"] == "missing":
        return Fault(pointer, "missing", *said)
    return Fault(pointer, "invalid", *said, value)


def _number(value: Any) -> Said:
    """A number as it was written: whatever stands in an address is text."""
    return shown(Digits(value) if isinstance(value, str) else value)


def _anything(value: Any, _: Mapping[str, Any]) -> Said:
    return sentences.unusable(shown(value))


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | list) else 0


def _codes(value: Any, rule: Mapping[str, Any]) -> Said:
    return sentences.none_of(shown(value), _CODE.findall(str(rule["expected"])))


_OF_TYPE: Mapping[str, Callable[[Any, Mapping[str, Any]], Said]] = {
    "missing": lambda _, __: sentences.missing(),
    "int_parsing": lambda value, _: sentences.not_whole(_number(value)),
    "int_from_float": lambda value, _: sentences.not_whole(_number(value)),
    "float_parsing": lambda value, _: sentences.not_a_number(_number(value)),
    "greater_than_equal": lambda value, rule: sentences.at_least(_number(value), rule["ge"]),
    "less_than_equal": lambda value, rule: sentences.at_most(_number(value), rule["le"]),
    "greater_than": lambda value, rule: sentences.more_than(_number(value), rule["gt"]),
    "less_than": lambda value, rule: sentences.less_than(_number(value), rule["lt"]),
    "uuid_parsing": lambda value, _: sentences.not_an_id(shown(value)),
    "uuid_type": lambda value, _: sentences.not_an_id(shown(value)),
    "enum": _codes,
    "literal_error": _codes,
    "bool_parsing": lambda value, _: sentences.not_yes_or_no(shown(value)),
    "date_parsing": lambda value, _: sentences.not_a_day(value),
    "date_from_datetime_parsing": lambda value, _: sentences.not_a_day(value),
    "date_from_datetime_inexact": lambda value, _: sentences.not_a_day(value),
    "datetime_parsing": lambda value, _: sentences.not_an_instant(shown(value)),
    "datetime_from_date_parsing": lambda value, _: sentences.not_an_instant(shown(value)),
    "string_too_long": lambda value, rule: sentences.too_long(_length(value), rule["max_length"]),
    "string_too_short": lambda value, rule: sentences.too_short(_length(value), rule["min_length"]),
    "too_long": lambda value, rule: sentences.too_many(_length(value), rule["max_length"]),
    "too_short": lambda value, rule: sentences.too_few(_length(value), rule["min_length"]),
}
