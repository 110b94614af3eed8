"""A commune's page shows its villages to those who have signed in, and to nobody else."""

from datetime import date

import pytest
from khuyenhoc.registry.v1 import events_pb2 as registry
from report_site import Fact

pytestmark = pytest.mark.browser

LONG_HE = "03763@2025-07-01"
NA_TONG, COPIA, EMPTY = (f"03763-00{n}@2025-07-02" for n in (1, 2, 3))
NAMES = {NA_TONG: "Nà Tòng", COPIA: "Cán Tỷ", EMPTY: "Long Lọng"}
FACTS = (
    Fact(NA_TONG, date(2025, 9, 1), "LITERACY", 21),
    Fact(NA_TONG, date(2025, 9, 2), "LITERACY", 19),
    Fact(COPIA, date(2025, 9, 3), "SEMINAR", 7),
    Fact(LONG_HE, date(2025, 9, 4), "SEMINAR", 100),
)
OPENED = tuple(
    ("14.registry", date(2025, 7, 2), registry.VillageOpened(village=v, name=name, commune=LONG_HE))
    for v, name in NAMES.items()
)


@pytest.fixture(scope="session")
def village_site(postgres, tmp_path_factory, make_site):
    """A commune with three villages, of which two have reported."""
    yield from make_site(postgres, FACTS, tmp_path_factory.mktemp("issuer"), OPENED)


@pytest.fixture
def look(browser, village_site, watched):
    seen = watched(browser, village_site)
    yield seen
    seen.context.close()
    assert seen.wrong == []


def sign_in(page, site, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=name).click()
    page.wait_for_url(f"{site.issuer}/**")
    page.get_by_role("button").last.click()
    page.wait_for_url(f"{site.url}/report?**")


def below(page) -> list[list[str]]:
    return page.evaluate(
        "[...document.querySelectorAll('#villages tbody tr, #villages tfoot tr')]"
        ".map(row => [...row.cells].slice(0, 3).map(cell => cell.innerText.trim()))"
    )


def test_a_commune_lists_its_villages_in_both_languages_on_a_phone_and_a_desk(look, village_site):
    page = look.page
    page.goto(village_site.report(measure="participations", area="03763", lang="vi"))
    assert below(page) == []
    assert "Nà Tòng" not in page.content()
    sign_in(page, village_site, "Đăng nhập")
    for language, none, own, whole in (
        ("vi", "chưa có báo cáo", "Không thuộc riêng bản nào", "Cả xã, phường"),
        ("en", "no report yet", "In no one village", "Whole commune or ward"),
    ):
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(village_site.report(measure="participations", area="03763", lang=language))
            assert below(page) == [
                ["Cán Tỷ", "1", "7"],
                ["Long Lọng", none],
                ["Nà Tòng", "2", "40"],
                [own, "1", "100"],
                [whole, "4", "147"],
            ]
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wide) == 0, (language, width)


def test_a_village_has_a_page_of_its_own_for_those_who_have_signed_in(look, village_site):
    page = look.page
    page.goto(village_site.report(measure="participations", area="03763", lang="vi"))
    sign_in(page, village_site, "Đăng nhập")
    page.get_by_role("link", name="Nà Tòng").click()
    page.wait_for_url("**area=03763-001**")
    assert "Bản Nà Tòng" in page.locator("h1").inner_text()
    assert page.locator(".stated b").inner_text() == "40"
    page.get_by_role("link", name="Các sự kiện tạo nên số này").first.click()
    page.wait_for_url(f"{village_site.url}/report/events?**")
    assert page.locator("td.number").all_inner_texts() == ["21", "19"]


def test_a_village_is_not_for_those_who_have_not(look, village_site):
    page = look.page
    answer = page.goto(village_site.report(area="03763-001", lang="vi"))
    look.wrong.clear()  # the browser writes down that it was refused
    assert answer.status == 401
    assert "đã đăng nhập" in page.content()
