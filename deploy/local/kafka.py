"""Real Apache Kafka, one KRaft node run from its own jars by Java 17, with flags for a laptop."""

import base64
import os
import shutil
import socket
import struct
import subprocess
import uuid
from pathlib import Path

from deploy.local.processes import LauncherError, Program

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
num.partitions=1
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=4
num.recovery.threads.per.data.dir=2
background.threads=2
log.cleaner.dedupe.buffer.size=16777216
log.index.size.max.bytes=1048576
log.segment.bytes=134217728
log.retention.ms=-1
log.flush.interval.ms=1000
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
"""
LOGGING = """\
rootLogger.level=info
rootLogger.appenderRef.file.ref=file
appender.file.type=RollingFile
appender.file.name=file
appender.file.fileName=${sys:kafka.logs.dir}/server.log
appender.file.filePattern=${sys:kafka.logs.dir}/server.%i.log
appender.file.layout.type=PatternLayout
appender.file.layout.pattern=%d{ISO8601} %p %m (%c)%n
appender.file.policies.type=Policies
appender.file.policies.size.type=SizeBasedTriggeringPolicy
appender.file.policies.size.size=10MB
appender.file.strategy.type=DefaultRolloverStrategy
appender.file.strategy.max=3
"""
SMALL = (*("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xlog:disable"),)
UTF8 = {"LC_ALL": "C.UTF-8"}  # so that Java can open paths with Vietnamese letters
METADATA_REQUEST = struct.pack(">ihhihib", 15, 3, 4, 1, -1, 0, 0)


class Kafka:
    """One broker: made once, started, stopped with SIGTERM (a clean stop ends with status 143).

    Args:
        home: the folder of its data, configuration and messages.
        libs: the folder of its jars.
        log: the file Java's own words go to; Kafka's are in `home/server.log`.
        archive: of loaded classes, which halves a start; made by the first run that stops.
        port: of the broker on the loopback.
        controller: port of the controller's own listener.
    """

    def __init__(
        self, home: Path, libs: Path, log: Path, port: int, controller: int, archive: Path
    ) -> None:
        self.home, self.libs, self.log = home.resolve(), libs.resolve(), log
        self.port, self.controller = port, controller
        self.data = self.home / "data"
        self.archive, self.made = archive, self.home / "classes.jsa"

    @property
    def bootstrap(self) -> str:
        """The broker's address as clients write it."""
        return f"127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Write the configuration and format the storage unless it is; never format it twice."""
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "log4j2.properties").write_text(LOGGING)
        self._configure(self.home / "server.properties", self.data)
        self._adopt_archive()
        if (self.data / "meta.properties").exists():
            return
        partial = self.home / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        properties = self.home / "format.properties"
        self._configure(properties, partial)
        flags = ["-Xms64m", "-Xmx128m", *SMALL]
        tool = ["kafka.tools.StorageTool", "format", "--standalone", "-t", _cluster_id()]
        done = subprocess.run(
            [*self._java(flags), *tool, "-c", str(properties)],
            env={**os.environ, **UTF8},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise LauncherError(f"Kafka's storage could not be formatted: {done.stderr[-500:]}")
        partial.rename(self.data)

    def program(self) -> Program:
        """What to run."""
        flags = ["-Xms128m", "-Xmx384m", *SMALL, f"@{self.home / 'archive.flags'}"]
        arguments = ["kafka.Kafka", str(self.home / "server.properties")]
        return Program([*self._java(flags), *arguments], self.home, self.log, UTF8)

    def answers(self) -> bool:
        """Whether the broker counts itself among the cluster's brokers."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(METADATA_REQUEST)
                reply = connection.recv(64)
        except OSError:
            return False
        # int32 length, int32 correlation, int32 throttle time, then the count of brokers
        return len(reply) >= 16 and int(struct.unpack_from(">i", reply, 12)[0]) > 0

    def _adopt_archive(self) -> None:
        """Use the archive, or have one made at exit; one that Java cannot map is thrown away."""
        if self.made.exists() and not self.archive.exists():
            probe = [*self._java(["-Xshare:on", f"-XX:SharedArchiveFile={self.made}"]), "-version"]
            if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
                self.archive.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(self.made, self.archive)
        self.made.unlink(missing_ok=True)
        flag = "SharedArchiveFile" if self.archive.exists() else "ArchiveClassesAtExit"
        path = self.archive if self.archive.exists() else self.made
        (self.home / "archive.flags").write_text(f'"-XX:{flag}={path}"\n')

    def _configure(self, properties: Path, data: Path) -> None:
        # a properties file is Latin-1 with escapes for everything else
        folder = "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in str(data))
        text = PROPERTIES.format(port=self.port, controller=self.controller, data=folder)
        properties.write_text(text)

    def _java(self, flags: list[str]) -> list[str]:
        jars = sorted(str(jar) for jar in self.libs.glob("*.jar"))
        if not jars:
            raise LauncherError(f"Kafka's jars are not in {self.libs}; run `make setup`")
        return [
            java(),
            *flags,
            "-XX:-UsePerfData",  # which would leave a file in /tmp
            *("-Djava.awt.headless=true", "-Djava.net.preferIPv4Stack=true"),
            f"-Dlog4j2.configurationFile=file:{self.home / 'log4j2.properties'}",
            f"-Dkafka.logs.dir={self.home}",
            *("-cp", ":".join(jars)),
        ]


def java() -> str:
    """The Java to run: JAVA_HOME's, else the one on the path."""
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin" / "java") if home else "java"


def _cluster_id() -> str:
    while True:
        name = base64.urlsafe_b64encode(uuid.uuid4().bytes)[:22].decode()
        if not name.startswith("-"):
            return name
