"""Trace context (W3C Trace Context, version 00): taken from a caller or begun here."""

import os
import re
from contextvars import ContextVar
from random import Random
from typing import Self

import msgspec
from structlog.types import EventDict

_HEADER = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_INVALID_VERSION = "ff"
_SAMPLED = 0x01
# Ids of traces are no secret; the system's generator would cost a call into the kernel for each.
_random = Random(os.urandom(32))  # noqa: S311
os.register_at_fork(after_in_child=lambda: _random.seed(os.urandom(32)))


def _hex(digits: int) -> str:
    return f"{_random.getrandbits(4 * digits) or 1:0{digits}x}"


class Trace(msgspec.Struct, frozen=True):
    """One step of one trace; ``str`` is the value of the header ``traceparent``."""

    trace_id: str
    span_id: str
    sampled: bool = False

    @classmethod
    def begin(cls) -> Self:
        return cls(_hex(32), _hex(16))

    @classmethod
    def parse(cls, header: str | None) -> Self | None:
        """The caller's step, or ``None`` when the header is absent or breaks the standard."""
        match = _HEADER.fullmatch(header.strip()) if header else None
        if not match:
            return None
        version, trace_id, span_id, flags, rest = match.groups()
        if version == _INVALID_VERSION or (version == "00" and rest):
            return None
        if not trace_id.strip("0") or not span_id.strip("0"):
            return None
        return cls(trace_id, span_id, bool(int(flags, 16) & _SAMPLED))

    def child(self) -> Self:
        """A new step of the same trace."""
        return type(self)(self.trace_id, _hex(16), self.sampled)

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def bind_trace(header: str | None = None) -> Trace:
    """Continue the caller's trace, or begin one; every log line of this task then carries it."""
    caller = Trace.parse(header)
    trace = caller.child() if caller else Trace.begin()
    _current.set(trace)
    return trace


def traced(_: object, __: str, line: EventDict) -> EventDict:
    """For structlog: a line says in which trace it was written."""
    if trace := _current.get():
        line.setdefault("trace_id", trace.trace_id)
        line.setdefault("span_id", trace.span_id)
    return line
