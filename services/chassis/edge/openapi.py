"""OpenAPI 3.1 of a service: what FastAPI knows of the reads, and the command paths beside it."""

import inspect
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from chassis.edge import body, problems
from chassis.edge.commands import CommandEndpoint, Commands, Reply
from chassis.edge.labels import PROBLEMS

_REF = "#/components/schemas/{name}"
_ALWAYS = frozenset(
    {
        "malformed",
        "key-required",
        "unauthenticated",
        "forbidden",
        "outside-area",
        "not-found",
        "stale",
        "too-large",
        "unsupported-media",
        "invalid",
        "unknown-area",
        "key-reused",
        "busy",
        "internal",
    }
)
_READS = frozenset(
    {"unauthenticated", "forbidden", "outside-area", "not-found", "invalid", "busy", "internal"}
)
_HEADERS: Mapping[str, tuple[str, bool, dict[str, Any]]] = {
    "Idempotency-Key": (
        "Names the request for ever. Needed with JSON; each row of a batch has its own `key`.",
        False,
        {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[ -~]+$"},
    ),
    "If-Match": (
        "The version the caller has seen, in quotes; `stale` if there is another.",
        False,
        {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    ),
}
_PROBLEM = {
    "title": "Problem",
    "description": "RFC 9457",
    "type": "object",
    "required": ["type", "code", "title", "status", "detail", "trace_id", "errors"],
    "properties": {
        "type": {"type": "string", "examples": [problems.TYPE + "invalid"]},
        "code": {"type": "string", "enum": sorted(PROBLEMS)},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "trace_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "value": {},
                },
            },
        },
    },
}


def of(app: FastAPI, commands: Iterable[Commands]) -> dict[str, Any]:
    """The document of an application; the same input gives the same document."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        openapi_version="3.1.0",
    )
    endpoints = [each for group in commands for each in group.endpoints.values()]
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = _PROBLEM
    schemas.update(_schemas(endpoints))
    document["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    for path, item in document["paths"].items():
        for operation in item.values():
            _amend_read(path, operation)
    for endpoint in endpoints:
        document["paths"].setdefault(endpoint.path, {})["post"] = _operation(endpoint)
    return document


def dump(document: Mapping[str, Any]) -> str:
    """The document as it is committed: sorted, indented, with its letters readable."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def drift(app: FastAPI, committed: Path) -> str | None:
    """What to do when the committed document is not the application's; ``None`` when it is."""
    now = dump(app.openapi())
    if committed.exists() and committed.read_text("utf-8") == now:
        return None
    return f"{committed.name} is not what {app.title} answers; if that is meant, write it anew"


def _schemas(endpoints: Iterable[CommandEndpoint[Any]]) -> dict[str, Any]:
    types = [each for one in endpoints for each in (one.command, one.form.row_type)]
    _, components = msgspec.json.schema_components([Reply, *types], ref_template=_REF)
    return components


def _amend_read(path: str, operation: dict[str, Any]) -> None:
    """FastAPI describes its own validation error; ours is a problem."""
    responses = operation.setdefault("responses", {})
    responses.pop("422", None)
    if not path.startswith("/v1/"):
        return
    waits = any(each["name"] == "min_position" for each in operation.get("parameters", ()))
    responses.update(_problems(_READS | ({"position-not-reached"} if waits else set())))
    if path != "/v1/labels":
        operation["security"] = [{"token": []}]


def _operation(endpoint: CommandEndpoint[Any]) -> dict[str, Any]:
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", endpoint.command.__name__).lower()
    return {
        "operationId": name,
        "summary": inspect.getdoc(endpoint.command) or name,
        "tags": ["commands"],
        "description": "Roles: " + ", ".join(f"`{role}`" for role in sorted(endpoint.roles)),
        "security": [{"token": []}],
        "parameters": [
            {"name": header, "in": "header", "required": required, "description": text,
             "schema": schema}
            for header, (text, required, schema) in _HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {
                body.JSON: {"schema": _ref(endpoint.command.__name__)},
                body.NDJSON: {"schema": _lines_of(endpoint.form.row_type.__name__)},
            },
        },
        "responses": {**_accepted(), **_problems(_ALWAYS | endpoint.refuses)},
    }  # fmt: skip


def _accepted() -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    named = ("Location", "ETag", "KH-Position", "Idempotency-Replayed")
    return {
        "201": {
            "description": "Accepted, or accepted before under the same key",
            "headers": dict.fromkeys(named, text),
            "content": {body.JSON: {"schema": _ref("Reply")}},
        },
        "200": {
            "description": "A verdict line for each row, and a summary line last",
            "content": {body.NDJSON: {"schema": {"type": "string"}}},
        },
    }


def _problems(codes: Iterable[str]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for code in sorted(codes):
        by_status.setdefault(problems.STATUS[code], []).append(code)
    return {
        str(status): {
            "description": ", ".join(f"`{code}`" for code in by_status[status]),
            "content": {problems.MEDIA_TYPE: {"schema": _ref("Problem")}},
        }
        for status in sorted(by_status)
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(name=name)}


def _lines_of(row: str) -> dict[str, Any]:
    return {
        "type": "string",
        "description": f"One `{row}` as JSON a line; at most 10,000 lines or 16 MiB",
        "contentMediaType": body.JSON,
        "contentSchema": _ref(row),
    }
