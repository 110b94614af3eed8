"""Real servers for the tests: started once a run on free ports, in a folder that goes with them."""

import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hanging import watched
from kafka import KafkaAdminClient

from deploy.local import databases
from deploy.local.databases import Database
from deploy.local.kafka import Kafka
from deploy.local.places import ARCHIVE, JARS, REPO
from deploy.local.postgres import Postgres, place_for
from deploy.local.processes import child, free_port, wait_until

# Read when gRPC is first used. We fork only to run another program, and its handlers would start a
# thread in the child, which at times aborts it before that (grpc/grpc issue 43055).
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "false"

INSTALLATIONS = ("acceptance/", "integration/platform/test_launcher.py")
INTEGRATION = "integration/"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests one worker runs, for a run in several: see README.md."""
    for item in items:
        if group := together(item):
            item.add_marker(pytest.mark.xdist_group(group))


def together(item: pytest.Item) -> str | None:
    """Whole installations stay together, and what shares a module's fixture or takes no time."""
    path = item.path.relative_to(Path(__file__).parent).as_posix()
    if path.startswith(INSTALLATIONS):
        return "installations"
    assert isinstance(item, pytest.Function)
    fixtures = item._fixtureinfo.name2fixturedefs.values()
    shares = any(found[-1].scope == "module" for found in fixtures)
    return path if shares or not path.startswith(INTEGRATION) else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test that does not end tells what it waits for, before faulthandler ends the process."""
    with watched(item.nodeid, float(item.config.getini("faulthandler_timeout") or 0)):
        return (yield)


@dataclass(frozen=True)
class ServiceDatabases:
    """The databases of one service, as the launcher makes them: its own and its vault."""

    main: Database
    vault: Database


@pytest.fixture(scope="session")
def state() -> Iterator[Path]:
    """A folder for servers that another user may pass through, gone after the run."""
    folder = Path(tempfile.mkdtemp(prefix="kh-tests-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(server: Postgres | Kafka, gently: signal.Signals) -> Iterator[None]:
    """The server's program as our child, ready inside the block, gone after it or with us."""
    server.prepare()
    program = server.program()
    if setpriv := shutil.which("setpriv"):  # so that a killed test run leaves no server behind
        last_wish = [setpriv, "--pdeathsig", gently.name.removeprefix("SIG")]
        program = replace(program, argv=[*last_wish, *program.argv])
    process = child(program)
    try:
        wait_until(lambda: server.answers() or process.poll() is not None, 90)
        assert process.poll() is None, server.log.read_text()
        assert server.answers(), server.log.read_text()
        yield
    finally:
        process.send_signal(gently)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def postgres(state: Path) -> Iterator[Postgres]:
    """A running server; `admin_url` is the superuser's address."""
    place = place_for(state / "pg", REPO)
    server = Postgres(place, state / "postgres.log", free_port(), "tests")
    with running(server, signal.SIGINT):
        yield server
    if not place.home.is_relative_to(state):
        shutil.rmtree(place.home.parent)


def create(server: Postgres, names: list[str], role: str) -> list[Database]:
    owner = f"{role}_owner"
    return databases.ensure(server.admin_url, names, owner, role, {role: "app", owner: "owner"})


@pytest.fixture
def make_database(postgres: Postgres) -> Iterator[Callable[[str], Database]]:
    """Makes an empty database with its two roles; dropped after the test."""
    made: list[str] = []

    def make(name: str) -> Database:
        unique = f"{name}_{uuid.uuid4().hex[:8]}"
        made.append(unique)
        return create(postgres, [unique], unique)[0]

    yield make
    databases.drop(postgres.admin_url, *made)


@pytest.fixture
def database(make_database: Callable[[str], Database]) -> Database:
    """A fresh empty database."""
    return make_database("test")


@pytest.fixture
def make_service(postgres: Postgres) -> Iterator[Callable[[str], ServiceDatabases]]:
    """Makes `kh_X` and `kh_X_vault`, owned by `kh_X_owner`, used by `kh_X`; one X at a time."""
    made: list[str] = []

    def make(service: str) -> ServiceDatabases:
        names = [f"kh_{service}", f"kh_{service}_vault"]
        databases.drop(postgres.admin_url, *names)
        made.extend(names)
        return ServiceDatabases(*create(postgres, names, f"kh_{service}"))

    yield make
    databases.drop(postgres.admin_url, *made)


@pytest.fixture(scope="session")
def kafka(state: Path) -> Iterator[str]:
    """The bootstrap address of a running broker."""
    broker = Kafka(state / "kafka", JARS, state / "kafka.log", free_port(), free_port(), ARCHIVE)
    with running(broker, signal.SIGTERM):
        yield broker.bootstrap


@pytest.fixture
def make_topic(kafka: str) -> Callable[[str], str]:
    """Makes a topic with one partition under a fresh name and gives that name."""

    def make(name: str) -> str:
        unique = f"{name}.{uuid.uuid4().hex[:8]}"
        admin = KafkaAdminClient(bootstrap_servers=kafka)
        try:
            admin.create_topics({unique: {"num_partitions": 1, "replication_factor": 1}})
        finally:
            admin.close()
        return unique

    return make


@pytest.fixture
def topic(make_topic: Callable[[str], str]) -> str:
    """A fresh empty topic with one partition."""
    return make_topic("test")
