"""Every metric this system gives to Prometheus, defined once, with its name and its unit."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_SECONDS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_EVENTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 1024)

APPEND_SECONDS = Histogram(
    "kh_append_seconds",
    "One call of the append function, by log.",
    ["log"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
APPEND_BATCH_EVENTS = Histogram(
    "kh_append_batch_events",
    "Events written by one call of the append function, by log.",
    ["log"],
    buckets=_EVENTS,
    registry=REGISTRY,
)
LOG_POSITION = Gauge("kh_log_position", "The newest position of a log.", ["log"], registry=REGISTRY)
RELAY_POSITION = Gauge(
    "kh_relay_position", "The last position published, by log.", ["log"], registry=REGISTRY
)
RELAY_LAG_EVENTS = Gauge(
    "kh_relay_lag_events",
    "Events stored and not yet published, by log.",
    ["log"],
    registry=REGISTRY,
)
RELAY_LAG_SECONDS = Gauge(
    "kh_relay_lag_seconds",
    "Age of the oldest event not yet published, by log.",
    ["log"],
    registry=REGISTRY,
)
CONSUMER_POSITION = Gauge(
    "kh_consumer_position",
    "The last position applied, by source log.",
    ["log"],
    registry=REGISTRY,
)
CONSUMER_LAG_EVENTS = Gauge(
    "kh_consumer_lag_events",
    "Events published and not yet applied, by source log.",
    ["log"],
    registry=REGISTRY,
)
CONSUMER_LAG_SECONDS = Gauge(
    "kh_consumer_lag_seconds",
    "How long ago the last applied event was recorded while more are"
    " waiting, else 0, by source log.",
    ["log"],
    registry=REGISTRY,
)
PARKED_EVENTS = Gauge(
    "kh_parked_events",
    "Events set aside until somebody retries them, by source log.",
    ["log"],
    registry=REGISTRY,
)
GAP_ALARMS = Counter(
    "kh_gap_alarms", "Times a source skipped a position.", ["log"], registry=REGISTRY
)
FORK_ALARMS = Counter(
    "kh_fork_alarms",
    "Times a history did not extend what was known of it.",
    ["log"],
    registry=REGISTRY,
)
VAULT_ALARMS = Counter(
    "kh_vault_alarms",
    "Times the vault could not open what it should: lost_key, tampered, unknown_key.",
    ["kind"],
    registry=REGISTRY,
)
HTTP_REQUESTS = Counter(
    "kh_http_requests", "Requests answered.", ["method", "path", "status"], registry=REGISTRY
)
HTTP_SECONDS = Histogram(
    "kh_http_seconds",
    "From a request's head to the end of its answer.",
    ["method", "path"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
__all__ = ["CONTENT_TYPE", "REGISTRY", "exposition"]


def exposition() -> bytes:
    """All metrics in Prometheus' text format; serve it as :data:`CONTENT_TYPE`."""
    return generate_latest(REGISTRY)
