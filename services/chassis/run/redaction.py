"""No personal data in logs: what could be some is hidden before a line is written.

This is the net, not the rule. The rule is that a line has a constant wording and values in named
fields, and that nobody hands it a person.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

HIDDEN = "[hidden]"

_PERSONAL_FIELDS = {"name", "names", "address", "body", "payload", "born", "card", "sdt"}
_PERSONAL_PARTS = {
    *("surname", "national", "identity", "passport", "birth", "birthday", "phone", "mobile"),
    *("email", "account", "iban", "token", "jwt", "secret", "password", "passwd", "cccd", "cmnd"),
    *("authorization", "cookie", "bearer", "credential", "learners"),
}
_OURS = {"logger", "level", "timestamp", "trace_id", "span_id", "service", "role"}
_PATTERNS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"eyJ[\w-]+\.[\w-]*\.?[\w-]*", HIDDEN),  # a JSON Web Token
        (r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+", rf"\1 {HIDDEN}"),
        (r"://([^/\s:@]+):[^\s@]+@", rf"://\1:{HIDDEN}@"),  # a password in an address
        # A database's DETAIL repeats the row that it refused.
        (r"DETAIL:.*", f"DETAIL: {HIDDEN}"),
        (r"[\w.+-]+@[\w-]+\.[\w.-]+", HIDDEN),
        # National ids, bank accounts: nine digits or more, together or in groups of three.
        (r"(?<![\w.-])\d{9,19}(?![\w-])", HIDDEN),
        (r"(?<![\w.-])\d{3}([ .-]\d{3}){2,4}(?![\w-])", HIDDEN),
        (r"(?<![\w.-])(\+84[ .-]?|0)\d([ .-]?\d){7,9}(?![\w-])", HIDDEN),  # a phone in Viet Nam
        # A person as people here write one: family name, middle name, given name.
        (r"\b[A-ZÀ-ỸĐ]\w+ (Văn|Thị|Thi|Van) [A-ZÀ-ỸĐ]\w*( [A-ZÀ-ỸĐ]\w*)?", HIDDEN),
    )
)
_LONG_NUMBER = 100_000_000
_COUNTED = re.compile(
    r"(position|offset|bytes|_ns|_ms|_us|lag|count|rows|events|version|after|until)$"
)


def redact(_: Any, __: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """A structlog processor: hides values by the name of their field and by their shape."""
    return {key: _field(key, value) for key, value in line.items()}


def redacted(text: str) -> str:
    """The text without whatever in it looks like a person, a number of theirs, or a secret."""
    text = unicodedata.normalize("NFC", text)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def _field(key: str, value: Any) -> Any:
    if key in _OURS:
        return value
    if _personal(key) and value is not None:
        return HIDDEN
    if isinstance(value, int) and not isinstance(value, bool):
        return HIDDEN if abs(value) >= _LONG_NUMBER and not _COUNTED.search(key) else value
    return _value(value)


def _personal(key: str) -> bool:
    lowered = key.lower().replace("-", "_")
    return lowered in _PERSONAL_FIELDS or not _PERSONAL_PARTS.isdisjoint(lowered.split("_"))


def _value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, Mapping):
        return {str(key): _field(str(key), item) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes | bytearray):
        return [_field("", item) for item in value]
    return HIDDEN if isinstance(value, bytes | bytearray) else redacted(str(value))
