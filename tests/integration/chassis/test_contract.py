"""Whatever a caller sends, the answer is one that the OpenAPI document promises."""

import asyncio
import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from noticeboard import AUDITOR, PROVINCIAL, Noticeboard, over_the_wire
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    ("POST", "/v1/notices"),
    ("POST", "/v1/closures"),
    ("GET", "/v1/notices"),
    ("GET", "/v1/notices/{id}"),
    ("GET", "/v1/events"),
    ("GET", "/v1/areas"),
    ("GET", "/v1/position"),
    ("GET", "/v1/labels"),
]
BRIEFLY = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def asked(document: dict[str, Any], address: str, method: str, path: str, token: str) -> int:
    """Sends generated requests to one operation; gives how many were answered as promised."""
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=address)
    operation, answered = schema[path][method], 0

    @BRIEFLY
    @given(case=operation.as_strategy())
    def hold(case: Any) -> None:
        nonlocal answered
        if case.media_type == "application/x-ndjson":
            return  # the rows have tests of their own
        case.query.pop("wait", None)
        case.call_and_validate(headers={"authorization": f"Bearer {token}"}, checks=CHECKS)
        answered += 1

    hold()
    return answered


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_any_request_is_answered_as_the_document_says(
    board: Noticeboard, method: str, path: str
):
    token = board.issuer.token(AUDITOR, PROVINCIAL)
    document = json.loads(json.dumps(board.app.openapi()))
    async with over_the_wire(board.app) as address:
        answered = await asyncio.to_thread(asked, document, address, method, path, token)
    assert answered > 0
