"""The gRPC server of a service: tokens, health, reflection, and errors to status codes, once."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
from grpc import StatusCode, aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import OVERALL_HEALTH
from grpc_health.v1.health import aio as health  # type: ignore[attr-defined]  # untyped
from grpc_reflection.v1alpha import reflection

from chassis.edge.auth import Principal, Verifier
from chassis.edge.labels import preferred
from chassis.edge.problems import as_refusal
from chassis.errors import Refusal
from chassis.run.trace import bind_trace

CODES: Mapping[str, StatusCode] = {
    "malformed": StatusCode.INVALID_ARGUMENT,
    "key-required": StatusCode.INVALID_ARGUMENT,
    "unauthenticated": StatusCode.UNAUTHENTICATED,
    "forbidden": StatusCode.PERMISSION_DENIED,
    "outside-area": StatusCode.PERMISSION_DENIED,
    "same-person": StatusCode.PERMISSION_DENIED,
    "not-found": StatusCode.NOT_FOUND,
    "method-not-allowed": StatusCode.UNIMPLEMENTED,
    "wrong-state": StatusCode.FAILED_PRECONDITION,
    "already-exists": StatusCode.FAILED_PRECONDITION,
    "case-exists": StatusCode.FAILED_PRECONDITION,
    "number-taken": StatusCode.FAILED_PRECONDITION,
    "insufficient-balance": StatusCode.FAILED_PRECONDITION,
    "earmark-mismatch": StatusCode.FAILED_PRECONDITION,
    "erased": StatusCode.FAILED_PRECONDITION,
    "stale": StatusCode.ABORTED,
    "too-large": StatusCode.RESOURCE_EXHAUSTED,
    "unsupported-media": StatusCode.INVALID_ARGUMENT,
    "invalid": StatusCode.INVALID_ARGUMENT,
    "unknown-area": StatusCode.INVALID_ARGUMENT,
    "unknown-measure": StatusCode.INVALID_ARGUMENT,
    "bad-period": StatusCode.INVALID_ARGUMENT,
    "wrong-model": StatusCode.INVALID_ARGUMENT,
    "score-out-of-range": StatusCode.INVALID_ARGUMENT,
    "key-reused": StatusCode.INVALID_ARGUMENT,
    "internal": StatusCode.INTERNAL,
    "busy": StatusCode.UNAVAILABLE,
    "position-not-reached": StatusCode.UNAVAILABLE,
}
_OPEN = ("/grpc.health.v1.Health/", "/grpc.reflection.")
_LARGEST = 16 << 20
_GRACE_S = 10.0

if TYPE_CHECKING:  # generic in the stubs only
    Handler = grpc.RpcMethodHandler[Any, Any]
    Interceptor = aio.ServerInterceptor[Any, Any]
else:
    Handler = grpc.RpcMethodHandler
    Interceptor = aio.ServerInterceptor

_caller: ContextVar[Principal] = ContextVar("caller")


def caller() -> Principal:
    """The principal of the call being answered."""
    return _caller.get()


@dataclass(frozen=True, slots=True)
class Service:
    """A servicer to serve: its full name, and the generated function that adds it."""

    name: str
    servicer: Any
    add: Callable[[Any, aio.Server], None]


class _Guard(Interceptor):
    """Verifies the token of every call and answers refusals by their status."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        details: grpc.HandlerCallDetails,
    ) -> Handler:
        handler = await continuation(details)
        if handler is None or details.method.startswith(_OPEN):
            return handler
        if handler.response_streaming:
            return grpc.unary_stream_rpc_method_handler(
                self._stream(handler.unary_stream),
                handler.request_deserializer,
                handler.response_serializer,
            )
        return grpc.unary_unary_rpc_method_handler(
            self._unary(handler.unary_unary),
            handler.request_deserializer,
            handler.response_serializer,
        )

    def _unary(self, answer: Any) -> Any:
        async def guarded(request: Any, context: "aio.ServicerContext[Any, Any]") -> Any:
            try:
                await self._admit(context)
                return await answer(request, context)
            except Exception as error:  # noqa: BLE001  # every error becomes a status, here only
                await _abort(context, error)

        return guarded

    def _stream(self, answer: Any) -> Any:
        async def guarded(
            request: Any, context: "aio.ServicerContext[Any, Any]"
        ) -> AsyncIterator[Any]:
            try:
                await self._admit(context)
                async for each in answer(request, context):
                    yield each
            except Exception as error:  # noqa: BLE001  # every error becomes a status, here only
                await _abort(context, error)

        return guarded

    async def _admit(self, context: "aio.ServicerContext[Any, Any]") -> None:
        metadata = dict(context.invocation_metadata() or ())
        bind_trace(_text(metadata.get("traceparent")))
        _caller.set(await self._verifier.verify(_text(metadata.get("authorization"))))


def _text(value: str | bytes | None) -> str | None:
    return value.decode("latin-1") if isinstance(value, bytes) else value


async def _abort(context: "aio.ServicerContext[Any, Any]", error: Exception) -> None:
    """The refusal as a status; its sentence is English unless ``accept-language`` says other."""
    if isinstance(error, aio.AbortError):
        raise error
    refusal: Refusal = as_refusal(error)
    wanted = _text(dict(context.invocation_metadata() or ()).get("accept-language"))
    said = refusal.said.in_language(preferred(wanted) if wanted else "en")
    await context.abort(CODES[refusal.code], said, (("kh-problem", refusal.code),))


class Server:
    """A gRPC server of one service; ``port`` is known once it is made."""

    def __init__(self, server: aio.Server, port: int, checks: Any, names: Iterable[str]) -> None:
        self.port = port
        self._server = server
        self._checks = checks
        self._names = (*names, OVERALL_HEALTH)

    async def start(self) -> None:
        await self._server.start()
        await self.serving(ready=True)

    async def serving(self, *, ready: bool) -> None:
        """Tell health checks whether the service can do its work."""
        status = health_pb2.HealthCheckResponse
        for name in self._names:
            await self._checks.set(name, status.SERVING if ready else status.NOT_SERVING)

    async def stop(self, grace_s: float = _GRACE_S) -> None:
        """Take no new calls, let those under way finish for so many seconds, then end them."""
        await self._checks.enter_graceful_shutdown()
        await self._server.stop(grace_s)


def create_server(
    verifier: Verifier, services: Iterable[Service], address: tuple[str, int] = ("127.0.0.1", 0)
) -> Server:
    """A server for these services with health (``grpc.health.v1``) and reflection.

    Raises:
        RuntimeError: the address cannot be bound.
    """
    services = tuple(services)
    server = aio.server(
        interceptors=[_Guard(verifier)],
        options=[
            ("grpc.max_receive_message_length", 1 << 20),
            ("grpc.max_send_message_length", _LARGEST),
            ("grpc.so_reuseport", 0),
        ],
    )
    checks = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    for service in services:
        service.add(service.servicer, server)
    names = [service.name for service in services]
    own = [reflection.SERVICE_NAME, health_pb2.DESCRIPTOR.services_by_name["Health"].full_name]
    reflection.enable_server_reflection([*names, *own], server)
    host, port = address
    return Server(server, server.add_insecure_port(f"{host}:{port}"), checks, names)
