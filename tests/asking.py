"""How tests ask a service over HTTP, and how they hold an answer against the contract."""

import json
from collections.abc import Sequence
from typing import Any

import httpx2

HE = {"area": "03763", "title": "Lớp xóa mù chữ"}


async def post(
    client: httpx2.AsyncClient,
    body: Any = HE,
    key: str | bytes | None = "k1",
    path: str = "/v1/notices",
    **headers: str | None,
) -> httpx2.Response:
    """Posts one command; a header given as None is left out."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {"content-type": "application/json", "idempotency-key": key, **headers}
    sent = [
        (name.encode(), value.encode() if isinstance(value, str) else value)
        for name, value in named.items()
        if value is not None
    ]
    return await client.post(path, content=content, headers=sent)


async def post_rows(
    client: httpx2.AsyncClient,
    rows: Sequence[Any],
    path: str = "/v1/notices",
    **headers: str,
) -> httpx2.Response:
    """Posts many; a row given as bytes is sent as it is."""
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    headers = {"content-type": "application/x-ndjson", **headers}
    return await client.post(path, content=b"\n".join(lines) + b"\n", headers=headers)


def verdicts(
    answer: httpx2.Response,
) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """The lines of a batch's answer, and its summary if it came."""
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == "application/x-ndjson"
    if lines and "summary" in lines[-1]:
        return lines[:-1], lines[-1]["summary"]
    return lines, None


def problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of a refusal, held against the contract."""
    document: dict[str, Any] = answer.json()
    assert (answer.status_code, document["code"]) == (status, code), document
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(document) == {"type", "code", "title", "status", "detail", "trace_id", "errors"}
    assert document["type"] == f"urn:khuyenhoc:problem:{code}"
    assert document["status"] == status
    assert len(document["trace_id"]) == 32
    return document
