"""A visit asks for pages one after another, as politely as a collection."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.batch import Outcome, Role
from crawler.config import Settings
from crawler.platforms.base import PageRequest
from crawler.sites import Pace
from crawler.visit import Visit, fetch_one
from tests.fake_sites.editable import LoopbackSite
from tests.fake_sites.office import HTML, Answer, FakeSite, notices

CONFIG = Path(__file__).parents[2] / "config"


class Echo(FakeSite):
    """Says what it was asked."""

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        if target == "/blocked":
            return 412, HTML, b"<script>$_ts={}</script>"
        if target == "/away":
            return 302, {"Location": "http://other.example/"}, b""
        if target == "/gone":
            return 404, HTML, b""
        return 200, HTML, f"<p>{method} {target} {body.decode()} {'通知' * 30}</p>".encode()


def visit(site: FakeSite, **options: object) -> Visit:
    settings = Settings(allow_private=(site.base.removeprefix("http://"),), pace=Pace(delay=0))
    return Visit(site.base, settings=settings, config=CONFIG, clock=lambda: datetime.now(UTC), **options)  # type: ignore[arg-type]


def test_pages_one_after_another_over_one_robots_txt() -> None:
    with Echo(notices(1)) as site, visit(site) as seen:
        first = seen.fetch(PageRequest(url=f"{site.base}/a"))
        second = seen.fetch(PageRequest(url=f"{site.base}/b", method="POST", body=b"page=2"), Role.LIST)
        for fetch in (first, second):
            assert fetch.outcome is Outcome.OK, fetch
        assert first.capture is not None and second.capture is not None
        assert b"GET /a" in first.capture.body
        assert b"POST /b page=2" in second.capture.body
        assert (
            "Content-Type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        ) in second.capture.request_headers
        assert site.asked["/robots.txt"] == 1


def test_each_page_has_its_outcome() -> None:
    with Echo(notices(1)) as site, visit(site) as seen:
        found = {
            path: seen.fetch(PageRequest(url=site.base + path)).outcome
            for path in ("/blocked", "/away", "/gone")
        }
        elsewhere = seen.fetch(PageRequest(url="http://10.0.0.1/")), seen.fetch(PageRequest(url="nothing"))
        assert found == {"/blocked": Outcome.BLOCKED, "/away": Outcome.FAILED, "/gone": Outcome.GONE}
        assert [fetch.outcome for fetch in elsewhere] == [Outcome.REFUSED, Outcome.REFUSED]
        assert seen.fetch(PageRequest(url=f"{site.base}/after")).outcome is Outcome.OK


def test_who_fetches_listens_nowhere_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scrapy 2.19 brings a server that runs the Python it is sent, and leaves the key to it in the home directory."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    with Echo(notices(1)) as site, visit(site) as seen:
        assert seen.fetch(PageRequest(url=f"{site.base}/a")).outcome is Outcome.OK
        assert not listening(seen._process.pid)
    assert not list(tmp_path.iterdir())


def listening(process: int) -> list[str]:
    """Addresses at which a process waits for others, as the kernel writes them."""
    files = [str(file.readlink()) for file in Path(f"/proc/{process}/fd").iterdir()]
    lines = Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]
    sockets = [line.split() for line in lines]
    assert any(f"socket:[{words[9]}]" in files for words in sockets)  # its own connection is seen
    return [words[1] for words in sockets if words[3] == "0A" and f"socket:[{words[9]}]" in files]


def test_robots_txt_is_obeyed() -> None:
    site = LoopbackSite(1)
    site.robots = b"User-agent: *\nDisallow: /zw/\n"
    settings = Settings(allow_private=(site.base.removeprefix("http://"),))
    fetch = fetch_one(
        f"{site.base}/zw/index.html", settings=settings, config=CONFIG, clock=lambda: datetime.now(UTC)
    )
    site.server.shutdown()
    site.server.server_close()
    assert fetch.outcome is Outcome.ROBOTS
    assert not site.hits["/zw/index.html"]


def test_a_dead_child_is_a_failed_fetch() -> None:
    with Echo(notices(1)) as site, visit(site) as seen:
        seen._process.kill()
        seen._process.wait()
        fetch = seen.fetch(PageRequest(url=f"{site.base}/a"))
        assert (fetch.outcome, bool(fetch.detail)) == (Outcome.FAILED, True)


def test_one_page() -> None:
    with Echo(notices(1)) as site:
        settings = Settings(allow_private=(site.base.removeprefix("http://"),))
        fetch = fetch_one(f"{site.base}/a", settings=settings, config=CONFIG, clock=lambda: datetime.now(UTC))
        assert fetch.outcome is Outcome.OK


def test_a_name_that_leads_to_a_private_address_is_refused_before_anything_is_asked() -> None:
    """The resolver looks at each address that it finds, as a name may lead elsewhere at every look (DNS rebinding)."""
    with Echo(notices(1)) as site:
        named = site.base.replace("127.0.0.1", "localhost")
        settings = Settings(pace=Pace(delay=0))
        with Visit(named, settings=settings, config=CONFIG, clock=lambda: datetime.now(UTC)) as seen:
            fetch = seen.fetch(PageRequest(url=f"{named}/a"))
        assert (fetch.outcome, "no public address" in str(fetch.detail)) == (Outcome.REFUSED, True)
        assert not site.asked
