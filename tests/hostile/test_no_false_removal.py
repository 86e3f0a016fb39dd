"""Whatever a site answers, nothing is called removed that is not, and no version is made of what is no document."""

from __future__ import annotations

import copy
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.model import SiteReport
from archive.store import Paths
from crawler import run
from crawler.config import load_settings
from crawler.sites import load_sites
from tests.fake_sites.editable import LoopbackSite, configure
from tests.hostile.answers import BLOCKED, GONE

KINDS = [*GONE, *BLOCKED]


class Days:
    """Collections of one site, one a day."""

    def __init__(self, home: Path, site: LoopbackSite, confirm: str = "{checks: 3, days: 2}") -> None:
        configure(home, site)
        file = home / "config" / "sites" / "linjiang.yml"
        file.write_text(file.read_text().replace("{checks: 1, days: 0}", confirm))
        self.home, self.site, self.now = home, site, datetime(2027, 3, 1, 8, 0, tzinfo=UTC)

    def copy(self, home: Path) -> Days:
        """The same days, which go on in an archive of their own."""
        shutil.copytree(self.home, home)
        other = copy.copy(self)
        other.home = home
        return other

    def collect(self, *, full: bool = True) -> SiteReport:
        self.now += timedelta(days=1)
        config = self.home / "config"
        report = run.collect(
            load_sites(config), paths=Paths(self.home / "data"), config=config, settings=load_settings(config),
            clock=lambda: self.now, full=full,
        ).sites[0]  # fmt: skip
        assert report.scheduled == report.fetched + report.blocked + report.failed + report.skipped
        return report

    def rows(self, sql: str) -> list[tuple]:
        with closing(sqlite3.connect(self.home / "data" / "archive.db")) as db:
            return db.execute(sql).fetchall()

    def told(self) -> Counter[tuple[str, str]]:
        """Kind and address of every event that readers saw."""
        found = self.rows(
            "SELECT kind, url FROM changes c JOIN documents d ON d.id = c.document WHERE feed_seq IS NOT NULL AND kind <> 'baseline'"
        )
        return Counter((kind, url) for kind, url in found)


def served(
    site: LoopbackSite, name: str, status: int, headers: dict[str, str], body: bytes, path: str
) -> None:
    target = path if headers.get("Location") == "" else None
    site.answers[path] = (status, {**headers, "Location": target} if target else headers, body)


@pytest.mark.parametrize("days", [5, pytest.param(14, marks=pytest.mark.slow)])
def test_soft_404s_and_blocks_over_days(days: int, tmp_path: Path) -> None:
    site = LoopbackSite(60)
    menu = "<li><a href='/zw/'>政务公开</a></li>" * 30
    home = f"<html><head><title>临江市人民政府</title></head><body><ul>{menu}</ul></body></html>".encode()
    site.answers["/"] = site.answers["/index.html"] = (
        200,
        {"Content-Type": "text/html; charset=utf-8"},
        home,
    )
    office = Days(tmp_path, site)
    assert office.collect().outcome == "complete"
    paths = sorted(site.pages)
    removed, flapping = paths[-1], paths[: len(KINDS)]
    home_answers = dict(site.answers)
    for day in range(days):
        site.answers = dict(home_answers)
        for index, (name, _, status, headers, body) in enumerate(KINDS):
            if (day + index) % 3:  # two days of three: never confirmed
                served(site, name, status, headers, body, flapping[index])
        if day >= 1:
            site.pages.pop(removed, None)
        office.collect()
    site.answers = home_answers
    assert office.collect().outcome == "complete"
    site.server.shutdown()
    told = office.told()
    assert {key: count for key, count in told.items() if key[0] == "removed"} == (
        {("removed", site.base + removed): 1} if days > 4 else {}
    )
    kinds = {site.base + path: KINDS[index] for index, path in enumerate(flapping)}
    for (kind, url), _count in told.items():
        if url != site.base + removed:
            assert kind in ("missing", "restored"), (kind, kinds[url][0])
            assert kinds[url][1], f"{kinds[url][0]} says nothing of the page, and was told as {kind}"
    assert office.rows("SELECT count(*), max(number) FROM versions") == [(60, 1)]
    assert office.rows("SELECT count(*) FROM documents WHERE status = 'present'") == [(59,)]


