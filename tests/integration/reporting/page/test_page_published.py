"""The published figures on the page: titles, money and courses, each against last year."""

import re
from collections import Counter
from datetime import date

import httpx2
from report_html import Table, text_of
from report_site import AREAS, TODAY
from report_titles import titles
from reporting.measures import MEASURES
from reporting.page.formats import number
from reports import exact

TRAINING = "/report?lang=vi&measure=participations"


def rows_of(client, **chosen):
    """The table of places under a question, in Vietnamese."""
    return Table(client.get("/report", params={"lang": "vi", **chosen}).text).rows


def test_the_published_paragraph_is_read_off_the_page(client):
    said = text_of(client.get("/report?lang=vi").text)
    held = Counter(t.model for t in titles() if t.held(TODAY) and t.group != "commune")
    assert (
        f"Đến 15/10/2025, tỉnh Sơn La có {held['citizen']} công dân học tập, 4 gia đình học tập,"
        " 1 dòng họ học tập, 3 cộng đồng học tập và 2 đơn vị học tập." in said
    )
    assert (
        "Từ 1/1/2024 đến 15/10/2025, Quỹ Khuyến học vận động được 7,14 tỷ đồng và Quỹ học bổng vận"
        " động được 2,24 tỷ đồng; đã chi 3,2 triệu đồng cho 2 tập thể, cá nhân được khen thưởng."
        in said
    )
    assert "cộng đồng cấp xã, cấp tỉnh tính riêng: 1." in said
    assert "7.140.000.000 đồng" in said
    assert "2.244.000.000 đồng" in said


def test_each_title_stands_against_the_same_day_of_last_year_in_words(client):
    html = client.get("/report?lang=vi").text
    [titles_part] = re.findall(r'<section id="titles".*?</section>', html, re.DOTALL)
    said = text_of(titles_part).replace("\xa0", " ")
    now, before = (
        sum(title.model == "citizen" and title.held(day) for title in titles())
        for day in (TODAY, date(2024, 10, 15))
    )
    assert "So với ngày 15/10/2024" in said
    share = f"{100 * (now - before) / before:.1f}".replace(".", ",")
    assert f"Công dân học tập {now} nhiều hơn {now - before} ({share} %)" in said
    assert "Gia đình học tập 4 ít hơn 2 (33,3 %)" in said
    assert "Dòng họ học tập 1 năm trước chưa có" in said
    assert "Đơn vị học tập 2 không đổi" in said


def test_money_of_this_year_stands_against_the_same_days_of_last_year(client):
    said = text_of(client.get("/report?lang=en").text)
    assert "From 1 January to 15 Oct 2025, against the same days of the year before" in said
    assert "this year 71.4 million dong, 7 billion dong less (99.0%)" in said


def test_a_rate_is_given_where_its_base_is_known_and_its_absence_is_said(client, funds_site):
    said = text_of(client.get("/report?lang=vi").text)
    assert "50,0 % của 8 hộ gia đình" in said
    assert "Chưa có số liệu gốc để tính tỷ lệ của: Công dân học tập, Dòng họ học tập" in said
    rows = rows_of(client, measure="titles_rate", base_kind="HOUSEHOLDS")
    assert rows["Thuận Châu"][2].replace("\xa0", " ") == "25,0 %"
    assert rows["Bắc Yên"] == ["chưa có báo cáo"]
    nothing = httpx2.get(funds_site.report(lang="vi")).text
    assert "Chưa tính được tỷ lệ vì chưa có số liệu gốc" in nothing


def test_titles_by_commune_agree_with_their_holders_on_both_maps(client):
    held = Counter(
        str(AREAS.carry(exact(title.area), TODAY))
        for title in titles()
        if title.model == "citizen" and title.held(TODAY)
    )
    rows = rows_of(client, model="citizen")
    for unit in AREAS.in_force(TODAY):
        said = number(held[str(unit.area)], "vi") if held[str(unit.area)] else "chưa có báo cáo"
        assert rows[unit.name][0] in (said, "–"), unit
    assert rows["Thuận Châu"][1:4] == ["4", "1", "3"]
    assert rows["Cấp tỉnh"][-1] == "2"
    before = rows_of(client, model="citizen", map_date="2025-06-30")
    assert before["Cả tỉnh"][0] == rows["Cả tỉnh"][0] == number(held.total(), "vi")


def test_money_by_commune_is_in_millions_and_to_the_dong_on_the_page_of_a_place(client):
    rows = rows_of(client, measure="funds_mobilised")
    assert rows["Thuận Châu"] == ["71,4", "71,4", "–"]
    assert rows["Cấp tỉnh"] == ["9.312,6", "7.068,6", "2.244,0"]
    html = client.get("/report?lang=vi&area=03721&measure=funds_spent").text
    assert "xã Thuận Châu: 850.000 đồng" in text_of(html)


def test_every_measure_can_colour_the_map_and_says_which(client):
    html = client.get("/report?lang=vi").text
    [colours] = re.findall(r'<nav class="colours".*?</nav>', html, re.DOTALL)
    links = [found.replace("&amp;", "&") for found in re.findall(r'href="([^"#]+)', colours)]
    shown = {httpx2.URL(link).params["measure"] for link in links}
    assert shown == set(MEASURES)
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        assert answer.text.count('<path class="q') == 75
        assert '<h2 id="map-title">Bản đồ: ' in answer.text


def test_a_public_page_is_sent_again_only_when_something_was_recorded(site, client):
    first = client.get("/report?lang=vi")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, no-cache"
    again = client.get("/report?lang=vi", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    for other in (
        "/report?lang=en",
        "/report?lang=vi&area=03721",
        "/report?lang=vi&as_of=2025-09-01",
    ):
        answer = client.get(other, headers={"if-none-match": tag})
        assert (answer.status_code, answer.headers["etag"] != tag) == (200, True), other
    moved = "UPDATE source SET position = position {} 1, published = published {} 1"
    site.execute(moved.format("+", "+") + " WHERE log = '14.funds'")
    try:
        answer = client.get("/report?lang=vi", headers={"if-none-match": tag})
        assert (answer.status_code, "14.funds:6" in answer.text) == (200, True)
    finally:
        site.execute(moved.format("-", "-") + " WHERE log = '14.funds'")
    assert "no-cache" in client.get(f"{TRAINING}&sort=colour").headers["cache-control"]
    assert "etag" not in client.get(f"{TRAINING}&sort=colour").headers


def test_a_page_costs_a_slow_network_less_than_forty_kilobytes(client):
    for address in ("/report?lang=vi", f"{TRAINING}&map_date=2025-06-30"):
        answer = client.get(address)
        assert int(answer.headers["content-length"]) < 40_000


def test_a_province_with_money_alone_says_what_it_has_and_what_it_lacks(funds_site):
    said = text_of(httpx2.get(funds_site.report(lang="vi")).text)
    assert "tỉnh Sơn La chưa có danh hiệu nào được báo cáo" in said
    assert "Quỹ Khuyến học vận động được 7,14 tỷ đồng" in said
    assert "không phải vì không có gì" not in said
