"""A TCP proxy that cuts a connection at a chosen byte, for tests of what is lost and what is not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit


class Proxy:
    """Passes bytes between clients and one server.

    ``cut("up", n)`` ends both ends after the next ``n`` bytes from a client, ``cut("down", n)``
    after the next ``n`` from the server: of ``down`` 0 the client gets no byte of the answer.
    """

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._armed: tuple[str, int] | None = None
        self._links: set[asyncio.Task[None]] = set()
        self.passed = {"up": 0, "down": 0}
        self.cuts = 0

    def cut(self, side: str, after: int) -> None:
        self._armed = (side, after)

    @property
    def armed(self) -> bool:
        return self._armed is not None

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._links.add(task)
        there = None
        try:
            there, to_server = await asyncio.open_connection(*self._server)
            up = asyncio.create_task(self._pass("up", reader, to_server))
            down = asyncio.create_task(self._pass("down", there, writer))
            _, left = await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            for one in left:
                one.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
            to_server.transport.abort()
        except OSError:
            pass
        finally:
            writer.transport.abort()
            self._links.discard(task)

    async def _pass(
        self, side: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                allowed = self._allowed(side, len(data))
                self.passed[side] += allowed
                writer.write(data[:allowed])
                await writer.drain()
                if self._armed == (side, 0):
                    self._armed = None
                    self.cuts += 1
                    return

    def _allowed(self, side: str, size: int) -> int:
        if self._armed is None or self._armed[0] != side:
            return size
        allowed = min(size, self._armed[1])
        self._armed = (side, self._armed[1] - allowed)
        return allowed


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy before the server of ``url``, and the address that leads through it."""
    parts = urlsplit(url)
    proxy = Proxy(parts.hostname or "", parts.port or 0)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    netloc = f"{parts.username}:{parts.password}@127.0.0.1:{port}"
    try:
        yield proxy, urlunsplit(parts._replace(netloc=netloc))
    finally:
        server.close()
        for link in list(proxy._links):
            link.cancel()
        await asyncio.gather(*proxy._links, return_exceptions=True)
        await server.wait_closed()
