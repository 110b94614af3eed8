"""The report as people meet it: on a phone, a desk and paper, by finger, keyboard and ear."""

import itertools
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # no marker
from playwright.sync_api import expect
from reporting.page.formats import number

pytestmark = pytest.mark.browser

WIDTHS = (360, 768, 1440)
LANGUAGES = ("vi", "en")
LIGHT = 100_000  # bytes that a first visit may cost


@pytest.fixture
def look(browser, site, watched):
    """Opens the report at a width and says what went wrong, which must be nothing."""
    opened = []

    def open_at(width=1440, on=site, path=None, **parameters):
        parameters.setdefault("measure", "participations")
        context = {key: parameters.pop(key) for key in CONTEXT if key in parameters}
        seen = watched(browser, on, width, **context)
        opened.append(seen)
        seen.page.goto(path or on.report(**parameters))
        return seen

    yield open_at
    for seen in opened:
        seen.context.close()
        assert seen.wrong == []


CONTEXT = ("java_script_enabled", "has_touch", "is_mobile")


def barriers(page):
    """What axe finds that keeps somebody out: rules and elements."""
    options = {"resultTypes": ["violations"], "elementRef": False, "preload": False}
    return [
        (violation["id"], [node["html"][:80] for node in violation["nodes"]])
        for violation in Axe().run(page, options=options).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


def rows_of(page):
    """The table of places as it stands: name and figures."""
    return page.evaluate(
        "[...document.querySelectorAll('#table tbody tr')]"
        ".map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_fits_its_width_and_is_light(look, width, language):
    seen = look(width, lang=language)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.bytes < LIGHT


@pytest.mark.parametrize(("width", "language"), [(360, "vi"), (768, "en"), (1440, "vi")])
def test_the_page_has_no_barrier(look, width, language):
    assert barriers(look(width, lang=language).page) == []


@pytest.mark.parametrize(
    "parameters",
    [
        {"lang": "vi", "area": "03721"},
        {"lang": "en", "map_date": "2025-06-30"},
        {"lang": "vi", "as_of": "2025-02-30"},
        {"lang": "vi", "period": "2030"},
    ],
    ids=["commune", "old map", "problem", "empty"],
)
def test_every_state_of_the_page_fits_a_phone_and_has_no_barrier(
    browser, site, watched, parameters
):
    seen = watched(browser, site, 360)
    seen.page.goto(site.report(**parameters))
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert barriers(seen.page) == []
    seen.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentence_map_and_table_say_the_same(look, site, language):
    page = look(lang=language).page
    rows = {name: cells for name, *cells in rows_of(page)}
    shapes = page.evaluate(
        "[...document.querySelectorAll('.land a')].map(a => [a.querySelector('title').textContent,"
        " a.querySelector('path').getAttribute('class')])"
    )
    assert len(shapes) == len(rows) == 75
    steps = {}
    for title, step in shapes:
        name, said = title.split(": ")
        name = re.sub(r"^(Xã|Phường) | (Commune|Ward)$", "", name)
        if len(rows[name]) == 1:
            assert said == rows[name][0]
            assert step == "q0"
        else:
            assert said.startswith(f"{rows[name][1]} ")
            steps.setdefault(step, []).append(int(re.sub(r"\D", "", rows[name][1])))
    ordered = [steps[f"q{n}"] for n in range(1, 6)]
    assert all(max(low) < min(high) for low, high in itertools.pairwise(ordered))
    total = page.locator("#table tfoot tr.total td").nth(1).inner_text()
    assert total in page.locator(".stated").inner_text()
    assert total == number(sum(f.participants for f in site.facts if f.day.year >= 2024), language)


def test_the_legend_states_the_breaks_that_the_map_uses(look):
    page = look(lang="vi").page
    said = [
        [int(re.sub(r"\D", "", part)) for part in text.split("–")]
        for text in page.locator(".legend li span").all_inner_texts()
        if "chưa" not in text
    ]
    values = [int(r[2].replace(".", "")) for r in rows_of(page) if len(r) > 2]
    assert len(said) == 5
    for low, high in said:
        assert low in values
        assert high in values
    assert (said[0][1], said[-1][0]) == (max(values), min(values))


def test_a_press_on_a_column_sorts_the_table_and_changes_the_address(look):
    page = look(lang="vi").page
    page.locator("#table thead").get_by_role("link", name="Nơi").click()
    names = [row[0] for row in rows_of(page)]
    assert names[:3] == ["Bắc Yên", "Bình Thuận", "Bó Sinh"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    assert parse_qs(urlsplit(page.url).query)["sort"] == ["name"]
    courses = page.locator("#table thead").get_by_role("link", name="Lớp")
    courses.click()
    counts = [int(row[1]) for row in rows_of(page) if len(row) > 2]
    assert counts == sorted(counts, reverse=True)
    courses.click()
    counts = [int(row[1]) for row in rows_of(page) if len(row) > 2]
    assert counts == sorted(counts)
    assert rows_of(page)[-1][1] == "chưa có báo cáo"


def test_without_a_script_the_page_shows_sorts_and_changes_its_dates(look):
    seen = look(360, lang="vi", java_script_enabled=False)
    page = seen.page
    expect(page.locator("#training .sentence")).to_contain_text("tỉnh Sơn La đã hoàn thành")
    page.locator("#table thead").get_by_role("link", name="Nơi").click()
    assert page.locator("#table tbody th").first.inner_text() == "Bắc Yên"
    page.locator("summary").first.click()
    page.get_by_label("Tính đến ngày").fill("2025-09-30")
    page.get_by_role("button", name="Xem").click()
    assert parse_qs(urlsplit(page.url).query)["as_of"] == ["2025-09-30"]
    expect(page.locator("#funds .sentence")).to_contain_text("đến 30/9/2025")
    page.locator(".land a").first.click()
    assert "area=" in page.url


def test_changing_a_date_changes_the_address_and_leaves_out_what_was_not_chosen(look):
    page = look(lang="vi").page
    page.locator("summary").first.click()
    page.get_by_label("Bản đồ ngày").fill("2025-06-30")
    page.get_by_role("button", name="Xem").click()
    page.wait_for_url("**map_date**")
    assert parse_qs(urlsplit(page.url).query) == {
        "lang": ["vi"],
        "map_date": ["2025-06-30"],
        "measure": ["participations"],
    }
    expect(page.get_by_role("heading", name="Bản đồ: Lượt người tham gia")).to_be_visible()


def test_the_five_titles_and_their_year_fit_the_first_screen_of_a_phone(look):
    page = look(360, lang="vi", measure="titles_held").page
    page.set_viewport_size({"width": 360, "height": 640})
    rows = page.locator("#titles li")
    expect(rows).to_have_count(5)
    for row in rows.all():
        box = row.bounding_box()
        assert box["y"] + box["height"] <= 640
        size = row.evaluate("row => parseFloat(getComputedStyle(row.children[2]).fontSize)")
        assert size >= 13
    assert page.evaluate("scrollY") == 0


def test_a_number_of_the_sentence_leads_to_its_map_months_and_table(look):
    page = look(lang="vi").page
    page.locator("#titles .sentence").get_by_role("link", name="dòng họ học tập").click()
    page.wait_for_url("**model=clan#figure")
    heading = page.get_by_role(
        "heading", name="Bản đồ: Danh hiệu đang có hiệu lực: Dòng họ học tập"
    )
    expect(heading).to_be_visible()
    expect(page.locator(".stated")).to_contain_text("tỉnh Sơn La: 1 dòng họ học tập")
    expect(page.locator("th[aria-sort]")).to_contain_text("Dòng họ")
    expect(page.locator(".land path.q1")).to_have_count(1)
    expect(page.locator(".land path.q0")).to_have_count(74)


def test_the_keyboard_reaches_a_commune_and_opens_it(look):
    page = look(lang="vi").page
    page.get_by_role("link", name="Bỏ qua bản đồ").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#card span")).to_contain_text("Xã Bắc Yên: ")
    assert page.evaluate("document.activeElement.closest('svg') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**area=**")
    expect(page.locator("#training .sentence")).to_contain_text("xã Bắc Yên đã hoàn thành")


def test_the_keyboard_can_skip_the_map(look):
    page = look(lang="vi").page
    page.get_by_role("link", name="Bỏ qua bản đồ").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('table').id") == "table"


def test_a_screen_reader_hears_name_value_and_rank_of_a_commune(look):
    page = look(lang="vi").page
    shape = page.locator(".land").get_by_role(
        "link", name=re.compile(r"^Xã Thuận Châu: [\d.]+ lượt người, thứ \d+ trong 73 nơi")
    )
    expect(shape).to_have_count(1)


def test_a_tap_shows_name_value_rank_and_ways_on_without_leaving_the_map(look):
    page = look(360, lang="vi", has_touch=True, is_mobile=True).page
    page.locator(".land").scroll_into_view_if_needed()
    box = page.locator(".land a path").nth(3).bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = page.locator("#card")
    expect(card).to_contain_text(re.compile(r"(Xã|Phường) .+: .+"))
    assert "area=" not in page.url
    events = card.get_by_role("link", name="Các sự kiện tạo nên số này")
    assert events.get_attribute("href").startswith("/report/events?lang=vi&area=")
    card.get_by_role("link", name="Xem nơi này").click()
    page.wait_for_url("**area=**")


def test_somebody_who_signs_in_sees_the_events_that_make_up_a_figure(look, site):
    seen = look(lang="vi", area="03721")
    page = seen.page
    page.get_by_role("navigation").get_by_role("link", name="Đăng nhập").click()
    page.wait_for_url(f"{site.issuer}/**")
    page.get_by_role("button").last.click()
    page.wait_for_url(f"{site.url}/report?**")
    assert "area=03721" in page.url
    assert "kh_report" not in page.evaluate("document.cookie")
    [cookie] = [one for one in seen.context.cookies() if one["name"] == "kh_report"]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/report")
    shown = page.locator(".stated b").inner_text()
    page.get_by_role("link", name="Các sự kiện tạo nên số này").first.click()
    page.wait_for_url(f"{site.url}/report/events?**")
    deltas = page.locator("td.number").all_inner_texts()
    assert sum(int(delta) for delta in deltas) == int(shown.replace(".", ""))
    assert len(deltas) > 2
    page.goto(site.report(lang="vi", measure="titles_held"))
    figure = page.locator("#table tr", has_text="Thuận Châu").locator("td a").nth(1)
    assert figure.inner_text() == "4"
    figure.click()
    expect(page.locator(".sentence")).to_contain_text("xã Thuận Châu: 4 gia đình học tập")
    expect(page.locator("td.number")).to_have_text(["1"] * 4)
    expect(page.locator("tbody td").first).to_have_text("Công nhận danh hiệu")
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("link", name="Đăng nhập").first).to_be_visible()
    assert [one for one in seen.context.cookies() if one["name"] == "kh_report"] == []


def test_the_trend_compares_twelve_months_with_the_same_days_a_year_before(look, site):
    page = look(lang="vi").page
    page.locator(".trend summary").click()
    rows = page.evaluate(
        "[...document.querySelectorAll('.trend tbody tr')]"
        ".map(row => [...row.cells].map(cell => cell.innerText))"
    )
    assert [rows[0][0], rows[-1][0]] == ["tháng 11/2024", "tháng 10/2025"]
    march = [sum(f.participants for f in site.facts if f"{f.day:%Y-%m}" == m)
             for m in ("2025-03", "2024-03")]  # fmt: skip
    assert rows[4] == ["tháng 3/2025", *(number(value, "vi") for value in march)]
    october = [
        f.participants for f in site.facts if f"{f.day:%Y-%m}" == "2024-10" and f.day.day < 16
    ]
    assert rows[-1][2] == (number(sum(october), "vi") if october else "chưa có báo cáo")
    expect(page.locator(".trend")).to_contain_text("năm trước cũng tính đến cùng ngày")


def test_it_prints_on_a4_with_the_map_and_without_what_only_a_screen_can_do(look):
    page = look(lang="vi").page
    page.emulate_media(media="print")
    expect(page.locator(".land > svg")).to_be_visible()
    expect(page.locator(".legend")).to_be_visible()
    for hidden in (".choose", "header nav", "#card"):
        expect(page.locator(hidden)).to_be_hidden()
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", printed)) <= 5


def test_five_steps_of_colour_survive_greyscale(look):
    page = look(lang="vi").page
    colours = page.evaluate(
        "[1,2,3,4,5].map(n => getComputedStyle(document.querySelector('.legend .q' + n)).fill)"
    )
    light = [_luminance(colour) for colour in colours]
    assert all(upper - lower > 0.08 for upper, lower in itertools.pairwise(light))


def _luminance(colour):
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
