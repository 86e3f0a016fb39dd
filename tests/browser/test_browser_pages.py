"""Pages in a real Chromium: hostile text does not run, and nothing is wider than the screen."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from archive import events
from archive.model import ChangeKind
from archive.search import index_documents
from archive.store import Paths, open_archive
from scheduler.commands.browse import datasette_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = next(
    (p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("GONGKAI_REQUIRE_BROWSER"),
        reason="no Chromium: install it with `make browser` (apt-get install chromium)",
    ),
]
ATTACK = (
    "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">坏标题" + "很长" * 80
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    paths = Paths(tmp_path_factory.mktemp("browser"))
    with closing(open_archive(paths).conn) as db:
        db.execute(
            "INSERT INTO sites (key, name, url) VALUES ('a', ?, 'javascript:document.title=1')", [ATTACK]
        )
        db.execute(
            "INSERT INTO runs (id, collection, site, started_at) VALUES (1, 'c', 'a', '2026-03-01T00:00:00Z')"
        )
        db.execute("INSERT INTO bodies (sha256, text, length) VALUES ('b', ?, 10)", [ATTACK])
        db.execute(
            "INSERT INTO documents (id, site, url, status, title, body_sha256, current_version, versions)"
            " VALUES (1, 'a', 'javascript:document.title=1', 'present', ?, 'b', 1, 1)",
            [ATTACK],
        )
        db.execute(
            "INSERT INTO versions (id, document, number, fingerprint, extractor_revision, first_seen_at, last_seen_at, title,"
            " body_sha256, evidence) VALUES (1, 1, 1, 'f', 'r', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z', ?, 'b', '[]')",
            [ATTACK],
        )
        events.add_change(db, 1, "a", 1, ChangeKind.ADDED, "2026-03-01T00:00:00Z", reasons=(ATTACK,))
        events.release(db, [1])
        index_documents(db, [1])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(datasette_for(paths).app(), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        thread.join(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One for all pages: each test opens a window of its own, which shares nothing with the others."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/-/gongkai/documents/1",
        "/-/gongkai/documents/1/diff?from=1&to=1",
        "/-/gongkai/search?q=坏标题",
        "/archive/documents",
    ],
)
@pytest.mark.parametrize("width", [390, 1280])
def test_hostile_text_neither_runs_nor_breaks_the_page(
    address: str, chromium: Browser, path: str, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(address + path)
    assert answer is not None
    assert answer.status == 200
    assert page.title() != "run"
    assert page.locator("a[href^='javascript:']").count() == 0
    assert not [url for url in asked if not url.startswith(address)]
    if not path.startswith("/archive"):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert "坏标题" in page.inner_text("main")
    if folder := os.environ.get("GONGKAI_SCREENSHOTS"):
        page.screenshot(
            path=Path(folder) / f"{path.strip('/').replace('/', '_').split('?')[0] or 'front'}-{width}.png"
        )
    page.close()


def test_fields_of_table_pages_can_be_read_in_a_dark_scheme(address: str, chromium: Browser) -> None:
    """Datasette's pages are light in every scheme; the browser made their fields black, with black words."""
    page = chromium.new_page(viewport={"width": 1280, "height": 800}, color_scheme="dark")
    page.goto(f"{address}/archive/documents")
    field = "getComputedStyle(document.querySelector('input[type=search]')).backgroundColor"
    assert page.evaluate(field) == "rgb(255, 255, 255)"
    page.goto(f"{address}/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(25, 24, 22)"
    page.close()
