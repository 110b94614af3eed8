"""Whether a broker answers, what can go wrong with it, and the settings every client shares."""

import asyncio
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from kafka.errors import KafkaError
from kafka.net.inet import KafkaNetSocket

METADATA_V4 = struct.pack(">ihhihib", 15, 3, 4, 1, -1, 0, 0)
"""The request for metadata of no topic (Kafka protocol, Metadata API key 3, version 4)."""
REPLY_TO_COUNT = 16
PROBE_SECONDS = 2.0
ASK_AGAIN_SECONDS = 0.2


class KafkaUnavailable(Exception):  # noqa: N818  # what happened, not whose fault
    """The broker does not answer or gave up on a request; the same may work later."""


class Record(Protocol):
    """A record as it was read: `offset` counts from the topic's first record ever."""

    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...


@contextmanager
def translated() -> Iterator[None]:
    """Turn the client library's errors into ours, so that they stop at this package."""
    try:
        yield
    except KafkaError as error:
        raise KafkaUnavailable(f"{type(error).__name__}: {str(error)[:200]}") from error


async def answers(bootstrap: str) -> bool:
    """Whether one of the addresses (``host:port``, comma separated) knows a living broker.

    Asked over a bare socket, because every client built against a broker that is away leaves a
    thread behind and blocks for half a minute.
    """
    for address in bootstrap.split(","):
        host, _, port = address.strip().rpartition(":")
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                if await _broker_count(host, int(port)) > 0:
                    return True
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            continue
    return False


async def _broker_count(host: str, port: int) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(METADATA_V4)
        # int32 length, int32 correlation, int32 throttle time, then the count
        reply = await reader.readexactly(REPLY_TO_COUNT)
    finally:
        writer.close()
    return int(struct.unpack_from(">i", reply, 12)[0])


async def ready(bootstrap: str) -> None:
    """Wait until the broker answers, however long that takes."""
    while not await answers(bootstrap):  # noqa: ASYNC110  (another machine raises no event here)
        await asyncio.sleep(ASK_AGAIN_SECONDS)


class DirectSocket(KafkaNetSocket):  # type: ignore[misc]  # the library is untyped
    """The library's own way to connect, but a connection refused leaves no open socket behind.

    Otherwise a broker that is away for a quarter of an hour costs a process its file descriptors.
    """

    SCHEMES = ("direct",)

    async def sock_connect(self, net: Any, sock: Any, sockaddr: Any, timeout_at: Any = None) -> Any:
        try:
            return await super().sock_connect(net, sock, sockaddr, timeout_at=timeout_at)
        except BaseException:
            sock.close()
            raise


def common(bootstrap: str, client: str) -> dict[str, Any]:
    """Settings of every client: fail within seconds, create no topic by accident."""
    return {
        "bootstrap_servers": bootstrap.split(","),
        "client_id": client,
        "bootstrap_timeout_ms": 5_000,
        "reconnect_backoff_max_ms": 1_000,
        "metadata_max_age_ms": 2_000,
        "metrics_enabled": False,
        "proxy_url": f"{DirectSocket.SCHEMES[0]}://",
    }
