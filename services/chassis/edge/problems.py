"""Refusals as problem documents (RFC 9457): the only place where a code becomes an HTTP status."""

import json
import math
from collections.abc import Mapping
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from chassis.edge import parameters
from chassis.edge.labels import PROBLEMS, preferred
from chassis.errors import Busy, Fault, Refusal

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:khuyenhoc:problem:"
STATUS: Mapping[str, int] = {
    "malformed": 400,
    "key-required": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "outside-area": 403,
    "same-person": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "wrong-state": 409,
    "already-exists": 409,
    "case-exists": 409,
    "number-taken": 409,
    "insufficient-balance": 409,
    "earmark-mismatch": 409,
    "erased": 410,
    "stale": 412,
    "too-large": 413,
    "unsupported-media": 415,
    "invalid": 422,
    "unknown-area": 422,
    "unknown-measure": 422,
    "bad-period": 422,
    "wrong-model": 422,
    "score-out-of-range": 422,
    "key-reused": 422,
    "internal": 500,
    "busy": 503,
    "position-not-reached": 503,
}
_SHOWN = 100  # characters of a wrong value that an answer repeats
_OUT_OF_REACH = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.TooManyConnectionsError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    OSError,
    TimeoutError,
)
_OURS = (
    "something went wrong on our side; quote the trace when you report it",
    "có lỗi ở phía hệ thống; khi báo lỗi, xin gửi kèm mã theo dõi (trace_id)",
)
_log = structlog.get_logger("edge")


class Internal(Refusal):
    """Our own fault: the caller learns the trace to quote, and nothing else."""

    code = "internal"


class MethodNotAllowed(Refusal):
    code = "method-not-allowed"


class RouteNotFound(Refusal):
    code = "not-found"


def document(refusal: Refusal, language: str, trace_id: str) -> dict[str, Any]:
    """The problem document of a refusal; what is for people is in ``vi`` or ``en``."""
    return {
        "type": TYPE + refusal.code,
        "code": refusal.code,
        "title": PROBLEMS[refusal.code].in_language(language),
        "status": STATUS[refusal.code],
        "detail": refusal.said.in_language(language),
        "trace_id": trace_id,
        "errors": [_error(fault, language) for fault in refusal.faults],
    }


def encode(document: Mapping[str, Any]) -> bytes:
    """The document as JSON bytes, whatever size of number or kind of text a caller sent us."""
    return json.dumps(document, ensure_ascii=False, default=str).encode("utf-8", "replace")


def headers_of(refusal: Refusal) -> dict[str, str]:
    """``Retry-After`` and ``WWW-Authenticate`` (RFC 6750, 3), where they belong."""
    if isinstance(refusal, Busy):
        return {"retry-after": str(refusal.retry_after)}
    if refusal.code == "unauthenticated":
        missing = any(fault.code == "missing" for fault in refusal.faults)
        return {"www-authenticate": "Bearer" + ("" if missing else ' error="invalid_token"')}
    return {}


def as_refusal(error: BaseException) -> Refusal:
    """What a caller is told of an error nobody meant as an answer."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, _OUT_OF_REACH):
        _log.error("the database cannot be reached", error=type(error).__name__)
        return Busy(
            "the database cannot be reached; send the same request again",
            "hiện không kết nối được cơ sở dữ liệu; vui lòng gửi lại đúng yêu cầu này",
            retry_after=2,
        )
    _log.error("a request failed", exc_info=error)
    return Internal(*_OURS)


def response(refusal: Refusal, request: Request) -> Response:
    language = preferred(request.headers.get("accept-language"))
    trace_id = request.scope.get("trace_id", "")
    return Response(
        encode(document(refusal, language, trace_id)),
        status_code=STATUS[refusal.code],
        headers=headers_of(refusal),
        media_type=MEDIA_TYPE,
    )


def install(app: FastAPI) -> None:
    """Answer everything that can go wrong in an application by a problem document."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _refusal)
    for error in _OUT_OF_REACH:
        app.add_exception_handler(error, _refusal)


async def _refusal(request: Request, error: Exception) -> Response:
    return response(as_refusal(error), request)


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [parameters.fault(each) for each in error.errors()]
    told = [f"{fault.pointer.lstrip('/?')}: " for fault in faults]
    en = "; ".join(name + fault.en for name, fault in zip(told, faults, strict=True))
    vi = "; ".join(name + fault.vi for name, fault in zip(told, faults, strict=True))
    return response(_Validation(en, vi, faults=faults), request)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = response(_of_status(error.status_code, request), request)
    if error.headers:
        answer.headers.update(error.headers)
    return answer


class _Validation(Refusal):
    code = "invalid"


class _Malformed(Refusal):
    code = "malformed"


class _TooLarge(Refusal):
    code = "too-large"


def _of_status(status: int, request: Request) -> Refusal:
    if status == STATUS["not-found"]:
        return RouteNotFound("there is nothing at this address", "không có gì ở địa chỉ này")
    if status == STATUS["method-not-allowed"]:
        method = request.method[:_SHOWN]
        return MethodNotAllowed(
            f"{method} is not answered at this address", f"địa chỉ này không nhận {method}"
        )
    if status == STATUS["too-large"]:
        return _TooLarge(
            "the body is larger than this address takes",
            "nội dung gửi lên lớn hơn mức địa chỉ này nhận",
        )
    server_side = 500
    if status >= server_side:
        return Internal(*_OURS)
    return _Malformed("the request cannot be read", "không đọc được yêu cầu")


def _error(fault: Fault, language: str) -> dict[str, Any]:
    detail = fault.said.in_language(language)
    error = {"pointer": fault.pointer, "code": fault.code, "detail": detail}
    if fault.value is not None and not isinstance(fault.value, list | dict):
        error["value"] = _shown(fault.value)
    return error


def _shown(value: Any) -> Any:
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
