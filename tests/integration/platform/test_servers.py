"""The servers the tests and `make up` stand on are the real ones."""

import psycopg
import pytest
from kafka import KafkaConsumer, KafkaProducer


def test_a_database_has_an_owner_that_makes_tables_and_an_application_that_may_not(database):
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("CREATE TABLE fact (position bigint)")
        owner.execute(f"GRANT SELECT ON fact TO {database.app_role}")
    with psycopg.connect(database.app_url) as app:
        assert app.execute("SELECT count(*) FROM fact").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE other ()")


def test_a_write_is_on_disk_before_it_is_acknowledged(database):
    with psycopg.connect(database.app_url) as app:
        assert app.execute("SHOW fsync").fetchone() == ("on",)
        assert app.execute("SHOW synchronous_commit").fetchone() == ("on",)


@pytest.mark.parametrize(
    ("limit", "application"),
    [
        ("statement_timeout", "30s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "30s"),
    ],
)
def test_no_session_of_the_application_holds_the_others_up_for_ever(database, limit, application):
    with psycopg.connect(database.app_url) as app, psycopg.connect(database.owner_url) as owner:
        assert app.execute(f"SHOW {limit}").fetchone() == (application,)
        assert owner.execute(f"SHOW {limit}").fetchone() == ("0",)


def test_a_service_has_its_own_database_and_a_vault_beside_it(make_service):
    service = make_service("training")
    assert (service.main.name, service.vault.name) == ("kh_training", "kh_training_vault")
    assert service.main.app_role == service.vault.app_role == "kh_training"
    with psycopg.connect(service.vault.app_url) as app:
        assert app.execute("SELECT current_user").fetchone() == ("kh_training",)


def test_a_record_sent_to_a_topic_is_read_from_its_one_partition(kafka, topic):
    producer = KafkaProducer(bootstrap_servers=kafka)
    sent = producer.send(topic, b"a fact").get(timeout=30)
    producer.close()
    consumer = KafkaConsumer(
        topic, bootstrap_servers=kafka, auto_offset_reset="earliest", consumer_timeout_ms=20_000
    )
    record = next(consumer)
    consumer.close()
    assert (record.partition, record.offset, record.value) == (0, sent.offset, b"a fact")
