"""What every service answers beside its own: positions, events, areas, labels, health, problems."""

import asyncio
import io
import json
import re
from uuid import uuid4

import httpx2
import pytest
from asking import HE, post, post_rows, problem
from chassis.edge import openapi
from chassis.edge.access import AccessLog
from chassis.edge.entry import Entry
from noticeboard import AUDITOR, LOG, OFFICER, PROVINCIAL, Noticeboard

COMPLETED = "khuyenhoc.training.v1.CourseCompleted"


@pytest.fixture
async def auditor(board: Noticeboard):
    async with board.client(AUDITOR) as client:
        yield client


@pytest.fixture
async def five(officer) -> list[str]:
    """Five notices, the first of them closed: six events."""
    answer = await post_rows(officer, [HE | {"key": f"r{n}", "readers": n} for n in range(5)])
    ids = [json.loads(line)["id"] for line in answer.text.splitlines()[:-1]]
    await post(officer, {"notice": ids[0]}, "close", "/v1/closures")
    return ids


def lines(answer: httpx2.Response) -> list[dict]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


# -- position and events


async def test_the_position_says_how_far_the_log_is_kept_and_published(board, officer, five):
    shown = (await officer.get("/v1/position")).json()
    assert set(shown) == {"log", "position", "published", "recorded_at"}
    assert (shown["log"], shown["position"], shown["published"]) == (LOG, 6, 0)
    assert shown["recorded_at"].endswith("Z")


async def test_an_empty_log_has_position_0(officer):
    shown = (await officer.get("/v1/position")).json()
    assert (shown["position"], shown["recorded_at"]) == (0, None)


async def test_an_auditor_reads_the_log_as_published_dense_and_in_order(auditor, five):
    events = lines(await auditor.get("/v1/events"))
    assert [event["position"] for event in events] == [1, 2, 3, 4, 5, 6]
    members = {"position", "stream", "version", "type", "recorded_at", "data"}
    assert all(set(event) == members for event in events)
    assert [event["stream"] for event in events] == [*five, five[0]]
    assert events[-1]["type"] == "khuyenhoc.log.v1.Withheld"
    assert events[-1]["data"] == {}
    assert events[3]["data"]["course"] == five[3]
    assert [event["data"]["participants"] for event in events[:5]] == [0, 1, 2, 3, 4]


async def test_events_come_in_pages_and_by_stream_and_type(auditor, five):
    page = lines(await auditor.get("/v1/events", params={"after": 2, "limit": 3}))
    assert [event["position"] for event in page] == [3, 4, 5]
    of_one = lines(await auditor.get("/v1/events", params={"stream": five[0]}))
    assert [event["position"] for event in of_one] == [1, 6]
    typed = {"type": COMPLETED, "limit": 2, "after": 3}
    assert [e["position"] for e in lines(await auditor.get("/v1/events", params=typed))] == [4, 5]
    assert lines(await auditor.get("/v1/events", params={"after": 6})) == []


async def test_a_reader_at_the_end_may_wait_for_the_next_event(auditor, officer, five):
    waiting = asyncio.create_task(auditor.get("/v1/events", params={"after": 6, "wait": 10}))
    await asyncio.sleep(0)
    await post(officer, key="later")
    async with asyncio.timeout(5):
        assert [event["position"] for event in lines(await waiting)] == [7]


@pytest.mark.parametrize("grant", [OFFICER, PROVINCIAL, ("statistics_viewer", "14")])
async def test_nobody_but_an_auditor_replays_the_log(board, grant):
    async with board.client(grant) as client:
        problem(await client.get("/v1/events"), 403, "forbidden")


async def test_an_auditor_of_one_commune_does_not_replay_the_province(board):
    async with board.client(("auditor_external", "03763")) as client:
        problem(await client.get("/v1/events"), 403, "outside-area")


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "limit=0", "limit=10001", "stream=x", "wait=31", "wait=x"]
)
async def test_a_wrong_query_is_named(auditor, query):
    shown = problem(await auditor.get(f"/v1/events?{query}"), 422, "invalid")
    name, _, value = query.partition("=")
    assert (shown["errors"][0]["pointer"], shown["errors"][0]["value"]) == (f"?{name}", value)


# -- reading one's own writes, lists, versions


async def test_a_read_waits_for_the_position_it_names(board, officer):
    async with board.client(PROVINCIAL) as client:
        params = {"min_position": f"{LOG}:1", "wait": 10}
        waiting = asyncio.create_task(client.get("/v1/notices", params=params))
        await asyncio.sleep(0)
        await post(officer)
        async with asyncio.timeout(5):
            assert len((await waiting).json()["items"]) == 1