def _cut(site: LoopbackSite, pages: int, kept: int, how: str) -> None:
    """Take every list page from number ``kept`` on out of service, in one of the ways in which sites fail."""
    html = {"Content-Type": "text/html; charset=utf-8"}
    shown = site.answer("/zw/index.html", 2)
    for number in range(kept, pages):
        path = f"/zw/index_{number}.html"
        site.answers[path] = {
            "404": (404, html, "<h1>页面不存在</h1>".encode()),
            "500": (500, html, b""),
            "412": (412, html, b"<script>$_ts={}</script>"),
            "empty": (200, html, b"<html><body><ul></ul></body></html>"),
            "stub": (
                200,
                html,
                ("<html><body><div class='foot'>版权所有</div>" + " " * 250 + "</body></html>").encode(),
            ),
            "first": shown,
            "truncated": (200, {**html, "Content-Length": "5000"}, b"<html><body><ul><li>"),
        }[how]


_HOW = ("404", "500", "412", "empty", "stub", "first", "truncated")


def test_a_catalogue_cut_off(tmp_path: Path) -> None:
    office = Days(tmp_path, LoopbackSite(60, per_page=2), "{checks: 1, days: 0}")
    assert office.collect().outcome == "complete"
    cut_off(office, 12, pages=30)
    office.site.server.shutdown()


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    """A site of 100 list pages that was collected once; each case goes on from a copy of its archive."""
    office = Days(tmp_path_factory.mktemp("first"), LoopbackSite(200, per_page=2), "{checks: 1, days: 0}")
    assert office.collect().outcome == "complete"
    yield office
    office.site.server.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize("percent", range(1, 100))
def test_a_catalogue_cut_off_anywhere(percent: int, collected: Days, tmp_path: Path) -> None:
    cut_off(collected.copy(tmp_path / "home"), percent, pages=100)


def cut_off(office: Days, kept: int, pages: int) -> None:
    """A full walk that ends after so many of its pages makes nothing absent, whatever comes in their place."""
    site = office.site
    _cut(site, pages, kept, _HOW[kept % len(_HOW)])
    for full in (True, False):
        report = office.collect(full=full)
        assert report.outcome in ("partial", "complete"), report
        assert report.outcome == "partial" or not full, f"{_HOW[kept % len(_HOW)]}: {report.reasons}"
    site.answers = {}
    gone = sorted(site.pages)[7]
    text = site.pages.pop(gone)
    office.collect()
    site.pages[gone] = text
    assert office.told() == Counter({("removed", site.base + gone): 1})
    assert office.rows("SELECT count(*) FROM versions") == [(2 * pages,)]


_REPAIR = "<title>临江市人民政府网站升级改版</title>网站升级中，敬请期待"
_UNKNOWN = f"<title>临江市人民政府</title><h1>临江市欢迎您</h1><p>{'青山绿水，宜居宜业。' * 80}</p>"


def test_a_site_that_is_dead_or_shut_tells_nothing(tmp_path: Path) -> None:
    site = LoopbackSite(20)
    office = Days(tmp_path, site, "{checks: 1, days: 0}")
    assert office.collect().outcome == "complete"
    every = ["/zw/index.html", *site.pages]
    for status, body in ((404, "<h1>网站维护中</h1>"), (200, _REPAIR), (521, "<script>1</script>")):
        answer = (status, {"Content-Type": "text/html; charset=utf-8"}, body.encode())
        site.answers = dict.fromkeys(every, answer)
        assert office.collect().outcome != "complete"
    site.server.shutdown()
    site.server.server_close()
    assert office.collect().outcome == "failed"
    assert not office.told()
    assert office.rows("SELECT count(*) FROM versions") == [(20,)]


def test_one_page_at_many_addresses_is_none_of_the_documents(tmp_path: Path) -> None:
    """Words that no list knows: the section's front page in place of every document, while the list is right."""
    site = LoopbackSite(20)
    office = Days(tmp_path, site)
    assert office.collect().outcome == "complete"
    before = office.rows("SELECT title, body_sha256, versions FROM documents ORDER BY id")
    answer = (200, {"Content-Type": "text/html; charset=utf-8"}, _UNKNOWN.encode())
    site.answers = dict.fromkeys(sorted(site.pages)[:12], answer)
    report = office.collect()
    assert report.outcome == "partial"
    assert any("one and the same page" in reason for reason in report.reasons)
    assert office.rows("SELECT title, body_sha256, versions FROM documents ORDER BY id") == before
    site.answers = {}
    report = office.collect()
    site.server.shutdown()
    assert (report.outcome, report.edited) == ("complete", 0)
    assert not office.told()
    assert office.rows("SELECT count(*) FROM versions") == [(20,)]


def test_what_the_simulation_runs_on(tmp_path: Path) -> None:
    """Observations carry the simulated day, or the days of these tests would prove nothing."""
    site = LoopbackSite(3)
    office = Days(tmp_path, site)
    office.collect()
    site.server.shutdown()
    (first,) = office.rows("SELECT min(first_at) FROM observations")
    assert first[0].startswith("2027-03-02")
    assert json.loads(office.rows("SELECT reasons FROM runs")[0][0]) == []
