"""A log line helps at three in the morning and names nobody."""

import io
import json
import logging
from typing import Any

import pytest
import structlog
from chassis.run import metrics
from chassis.run.redaction import HIDDEN, redact, redacted
from chassis.run.telemetry import RateLimit, configure
from chassis.run.trace import Trace, _current, bind_trace

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture(autouse=True)
def _logging_as_it_was():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    _current.set(None)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def lines():
    stream = io.StringIO()
    configure("training", "serve", stream=stream)

    def written() -> list[dict[str, Any]]:
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    return written


def test_every_line_is_json_and_says_who_speaks_and_when(lines) -> None:
    structlog.get_logger("log.store").info("appended", position=451_906_123)
    logging.getLogger("somebody.else").warning("late by %d s", 7)
    ours, theirs = lines()
    assert ours["event"] == "appended"
    assert ours["position"] == 451_906_123
    assert (ours["service"], ours["role"], ours["level"]) == ("training", "serve", "info")
    assert ours["timestamp"].endswith("Z")
    assert theirs["event"] == "late by 7 s"
    assert theirs["logger"] == "somebody.else"


def test_a_line_carries_the_trace_of_the_request_it_belongs_to(lines) -> None:
    trace = bind_trace(CALLER)
    structlog.get_logger("edge").info("accepted")
    assert trace.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert trace.span_id != "00f067aa0ba902b7"
    (line,) = lines()
    assert (line["trace_id"], line["span_id"]) == (trace.trace_id, trace.span_id)


def refuse_a_row() -> None:
    raise ValueError("duplicate key\nDETAIL:  Key (name)=(Lò Thị Mai) already exists.")


def test_a_crash_is_told_with_its_place_and_without_the_row_it_concerned(lines) -> None:
    with pytest.raises(ValueError, match="duplicate") as crash:
        refuse_a_row()
    structlog.get_logger("run").critical("role crashed", exc_info=crash.value)
    (line,) = lines()
    assert "ValueError: duplicate key" in line["exception"]
    assert "test_telemetry.py" in line["exception"]
    assert "Mai" not in json.dumps(line, ensure_ascii=False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Lường Văn Pán"),
        ("national_id", "014085001234"),
        ("phone", "0912 345 678"),
        ("bank_account", 1234567890123),
        ("Authorization", "Bearer abc"),
        ("access_token", "opaque"),
        ("birth_year", 1985),
        ("learners", ["0198c0de-0000-7000-8000-000000000001"]),
        ("body", {"anything": 1}),
    ],
)
def test_a_personal_field_is_hidden_by_its_name(field: str, value: object) -> None:
    assert redact(None, "", {"event": "e", field: value}) == {"event": "e", field: HIDDEN}


@pytest.mark.parametrize(
    "secret",
    [
        "014085001234",
        "050123456",
        "014 085 001 234",
        "+84 912 345 678",
        "0912.345.678",
        "0212-3852-123",
        "19001234567890",
        "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln",
        "Bearer abc.def-ghi",
        "mai.lo@example.vn",
        "Lò Thị Mai",
        "Nguyễn Văn A Páo",
        "Lo\u0300 Thi\u0323 Mai",
    ],
)
def test_personal_data_is_hidden_by_its_shape_wherever_it_stands(secret: str) -> None:
    for line in (
        {"event": f"refused {secret}, again"},
        {"event": "refused", "detail": secret},
        {"event": "refused", "faults": [{"deep": {"value": (secret,)}}]},
        {"event": "refused", "error": ValueError(secret)},
    ):
        assert secret.rsplit(maxsplit=1)[-1] not in json.dumps(
            redact(None, "", line), ensure_ascii=False
        )


def test_a_password_in_an_address_is_hidden_and_the_rest_stays() -> None:
    url = "cannot reach postgresql://kh_training:hush@127.0.0.1:5432/kh_training"
    assert (
        redacted(url)
        == f"cannot reach postgresql://kh_training:{HIDDEN}@127.0.0.1:5432/kh_training"
    )


