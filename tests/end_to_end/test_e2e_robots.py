"""A robots.txt that cannot be had forbids all of its host, as RFC 9309 wants, and tells nothing of its documents."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from crawler.sites import load_site
from tests import here
from tests.crawler import office_files as make
from tests.fake_sites.editable import LoopbackSite, collect, configure

DOWN = (500, {"Content-Type": "text/plain"}, b"")
CONFIG = Path(__file__).parents[2] / "config"
FILE = "/files/plan.docx"


def file_state(home: Path) -> str:
    with closing(sqlite3.connect(home / "data" / "archive.db")) as db:
        found = "SELECT state FROM attachments a JOIN documents d ON d.current_version = a.version"
        return str(db.execute(found).fetchone()[0])


def down_once(office: LoopbackSite) -> None:
    """Its robots.txt is answered 503 the first time."""
    answer = office.answer

    def first(path: str, per_page: int) -> tuple[int, dict[str, str], bytes]:
        down = path == "/robots.txt" and office.hits[path] == 1
        return (503, *DOWN[1:]) if down else answer(path, per_page)

    office.answer = first  # type: ignore[method-assign]


def test_nothing_is_asked_of_a_host_until_its_robots_txt_answers(tmp_path: Path, site) -> None:
    office, files = site(3), site(0)
    first, second, _ = sorted(office.pages)
    office.pages[first] = f'见附件。</p><p>附件：<a href="{files.base}{FILE}">任务分工表</a>'
    files.answers = {FILE: (200, {}, make.docx(["老旧小区改造任务分工表"])), "/robots.txt": DOWN}
    command = configure(tmp_path, office, allow="127.0.0.1")
    status, report = collect(command)
    assert (status, report["outcome"], report["baseline"], report["failed"]) == (1, "partial", 3, 1)
    assert dict(files.hits) == {"/robots.txt": 3}
    why = f"{files.base}/robots.txt could not be had (status 500), so that 1 address was not asked for"
    (said,) = [reason for reason in report["reasons"] if reason.startswith(why)]
    assert "RFC 9309" in said
    assert "`robots: {unreachable: allow}` in the site file" in said

    del office.pages[second]
    office.pages["/zw/t20260128_7.html"] = "每户补助七百元。"
    office.answers["/robots.txt"] = (502, *DOWN[1:])
    office.hits.clear()
    status, report = collect(command)
    assert (status, report["outcome"], report["scheduled"], report["fetched"]) == (1, "failed", 1, 0)
    assert report["reasons"][0].startswith(
        f"{office.base}/robots.txt could not be had (status 502), so that 4 addresses were not asked for"
    )
    assert not any(report[kind] for kind in ("missing", "removed", "unlisted", "edited"))
    assert dict(office.hits) == {"/robots.txt": 3}
    assert file_state(tmp_path) == "failed"
    told = json.loads(here.gongkai(*here.of(command), "doctor", "--json").stdout)
    (finding,) = [one for one in told if one["check"] == "sites"]
    assert f"{office.base}/robots.txt could not be had (status 502)" in finding["message"]

    del office.answers["/robots.txt"], files.answers["/robots.txt"]
    office.hits.clear()
    down_once(office)
    status, report = collect(command)
    assert (status, report["outcome"], report["removed"]) == (0, "complete", 1), report
    assert office.hits["/robots.txt"] == 2
    assert file_state(tmp_path) == "fetched"


def test_a_person_may_have_a_site_looked_at_all_the_same(tmp_path: Path, site) -> None:
    """IIS with a broken error page answers 500 for every file that it has not, robots.txt too."""
    office = site(8)
    office.answers["/robots.txt"] = DOWN
    command = here.of(configure(tmp_path, office))
    listed, file = f"{office.base}/zw/index.html", tmp_path / "config" / "sites" / "lj.yml"
    shutil.copy(CONFIG / "regions.yml", tmp_path / "config")
    (tmp_path / "config" / "sites" / "linjiang.yml").unlink()
    with (tmp_path / "config" / "settings.yml").open("a") as settings:
        settings.write("pace: {delay: 0}\n")
    add = (*command, "sites", "add", listed, "--key", "lj")
    done = here.gongkai(*add)
    assert (done.returncode, file.exists(), set(office.hits)) == (1, False, {"/robots.txt"})
    assert f"{listed} was not asked for, as {office.base}/robots.txt could not be had" in done.stderr
    assert "--robots-unreachable allow" in done.stderr
    done = here.gongkai(*add, "--robots-unreachable", "allow")
    assert done.returncode == 0, done.stderr
    assert load_site(file).robots.unreachable == "allow"
    assert office.hits["/robots.txt"] == 6
