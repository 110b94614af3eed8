"""The HTTP contract of each service: a change must be meant.

When it is, `python tests/contract/test_openapi.py` writes the documents anew, with `services`,
`proto/gen` and the root on `PYTHONPATH`; the difference then stands in the review.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from chassis.edge import openapi
from chassis.edge.auth import Verifier
from chassis.edge.web import Web
from chassis.log.vault import KeyEncryptionKeys
from chassis.wiring.stores import Stores
from funds.app import assemble as assemble_funds
from registry.app import assemble as assemble_registry
from reporting.app import assemble as assemble_reporting
from training.app import assemble as assemble_training

COMMITTED = Path(__file__).with_name("openapi")


def training() -> Web:
    """The application without a database: a contract is what would be answered."""
    nowhere = cast("Any", None)
    return assemble_training(nowhere, Verifier("https://issuer"), province="14", digest=bytes).web


def funds() -> Web:
    nowhere = cast("Any", None)
    verifier = Verifier("https://issuer")
    return assemble_funds(nowhere, nowhere, verifier, province="14", digest=bytes).web


def registry() -> Web:
    nowhere = cast("Any", None)
    stores = Stores(nowhere, nowhere, KeyEncryptionKeys((b"k" * 32,)))
    return assemble_registry(stores, Verifier("https://issuer"), province="14").web


def reporting() -> Web:
    nowhere = cast("Any", None)
    return assemble_reporting(nowhere, Verifier("https://issuer"), province="14").web


SERVICES: dict[str, Callable[[], Web]] = {
    "registry": registry,
    "training": training,
    "funds": funds,
    "reporting": reporting,
}


@pytest.mark.parametrize("name", SERVICES)
def test_the_committed_document_is_what_the_service_answers(name: str) -> None:
    assert openapi.drift(SERVICES[name](), COMMITTED / f"{name}.json") is None


@pytest.mark.parametrize("name", SERVICES)
def test_a_drift_is_seen(name: str, tmp_path: Path) -> None:
    changed = (COMMITTED / f"{name}.json").read_text("utf-8").replace('"/v1/', '"/v2/')
    (tmp_path / f"{name}.json").write_text(changed, "utf-8")
    assert openapi.drift(SERVICES[name](), tmp_path / f"{name}.json")


def test_every_act_of_training_takes_one_or_many() -> None:
    paths = training().openapi()["paths"]
    acts = {
        *("/v1/courses", "/v1/openings", "/v1/cancellations", "/v1/enrolments"),
        *("/v1/sessions", "/v1/attendances", "/v1/completions", "/v1/headcounts"),
    }
    assert {path for path, item in paths.items() if "post" in item} == acts
    for path in acts:
        assert set(paths[path]["post"]["requestBody"]["content"]) == {
            "application/json",
            "application/x-ndjson",
        }


def test_every_act_of_funds_takes_one_or_many() -> None:
    paths = funds().openapi()["paths"]
    acts = {
        *("/v1/funds", "/v1/contributions", "/v1/nominations", "/v1/approvals"),
        *("/v1/payments", "/v1/reversals", "/v1/opening-balances"),
    }
    assert {path for path, item in paths.items() if "post" in item} == acts
    for path in acts:
        content = paths[path]["post"]["requestBody"]["content"]
        assert set(content) == {"application/json", "application/x-ndjson"}


def test_every_read_says_what_it_answers() -> None:
    paths = training().openapi()["paths"]
    for path in ("/v1/courses", "/v1/courses/{id}", "/v1/sessions/{id}"):
        schema = paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema["$ref"].startswith("#/components/schemas/")


def test_reporting_is_only_read() -> None:
    paths = reporting().openapi()["paths"]
    assert {"/v1/statistics", "/v1/statistics/events", "/v1/measures", "/v1/sources"} <= set(paths)
    assert all(set(item) == {"get"} for item in paths.values())


def test_a_statistics_question_is_described_with_every_parameter() -> None:
    described = reporting().openapi()["paths"]["/v1/statistics"]["get"]["parameters"]
    assert {one["name"] for one in described} >= {
        *("measure", "area", "period", "as_of", "known_at", "map_date", "by", "kind"),
        *("min_position", "wait"),
    }


if __name__ == "__main__":
    for service, build in SERVICES.items():
        document = openapi.dump(build().openapi())
        (COMMITTED / f"{service}.json").write_text(document, "utf-8")
