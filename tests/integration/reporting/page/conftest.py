"""The report page over a real database, once a run; a browser to look at it with."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright
from report_site import Site, a_province, serving
from report_titles import others

from deploy.local import databases
from deploy.local.postgres import Postgres

Folders = pytest.TempPathFactory
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)

BASES = """
INSERT INTO base VALUES ('HOUSEHOLDS', '14', '2024-12-31', 8, 'a census', '2025-01-01'),
    ('HOUSEHOLDS', '03721@2025-07-01', '2025-07-01', 16, 'a census', '2025-07-02')
"""


def _site(postgres: Postgres, facts: tuple, folder: Path, beside: tuple = ()) -> Iterator[Site]:
    name = f"page_{uuid.uuid4().hex[:8]}"
    owner = f"{name}_owner"
    [made] = databases.ensure(postgres.admin_url, [name], owner, name, {name: "a", owner: "o"})
    try:
        with serving(made, facts, folder, beside) as site:
            yield site
    finally:
        databases.drop(postgres.admin_url, name)


@pytest.fixture(scope="session")
def make_site() -> Callable[..., Iterator[Site]]:
    """Serves the page of a province that a test invents."""
    return _site


@pytest.fixture(scope="session")
def site(postgres: Postgres, tmp_path_factory: Folders) -> Iterator[Site]:
    """A province with two years of reports."""
    folder = tmp_path_factory.mktemp("issuer")
    for site in _site(postgres, a_province(), folder, tuple(others())):
        site.execute(BASES)
        yield site


@pytest.fixture(scope="session")
def funds_site(postgres: Postgres, tmp_path_factory: Folders) -> Iterator[Site]:
    """A province that has reported money alone."""
    given = tuple(each for each in others() if each[0] == "14.funds")
    yield from _site(postgres, (), tmp_path_factory.mktemp("issuer"), given)


@pytest.fixture(scope="session")
def empty_site(postgres: Postgres, tmp_path_factory: Folders) -> Iterator[Site]:
    """A province from which nothing has been heard."""
    yield from _site(postgres, (), tmp_path_factory.mktemp("issuer"))


@pytest.fixture
def client(site: Site) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=site.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. While it is open its own loop runs, and no asynchronous test can: one module long."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: `apt-get install chromium` gets it")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


class Watched:
    """A page and what went wrong on it: messages of the console, and requests to strangers."""

    def __init__(self, browser: Browser, site: Site, width: int = 1440, **context: Any) -> None:
        context["viewport"] = {"width": width, "height": 800}
        self.context = browser.new_context(**context)
        self.page: Page = self.context.new_page()
        self.wrong: list[str] = []
        self.bytes = 0
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self._own(request.url, site))
        self.page.on("requestfinished", self._weigh)

    def _own(self, url: str, site: Site) -> None:
        if not url.startswith((site.url, site.issuer)):
            self.wrong.append(f"asked a stranger: {url}")

    def _weigh(self, request: Request) -> None:
        self.bytes += request.sizes()["responseBodySize"]


@pytest.fixture(scope="session")
def watched() -> type[Watched]:
    """Opens a page in a context of its own and watches it."""
    return Watched
