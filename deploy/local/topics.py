"""Kafka topics: one per log, one partition, kept for ever."""

import logging

from deploy.local.processes import LauncherError

KEEP = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}


def ensure(bootstrap: str, names: list[str]) -> None:
    """Make the topics that are not there.

    Raises:
        LauncherError: the broker cannot be reached.
    """
    from kafka import KafkaAdminClient  # noqa: PLC0415  (not there before the set-up)
    from kafka.errors import KafkaError, TopicAlreadyExistsError  # noqa: PLC0415

    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    try:
        admin = KafkaAdminClient(bootstrap_servers=bootstrap, bootstrap_timeout_ms=15_000)
    except KafkaError as error:
        raise LauncherError(f"Kafka at {bootstrap} cannot be reached: {error}") from None
    try:
        for name in set(names) - set(admin.list_topics()):
            shape = {"num_partitions": 1, "replication_factor": -1, "configs": KEEP}
            try:
                admin.create_topics({name: shape})
            except TopicAlreadyExistsError:
                continue
    finally:
        admin.close()
