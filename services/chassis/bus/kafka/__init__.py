"""Apache Kafka behind a small typed port: the only place that knows the client library.

The library blocks, so each client lives on a thread of its own; callers are asyncio tasks.
"""

from chassis.bus.kafka.broker import KafkaUnavailable, Record, answers, ready
from chassis.bus.kafka.happenings import Batch, Closed, Happening, Membership, Opened, OutOfRange
from chassis.bus.kafka.publisher import Publisher
from chassis.bus.kafka.subscription import Coming, Subscription
from chassis.bus.kafka.topics import Topic, TopicMissing

__all__ = [
    "Batch",
    "Closed",
    "Coming",
    "Happening",
    "KafkaUnavailable",
    "Membership",
    "Opened",
    "OutOfRange",
    "Publisher",
    "Record",
    "Subscription",
    "Topic",
    "TopicMissing",
    "answers",
    "ready",
]
