"""What a process says about itself: JSON lines with trace ids and without personal data."""

import logging
import sys
import time
from collections.abc import Callable
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor

from chassis.run.metrics import CONTENT_TYPE, REGISTRY, exposition
from chassis.run.redaction import redact
from chassis.run.trace import Trace, bind_trace, traced

__all__ = ["CONTENT_TYPE", "REGISTRY", "Trace", "bind_trace", "configure", "exposition"]

NOISY = ("kafka", "asyncio", "grpc", "uvicorn", "httpx2")
_WINDOW_S = 10.0
_LINES_A_WINDOW = 3
_REMEMBERED = 1_000


class RateLimit(logging.Filter):
    """Lets a few lines of one wording pass every ten seconds, and then says how many it held.

    Client libraries repeat the same complaint hundreds of times a second while a broker is away.
    """

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._timer = timer
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        wording = (record.name, str(record.msg)[:80])
        now = self._timer()
        began, seen = self._windows.get(wording, (now, 0))
        if now - began >= _WINDOW_S:
            held = seen - _LINES_A_WINDOW
            if held > 0:
                record.msg = f"{record.msg} (and {held} more like it)"
            began, seen = now, 0
        if len(self._windows) >= _REMEMBERED:
            self._windows.clear()
        self._windows[wording] = (began, seen + 1)
        return seen < _LINES_A_WINDOW


def configure(
    service: str, role: str = "", level: str = "INFO", stream: TextIO | None = None
) -> None:
    """Send every log line of the process, ours and the libraries', to standard output as JSON."""

    def sender(_: object, __: str, line: EventDict) -> EventDict:
        return {**line, "service": service, "role": role}

    shared: list[Processor] = [
        sender,
        traced,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        redact,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last)
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    _calm()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level.upper()),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _calm() -> None:
    """Quieten client libraries: warnings and worse, and not the same one for ever."""
    limit = RateLimit()
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.addFilter(lambda record: not record.name.startswith(NOISY) or limit.filter(record))
