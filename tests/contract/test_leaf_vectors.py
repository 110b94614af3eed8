"""What an event is committed to by, for ever: these bytes may never change."""

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from chassis.log.leaf import entry, leaf_hash
from chassis.log.record import Recorded

VECTORS = json.loads((Path(__file__).parent / "vectors/leaf.json").read_text("utf-8"))


def recorded(vector: dict[str, object], **changes: object) -> Recorded:
    values = {
        "position": 1,
        "stream": UUID(vector["stream"]),
        "version": vector["version"],
        "type": vector["type"],
        "recorded_at": datetime.fromisoformat(vector["recorded_at"]),
        "command": UUID(vector["command"]),
        "payload": vector["payload"].encode(),
        "meta": vector["meta"].encode(),
    }
    return Recorded(**{**values, **changes})


@pytest.mark.parametrize("vector", VECTORS["events"], ids=lambda v: v["what"])
def test_an_event_has_the_bytes_it_always_had(vector: dict[str, object]) -> None:
    made = entry(recorded(vector))
    assert made.hex() == vector["entry"]
    assert leaf_hash(made).hex() == vector["leaf"]


def test_leaves_are_hashed_as_the_published_ones() -> None:
    level = [leaf_hash(bytes.fromhex(e)) for e in VECTORS["published"]["entries"]]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    assert level[0].hex() == VECTORS["published"]["root"]


@pytest.mark.parametrize(
    "change",
    [
        {"stream": UUID(int=1)},
        {"version": 2},
        {"type": "training.HeadcountReportec"},
        {"recorded_at": datetime.fromisoformat("2025-10-15T01:02:03.456788Z")},
        {"command": UUID(int=1)},
        {"payload": b"{}"},
        {"meta": b"{}"},
    ],
    ids=lambda c: next(iter(c)),
)
def test_any_change_to_an_event_changes_its_leaf(change: dict[str, object]) -> None:
    vector = VECTORS["events"][0]
    assert leaf_hash(entry(recorded(vector, **change))).hex() != vector["leaf"]


def test_the_position_is_the_trees_to_say() -> None:
    vector = VECTORS["events"][0]
    assert entry(recorded(vector, position=9)).hex() == vector["entry"]
