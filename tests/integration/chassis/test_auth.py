"""Tokens at the door: the same refusals over HTTP and gRPC, from an issuer on a real port."""

import time

import grpc
import httpx2
import pytest
from asking import post, problem
from chassis.clock import SystemClock
from chassis.edge.log_rpc import log_service
from chassis.edge.rpc import create_server
from joserfc.jwk import OKPKey
from khuyenhoc.log.v1 import log_pb2, log_pb2_grpc
from noticeboard import OFFICER, Noticeboard, running
from tokens import Issuer


def bad_tokens(issuer: Issuer) -> dict[str, str | None]:
    stranger = OKPKey.generate_key("Ed25519")
    return {
        "missing": None,
        "expired": issuer.token(OFFICER, exp=int(time.time()) - 60),
        "audience": issuer.token(OFFICER, aud="account"),
        "issuer": issuer.token(OFFICER, iss="http://127.0.0.1:1"),
        "none": issuer.unsigned(OFFICER),
        "hmac": issuer.signed_with_the_public_key(OFFICER),
        "key-id": issuer.signed(issuer.claims(OFFICER), "EdDSA", stranger, "unknown"),
        "signature": issuer.signed(issuer.claims(OFFICER), "EdDSA", stranger, "ed"),
        "malformed": "eyJ.not.a-token",
    }


RULES = {"none": "algorithm", "hmac": "algorithm"}
KINDS = ["missing", "expired", "audience", "issuer", "none", "hmac", "key-id", "signature"]


@pytest.mark.parametrize("kind", [*KINDS, "malformed"])
async def test_every_kind_of_bad_token_is_refused_everywhere(board: Noticeboard, kind: str):
    token = bad_tokens(board.issuer)[kind]
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with board.client() as client:
        answers = [
            await post(client, **headers),
            await client.get("/v1/position", headers=headers),
            await client.get("/v1/areas", headers=headers),
            await client.get("/v1/notices", headers=headers),
        ]
    for answer in answers:
        shown = problem(answer, 401, "unauthenticated")
        assert shown["errors"][0]["code"] == RULES.get(kind, kind)
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert token is None or token.split(".")[-1] not in answer.text or kind == "none"
    assert await board.events() == []


@pytest.mark.parametrize("kind", [*KINDS, "malformed"])
async def test_grpc_refuses_the_same_tokens(board: Noticeboard, kind: str):
    token = bad_tokens(board.issuer)[kind]
    server = create_server(board.verifier, [log_service(board.replay, board.areas, SystemClock())])
    await server.start()
    metadata = (("authorization", f"Bearer {token}"),) if token else ()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            stub = log_pb2_grpc.LogStub(channel)
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await stub.Position(log_pb2.PositionRequest(), metadata=metadata)
            with pytest.raises(grpc.aio.AioRpcError) as refused_too:
                async for _ in stub.Read(log_pb2.ReadRequest(), metadata=metadata):
                    pass
    finally:
        await server.stop(0)
    assert refused.value.code() == refused_too.value.code() == grpc.StatusCode.UNAUTHENTICATED


async def test_a_good_token_needs_the_issuer_once(board: Noticeboard, issuer: Issuer):
    headers = issuer.bearer(OFFICER)
    async with board.client() as client:
        assert (await client.get("/v1/position", headers=headers)).status_code == 200
        answer = await client.get("/v1/position", headers=issuer.bearer(OFFICER, key="rsa"))
        assert answer.status_code == 200


async def test_while_the_issuer_is_away_a_newcomer_is_asked_to_come_back(empty_log):
    away = Issuer("http://127.0.0.1:9")
    async with running(empty_log, away) as board, board.client(OFFICER) as client:
        answer = await post(client)
    problem(answer, 503, "busy")
    assert int(answer.headers["retry-after"]) > 0


async def test_the_issuer_really_answers_over_its_port(issuer: Issuer):
    async with httpx2.AsyncClient() as client:
        found = await client.get(f"{issuer.url}/.well-known/openid-configuration")
    assert found.json()["issuer"] == issuer.url
