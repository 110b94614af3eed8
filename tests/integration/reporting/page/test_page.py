"""The report as it is sent: what it says agrees with the facts, and nothing breaks it."""

import re
from collections import Counter
from datetime import date

import httpx2
import pytest
from report_html import Table, text_of
from report_site import AREAS, EMPTY_CLASS, SILENT, TODAY
from reporting.page.formats import number

SINCE = date(2024, 1, 1)
TRAINING = "/report?lang=vi&measure=participations"


def counted(site):
    return [fact for fact in site.facts if SINCE <= fact.day <= TODAY]


def test_the_answer_comes_first_with_the_figure_its_days_and_what_it_includes(site, client):
    facts = counted(site)
    people = sum(fact.participants for fact in facts)
    said = text_of(client.get(TRAINING).text)
    assert (
        f"Từ 1/1/2024 đến 15/10/2025, tỉnh Sơn La đã hoàn thành {number(len(facts), 'vi')} lớp,"
        f" với {number(people, 'vi')} lượt người tham gia, trong đó có" in said
    )
    assert "Có báo cáo của 73 trong 75 xã, phường và của cấp tỉnh; 2 nơi chưa có báo cáo." in said
    said = text_of(client.get("/report?lang=en&measure=participations").text)
    assert (
        f"From 1 January 2024 to 15 October 2025, Sơn La province completed {len(facts)} courses"
        f" with {people:,} participations, among them" in said
    )


def test_every_commune_of_the_table_adds_up_to_the_facts_and_to_the_total(site, client):
    rows = Table(client.get(TRAINING).text).rows
    people = Counter()
    for fact in counted(site):
        people[fact.today] += fact.participants
    for unit in AREAS.in_force(TODAY):
        cells = rows[unit.name]
        if unit.area.code in SILENT:
            assert cells == ["chưa có báo cáo"]
        else:
            assert cells[1] == number(people[str(unit.area)], "vi"), unit
    assert rows["Cấp tỉnh"][1] == number(people["14"], "vi")
    assert rows["Cả tỉnh"][1] == number(people.total(), "vi")


def test_nothing_reported_is_not_zero_and_a_class_nobody_came_to_is(client):
    rows = Table(client.get(TRAINING).text).rows
    names = {unit.area.code: unit.name for unit in AREAS.in_force(TODAY)}
    assert rows[names[SILENT[0]]] == ["chưa có báo cáo"]
    assert rows[names[EMPTY_CLASS]][:2] == ["1", "0"]


def test_every_figure_says_as_of_known_at_map_position_and_parked(site, client):
    html = client.get(f"{TRAINING}&as_of=2025-09-30&known_at=2025-10-01").text
    lines = [text_of(found) for found in re.findall(r'<p class="line">(.*?)</p>', html, re.DOTALL)]
    assert len(lines) == 5
    for said in lines:
        assert said.startswith("Tính đến 30/9/2025 · biết đến 23:59:59 ngày 1/10/2025 · bản đồ")
    assert f"14.training:{len(site.facts)}, ghi" in lines[0]
    assert "14.funds:5, ghi" in lines[0]
    assert lines[0].endswith("không có sự kiện chờ")
    assert all(said.endswith("vị trí các nguồn như ở đầu trang") for said in lines[1:])


def test_an_earlier_known_time_counts_only_what_was_recorded_by_then(site, client):
    early = [fact for fact in counted(site) if fact.day <= date(2025, 2, 28)]
    said = text_of(client.get("/report?lang=en&measure=participations&known_at=2025-02-28").text)
    assert f"completed {len(early)} courses" in said


def test_one_commune_has_its_own_sentence_rank_and_way_to_its_events(site, client):
    facts = [fact for fact in counted(site) if fact.today.startswith("03721@")]
    said = client.get(f"{TRAINING}&area=03721").text
    assert f"xã Thuận Châu đã hoàn thành {len(facts)} lớp" in text_of(said)
    assert re.search(r"Thứ \d+ trong 73 nơi có số liệu", text_of(said))
    assert '/report/events?lang=vi&amp;area=03721&amp;measure=participations"' in said