async def test_a_position_that_does_not_come_is_said_not_to_have_come(board, five):
    async with board.client(PROVINCIAL) as client:
        params = [("min_position", f"{LOG}:3"), ("min_position", f"{LOG}:99"), ("wait", "0.05")]
        answer = await client.get("/v1/notices", params=params)
    shown = problem(answer, 503, "position-not-reached")
    assert answer.headers["retry-after"] == "1"
    assert shown["detail"] == f"{LOG} mới tới vị trí 6, cần 99"


@pytest.mark.parametrize("position", ["4711", "14.noticeboard", "14.noticeboard:-1", "x:1", ""])
async def test_a_position_that_cannot_be_read_is_refused(board, position):
    async with board.client(PROVINCIAL) as client:
        answer = await client.get("/v1/notices", params={"min_position": position})
    assert problem(answer, 422, "invalid")["errors"][0]["pointer"] == "?min_position"


async def test_a_log_nobody_follows_here_is_not_waited_for(board):
    async with board.client(PROVINCIAL) as client:
        answer = await client.get("/v1/notices", params={"min_position": "14.funds:1", "wait": 20})
    assert "14.funds" in problem(answer, 422, "invalid")["detail"]


async def test_a_list_goes_on_from_page_to_page_without_repeating_or_leaving_out(board, five):
    async with board.client(PROVINCIAL) as client:
        found, cursor = [], None
        while True:
            params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = (await client.get("/v1/notices", params=params)).json()
            assert len(page["items"]) <= 2
            found += [item["id"] for item in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert found == five
        garbled = await client.get("/v1/notices", params={"cursor": "AAAA"})
        assert problem(garbled, 422, "invalid")["errors"][0]["pointer"] == "?cursor"
        problem(await client.get("/v1/notices", params={"limit": 201}), 422, "invalid")


async def test_a_thing_is_sent_again_only_when_it_has_changed(officer):
    notice = (await post(officer)).json()["id"]
    first = await officer.get(f"/v1/notices/{notice}")
    assert first.headers["etag"] == '"1"'
    for tag in ('"1"', 'W/"1"', '"0", "1"', "*"):
        same = await officer.get(f"/v1/notices/{notice}", headers={"if-none-match": tag})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", '"1"')
    await post(officer, {"notice": notice}, "close", "/v1/closures")
    changed = await officer.get(f"/v1/notices/{notice}", headers={"if-none-match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')


async def test_an_auditor_reads_what_an_officer_writes_and_a_neighbour_does_not(board, officer):
    notice = (await post(officer)).json()["id"]
    async with board.client(AUDITOR) as auditor:
        assert (await auditor.get(f"/v1/notices/{notice}")).status_code == 200
    async with board.client(("commune_association_officer", "03646")) as neighbour:
        problem(await neighbour.get(f"/v1/notices/{notice}"), 403, "outside-area")


# -- areas and labels


async def test_both_maps_can_be_asked_for(officer):
    now = (await officer.get("/v1/areas")).json()
    then = (await officer.get("/v1/areas", params={"map_date": "2025-06-30"})).json()
    assert (len(now["items"]), len(then["items"])) == (75, 200)
    assert now["next"] is None
    commune = next(item for item in now["items"] if item["code"] == "03763")
    assert commune["area"] == "03763@2025-07-01"
    assert commune["parent"] == "14"
    assert set(commune) >= {"name", "kind", "began", "ended"}
    assert {item["began"] for item in then["items"]} == {"1900-01-01"}


async def test_areas_can_be_asked_for_under_another(officer):
    under = (await officer.get("/v1/areas", params={"under": "14"})).json()["items"]
    assert len(under) == 75
    assert (await officer.get("/v1/areas", params={"under": "03763"})).json()["items"] == []
    problem(await officer.get("/v1/areas", params={"under": "99999"}), 422, "unknown-area")
    problem(await officer.get("/v1/areas", params={"map_date": "2025-02-30"}), 422, "invalid")


async def test_labels_are_for_everybody_and_in_both_languages(board):
    async with board.client() as stranger:
        labels = (await stranger.get("/v1/labels")).json()
    assert labels["roles"]["fund_treasurer"] == {"vi": "Thủ quỹ", "en": "Fund treasurer"}
    assert labels["area_kinds"]["ward"]["vi"] == "phường"
    assert labels["problems"]["stale"]["en"]
    assert labels["notice_states"]["closed"] == {"vi": "Đã gỡ", "en": "Taken down"}


# -- health, metrics, addresses that are none


async def test_a_service_is_alive_before_it_is_ready(board):
    async with board.client() as stranger:
        assert (await stranger.get("/readyz")).status_code == 200
        board.ready[0] = False
        assert (await stranger.get("/livez")).status_code == 200
        answer = await stranger.get("/readyz")
    problem(answer, 503, "busy")
    assert answer.headers["retry-after"]


async def test_requests_are_counted_by_the_template_of_their_path(board, officer):
    notice = (await post(officer)).json()["id"]
    await officer.get(f"/v1/notices/{notice}")
    await officer.get("/v1/nothing/at/all")
    text = (await officer.get("/metrics")).text
    assert 'path="/v1/notices/{id}",status="200"' in text
    assert 'method="POST",path="/v1/notices",status="201"' in text
    assert 'path="unmatched",status="404"' in text
    assert notice not in text


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing", "/docs", "/v1/notices/"])
async def test_an_address_that_is_none_is_not_found(officer, path):
    problem(await officer.get(path), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/closures"), ("DELETE", "/v1/closures"), ("PUT", "/v1/labels"),
     ("POST", "/v1/position")],
)  # fmt: skip
async def test_a_method_that_is_not_answered_is_refused(officer, method, path):
    answer = await officer.request(method, path)
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"]


async def test_an_id_that_is_none_is_refused_by_name(officer):
    shown = problem(await officer.get("/v1/notices/not-an-id"), 422, "invalid")
    assert shown["errors"][0]["pointer"] == "?id"


async def test_a_mistake_in_a_read_is_answered_as_ours(board, monkeypatch):
    async def broken(*_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(board.log, "head", broken)
    async with board.client(AUDITOR) as client:
        answer = await client.get("/v1/position", headers={"accept-language": "en"})
    shown = problem(answer, 500, "internal")
    assert "secret" not in answer.text
    assert shown["title"] == "Internal error"


async def test_every_answer_carries_the_headers_that_keep_a_browser_out_of_trouble(officer):
    for answer in (await officer.get("/v1/labels"), await post(officer), await post(officer, b"{")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "cache-control" in answer.headers


# -- one line a request


class Lines(io.StringIO):
    """Keeps what is written and says when."""

    def __init__(self) -> None:
        super().__init__()
        self.flushed = asyncio.Event()

    def flush(self) -> None:
        self.flushed.set()


@pytest.fixture
def written(board: Noticeboard) -> Lines:
    stream = Lines()
    paths = dict(board.commands.endpoints)
    board.app.entry = Entry(board.app.inside, paths, AccessLog("noticeboard", stream))
    return stream


async def test_a_request_leaves_one_line_without_anything_of_what_was_in_it(
    board, officer, written
):
    trace = "0af7651916cd43dd8448eb211c80319c"
    parent = {"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    body = HE | {"author": "Lò Văn Bí Mật"}
    notice = (await post(officer, body, "secret-key", **parent)).json()["id"]
    await officer.get(f"/v1/notices/{notice}?token=hidden")
    await officer.get("/livez")
    board.app.entry._access.flush()
    first, second = [json.loads(line) for line in written.getvalue().splitlines()]
    assert (first["method"], first["path"], first["status"]) == ("POST", "/v1/notices", 201)
    assert (first["trace_id"], first["service"]) == (trace, "noticeboard")
    assert first["ms"] > 0
    assert second["path"] == "/v1/notices/{id}"
    for hidden in (notice, "hidden", "Bí Mật", "secret-key", "Bearer"):
        assert hidden not in written.getvalue()


async def test_lines_are_written_soon_without_being_asked_for(officer, written):
    await officer.get("/v1/labels")
    async with asyncio.timeout(5):
        await written.flushed.wait()
    assert re.fullmatch(r"\{.*\}\n", written.getvalue())


# -- the OpenAPI document


async def test_the_document_has_every_path_and_both_forms_of_a_command(officer):
    document = (await officer.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) >= {
        "/livez", "/readyz", "/metrics", "/v1/position", "/v1/events", "/v1/areas", "/v1/labels",
        "/v1/notices", "/v1/notices/{id}", "/v1/closures",
    }  # fmt: skip
    posted = document["paths"]["/v1/notices"]["post"]
    assert set(posted["requestBody"]["content"]) == {"application/json", "application/x-ndjson"}
    assert {"200", "201", "400", "401", "403", "412", "413", "415", "422"} <= set(
        posted["responses"]
    )
    assert document["paths"]["/v1/notices"]["get"]["operationId"] == "notices"
    row = document["components"]["schemas"]["PostNoticeRow"]
    assert {"key", "if_version", "title"} <= set(row["properties"])
    text = json.dumps(document)
    for name in re.findall(r"#/components/schemas/(\w+)", text):
        assert name in document["components"]["schemas"]


async def test_a_changed_document_is_noticed(board, tmp_path):
    committed = tmp_path / "noticeboard.json"
    assert "noticeboard.json" in (openapi.drift(board.app, committed) or "")
    committed.write_text(openapi.dump(board.app.openapi()), "utf-8")
    assert openapi.drift(board.app, committed) is None
    committed.write_text(committed.read_text("utf-8").replace("PostNotice", "PutNotice"), "utf-8")
    assert openapi.drift(board.app, committed)


async def test_a_stranger_cannot_tell_what_exists(board):
    async with board.client() as stranger:
        problem(await stranger.get(f"/v1/notices/{uuid4()}"), 401, "unauthenticated")