def test_bytes_are_never_written() -> None:
    assert redact(None, "", {"event": "e", "data": b"L\xc3\xb2"})["data"] == HIDDEN


@pytest.mark.parametrize(
    "useful",
    [
        "0198c0de-0000-7000-8000-000000000001",
        "03763@2025-07-01 (Xã Long Hẹ) is not an area in force on 2025-06-30",
        "2025-10-15T16:59:59.999999Z",
        "14.training:4711",
        CALLER,
        "connection to 127.0.0.1:54321 lost after 0.123456789 s",
    ],
)
def test_what_an_operator_needs_is_left_alone(useful: str) -> None:
    assert redacted(useful) == useful
    assert redact(None, "", {"event": useful}) == {"event": useful}


def test_numbers_of_events_stay_and_numbers_of_people_do_not() -> None:
    line = redact(
        None, "", {"event": "e", "position": 2_000_000_000, "sent": 7, "who": 14085001234}
    )
    assert line == {"event": "e", "position": 2_000_000_000, "sent": 7, "who": HIDDEN}


def test_a_trace_is_written_as_it_was_read() -> None:
    assert str(Trace.parse(CALLER)) == CALLER
    begun = Trace.begin()
    assert Trace.parse(str(begun)) == begun
    assert begun.child().trace_id == begun.trace_id
    assert begun.child().span_id != begun.span_id


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        CALLER.upper(),
        f"ff{CALLER[2:]}",
        f"{CALLER}-more",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "x" * 100_000,
    ],
)
def test_a_header_that_breaks_the_standard_begins_a_new_trace(header: str | None) -> None:
    assert Trace.parse(header) is None
    assert len(bind_trace(header).trace_id) == 32


def test_a_later_version_of_the_standard_is_read_as_far_as_it_is_known() -> None:
    trace = Trace.parse(f"01{CALLER[2:]}-what-comes-later")
    assert trace == Trace.parse(CALLER)


def test_a_library_that_repeats_itself_is_held_back_and_counted() -> None:
    now = [0.0]
    limit = RateLimit(lambda: now[0])

    def complain() -> logging.LogRecord | None:
        record = logging.LogRecord(
            "kafka.conn", logging.ERROR, "", 0, "no broker %s", ("b1",), None
        )
        return record if limit.filter(record) else None

    assert [bool(complain()) for _ in range(50)] == [True] * 3 + [False] * 47
    now[0] = 11.0
    told = complain()
    assert told is not None
    assert told.getMessage() == "no broker b1 (and 47 more like it)"


def test_fetching_the_issuers_keys_is_not_news(lines) -> None:
    logging.getLogger("httpx2").info("HTTP Request: GET http://issuer/jwks")
    logging.getLogger("httpx2").warning("the issuer answers slowly")
    assert [line["event"] for line in lines()] == ["the issuer answers slowly"]


def test_our_own_lines_are_never_held_back(lines) -> None:
    for _ in range(50):
        structlog.get_logger("bus.relay").error("gap")
        logging.getLogger("kafka.conn").error("no broker")
        logging.getLogger("kafka.conn").info("chatter")
    said = [line["logger"] for line in lines()]
    assert (said.count("bus.relay"), said.count("kafka.conn")) == (50, 3)


def test_the_figures_an_operator_is_promised_are_there() -> None:
    metrics.RELAY_LAG_EVENTS.labels("14.training").set(3)
    metrics.APPEND_SECONDS.labels("14.training").observe(0.002)
    metrics.VAULT_ALARMS.labels("lost_key").inc()
    page = metrics.exposition().decode()
    assert 'kh_relay_lag_events{log="14.training"} 3.0' in page
    for name in (
        "kh_append_seconds_bucket",
        "kh_append_batch_events",
        "kh_log_position",
        "kh_relay_lag_seconds",
        "kh_consumer_lag_events",
        "kh_consumer_lag_seconds",
        "kh_parked_events",
        "kh_vault_alarms_total",
        "kh_http_requests_total",
        "process_resident_memory_bytes",
    ):
        assert name in page