def test_on_a_day_before_the_reform_the_table_lists_200_units_and_the_picture_says_it_is_newer(
    client,
):
    html = client.get(f"{TRAINING}&map_date=2025-06-30").text
    rows = Table(html).rows
    assert len(re.findall(r"<tr data-keys=", html)) == 200
    assert "Chiềng Chung Huyện Mai Sơn" in rows
    said = text_of(html).replace("\xa0", " ")
    assert "Hình vẽ 75 xã, phường từ 1/7/2025; bảng là 200 đơn vị của bản đồ ngày 30/6/2025" in said
    assert html.count("map_date=2025-07-01&amp;area=") >= 75


def test_the_totals_of_both_maps_are_the_same(client):
    now = Table(client.get(TRAINING).text).rows["Cả tỉnh"]
    before = Table(client.get(f"{TRAINING}&map_date=2025-06-30").text).rows["Cả tỉnh"]
    assert now == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("as_of=2025-02-30", "“2025-02-30” không dùng được làm ngày tính đến"),
        ("map_date=hôm%20nay", "không dùng được làm ngày của bản đồ"),
        ("known_at=%F0%9F%98%80", "không phải là ngày hay thời điểm"),
        ("known_at=2025-10-20T25:00:00Z", "không phải là ngày hay thời điểm"),
        ("area=99999", "“99999” không phải là một nơi"),
        ("area=03721,03724", "“03721,03724” không phải là một nơi"),
        ("period=2025-13", "“2025-13” không phải là một khoảng thời gian"),
        ("model=citizen", "không có mô hình “citizen”"),
        ("sort=colour", "không sắp xếp được theo “colour”"),
        ("area=%3Cscript%3Ealert(1)%3C/script%3E", "không phải là một nơi"),
        ("as_of=" + "9" * 5000, "không dùng được làm ngày tính đến"),
    ],
)
def test_a_wrong_address_gets_a_page_that_says_what_is_wrong_and_leads_back(client, wrong, said):
    answer = client.get(f"{TRAINING}&{wrong}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert said in text_of(answer.text)
    assert "Traceback" not in answer.text
    assert "<script>alert" not in answer.text
    back = re.search(r'<a href="([^"]*)">Về báo cáo</a>', answer.text)[1]
    assert client.get(back.replace("&amp;", "&")).status_code == 200


def test_the_problem_is_said_in_the_readers_language(client):
    answer = client.get(
        "/report?as_of=2025-02-30", headers={"accept-language": "en;q=0.9,vi;q=0.1"}
    )
    assert "“2025-02-30” cannot be the day to count to" in answer.text
    assert '<html lang="en">' in answer.text


def test_an_unknown_page_under_the_report_is_a_page_too(client):
    answer = client.get("/report/nowhere?lang=en")
    assert (answer.status_code, answer.headers["content-language"]) == (404, "en")
    assert "There is no page at this address." in answer.text


def test_the_way_to_the_service_leads_to_the_report(client):
    answer = client.get("/?lang=en")
    assert (answer.status_code, answer.headers["location"]) == (307, "/report?lang=en")


def test_what_others_append_to_a_shared_link_does_not_spoil_it(client):
    assert client.get(f"{TRAINING}&zarsrc=31&utm_source=zalo").status_code == 200


def test_the_furthest_days_of_the_calendar_are_answered(client):
    for day in ("9998-12-30", "1900-01-01", "2024-02-29"):
        assert client.get(f"{TRAINING}&as_of={day}").status_code == 200, day


def test_the_policy_allows_nothing_foreign_and_nothing_inline(client):
    answer = client.get(TRAINING)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|style=|<script(?! src)| on\w+=", answer.text)


def test_static_files_are_kept_for_a_year_under_names_that_change(client):
    html = client.get(TRAINING).text
    files = set(re.findall(r'/report/static/[^"]+', html))
    assert len(files) == 5
    for file in files:
        answer = client.get(file)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert client.get("/report/static/page.0000000000.css").status_code == 404


def test_the_permanent_address_names_every_date_and_answers_the_same(client):
    html = client.get(TRAINING).text
    address = re.search(r'<a href="([^"]*)">Địa chỉ cố định', html)[1].replace("&amp;", "&")
    for name in ("as_of=2025-10-15", "known_at=2025-10-15T", "map_date=2025-10-15", "period="):
        assert name in address
    assert Table(client.get(address).text).rows == Table(html).rows


def test_a_province_from_which_nothing_was_heard_says_so_instead_of_zero(empty_site):
    html = httpx2.get(empty_site.report(lang="vi")).text
    assert "0 vì chưa có báo cáo, không phải vì không có gì" in text_of(html)
    assert "tỉnh Sơn La chưa có danh hiệu nào được báo cáo" in text_of(html)
    assert "Hệ thống chưa nhận được sự kiện nào" not in text_of(html)
    assert Table(html).rows["Long Hẹ"] == ["chưa có báo cáo"]
    assert "Hai mươi bốn tháng qua chưa có báo cáo nào." in text_of(html)


def test_late_parked_and_halted_sources_are_said_beside_the_answer(site, client):
    before = "SELECT position FROM source WHERE log = '14.training'"
    at = site.run(lambda pool: pool.fetchval(before))
    site.execute(
        f"UPDATE source SET published = {at + 312}, alarm ="
        ' \'{"kind": "gap", "expected": 9000, "seen": 9002}\', alarm_since = now()'
        " WHERE log = '14.training'"
    )
    site.execute(
        "INSERT INTO parked (log, record_offset, position, stream, type, reason, detail, value,"
        f" applied) VALUES ('14.training', 7, 7, 's', 't', 'failed', 'x', '', {at})"
    )
    try:
        said = text_of(client.get(TRAINING).text)
    finally:
        site.execute("DELETE FROM parked")
        site.execute(
            f"UPDATE source SET published = {at}, alarm = NULL, alarm_since = NULL"
            " WHERE log = '14.training'"
        )
    assert f"Số liệu của 14.training dừng ở vị trí {at}" in said
    assert "1 sự kiện của 14.training chưa đọc được" in said
    assert "Còn 312 sự kiện của 14.training chưa vào số liệu" in said
    assert "sự kiện đang chờ xử lý: 1" in said


def test_figures_finer_than_commune_totals_ask_the_reader_to_sign_in(client):
    for address in (f"{TRAINING}&kind=LITERACY", "/report/events?lang=vi&area=03721"):
        answer = client.get(address)
        assert answer.status_code == 401
        assert "chỉ dành cho người đã đăng nhập" in answer.text
        assert "/report/sign-in?back_to=%2Freport" in answer.text
    assert "Theo loại lớp" in client.get(TRAINING).text
    assert "Đăng nhập" in client.get(f"{TRAINING}&area=03721").text


def test_a_made_up_cookie_is_nobodys(client):
    for token in ("x", "a.b.c", "e30.e30."):
        answer = client.get(TRAINING, headers={"cookie": f"kh_report={token}"})
        assert answer.status_code == 200
        assert "Đăng nhập" in answer.text


def test_signing_in_never_leads_to_another_site(client):
    answer = client.get("/report/sign-in?back_to=https://elsewhere.example/")
    assert answer.status_code == 303
    assert "elsewhere" not in str(answer.headers)


def test_an_answer_of_the_issuer_that_was_not_asked_for_is_refused(client):
    answer = client.get("/report/signed-in?code=x&state=y&lang=vi")
    assert answer.status_code == 401
    assert "Đăng nhập không thành công" in answer.text
    assert "kh_report" not in str(answer.headers.get("set-cookie"))
