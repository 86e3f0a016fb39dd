"""The whole path over loopback: real Scrapy in real children, a real writer, real kills."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests import here
from tests.fake_sites.editable import collect, configure, content


def test_second_collection_finds_nothing_new_and_then_the_edits(tmp_path: Path, site) -> None:
    office = site(45)
    command = configure(tmp_path, office)
    assert collect(command)[1]["baseline"] == 45
    assert collect(command)[1]["unchanged"] == 45
    paths = sorted(office.pages)
    office.pages[paths[3]] = "罚款99万元。"
    del office.pages[paths[7]]
    office.pages["/zw/t20260128_900.html"] = "新增。"
    status, report = collect(command, "--full")
    assert (status, report["edited"], report["removed"], report["new"], report["unchanged"]) == (
        0,
        1,
        1,
        1,
        43,
    )


def test_honest_validators_save_the_second_look(tmp_path: Path, site) -> None:
    office = site(5)
    office.validators = True
    command = configure(tmp_path, office)
    collect(command)
    assert collect(command)[1]["not_modified"] == 0  # their honesty is being established
    report = collect(command)[1]
    assert (report["not_modified"], report["unchanged"], office.not_modified) == (5, 5, 5)


def test_blocked_and_broken_answers_are_no_version_and_no_removal(tmp_path: Path, site) -> None:
    office = site(8)
    command = configure(tmp_path, office)
    collect(command)
    before = content(tmp_path)
    kind = {"Content-Type": "text/html; charset=utf-8"}
    waf = b"<html><script>var _0x1=['a'];document.cookie='x'</script></html>"
    import gzip

    short = gzip.compress("<html><body>甲</body></html>".encode() * 500)[:-20]
    answers = [
        (412, kind, waf), (521, kind, waf), (202, kind, waf), (403, kind, b"403 Forbidden"), (500, kind, b"oops"),
        (200, {**kind, "Content-Encoding": "gzip"}, short), (302, {"Location": "http://127.0.0.1:1/"}, b""),
        (200, {**kind, "Content-Length": "900"}, b"<html>short"),
    ]  # fmt: skip
    for path, answer in zip(sorted(office.pages), answers, strict=True):
        office.answers[path] = answer
    status, report = collect(command)
    assert (status, report["outcome"]) == (1, "partial")
    assert (report["edited"], report["missing"], report["removed"], report["fetched"]) == (0, 0, 0, 1)
    assert report["blocked"] + report["failed"] == 8
    assert content(tmp_path) == before


def test_a_failing_list_page_makes_no_removals(tmp_path: Path, site) -> None:
    office = site(60)
    command = configure(tmp_path, office)
    collect(command)
    office.answers["/zw/index_1.html"] = (503, {}, b"")
    status, report = collect(command, "--full")
    assert (status, report["outcome"], report["unlisted"], report["removed"]) == (1, "partial", 0, 0)
    assert any("index_1" in reason for reason in report["reasons"])


def test_a_catalogue_that_shrank_is_believed_only_when_a_person_says_so(tmp_path: Path, site) -> None:
    office = site(40)
    command = configure(tmp_path, office)
    collect(command)
    with closing(sqlite3.connect(tmp_path / "data" / "archive.db")) as db, db:
        db.execute("UPDATE catalogues SET last_full_walk_at = '2020-01-01T00:00:00Z'")  # a full walk is due
    whole = office.pages
    for path in list(whole)[30:]:
        office.answers[path] = office.answer(path, 20)  # the pages stay, the list forgets them
    office.pages = dict(list(whole.items())[:30])
    status, report = collect(command)
    assert (status, report["outcome"], report["unlisted"]) == (1, "partial", 0)
    assert any("collect once with --full" in reason for reason in report["reasons"])
    office.pages = whole
    assert collect(command, "--full")[1]["outcome"] == "complete"


def test_a_list_that_is_cut_off_makes_nothing_unlisted(tmp_path: Path, site) -> None:
    office = site(100)
    command = configure(tmp_path, office)
    collect(command)
    for number in (3, 4):
        office.answers[f"/zw/index_{number}.html"] = (
            200,
            {"Content-Type": "text/html"},
            b"<html><body><p>ok</p></body></html>",
        )
    status, report = collect(command, "--full")
    assert (status, report["outcome"], report["unlisted"], report["removed"]) == (1, "partial", 0, 0)
    assert any("ends at page 4" in reason for reason in report["reasons"])


@pytest.mark.parametrize(("rows", "outcome"), [(8, "complete"), (20, "partial")])
def test_a_list_that_loops_ends(rows: int, outcome: str, tmp_path: Path, site) -> None:
    """A full page that comes again as page 2 may hide the rest of the list: gateways show page 1 for every number."""
    office = site(rows, per_page=20)
    text = office.answer("/zw/index.html", 20)[2].decode().replace('createPageHTML(1,0,"index","html")', "")
    text = text.replace("</body>", '<a href="/zw/index_1.html">下一页</a></body>')
    for path in ("/zw/index.html", "/zw/index_1.html", "/zw/index_2.html"):
        office.answers[path] = (200, {"Content-Type": "text/html; charset=utf-8"}, text.encode())
    report = collect(configure(tmp_path, office))[1]
    assert (report["outcome"], report["baseline"]) == (outcome, rows)
    assert all("shows the 20 rows of page 1 again" in reason for reason in report["reasons"])
    assert office.hits["/zw/index_1.html"] <= 2  # looked at twice where it is doubtful


def test_robots_txt_is_obeyed(tmp_path: Path, site) -> None:
    office = site(3)
    path = sorted(office.pages)[0]
    office.robots = f"User-agent: *\nDisallow: {path}\n".encode()
    report = collect(configure(tmp_path, office))[1]
    assert (report["skipped"], report["baseline"], office.hits[path]) == (1, 2, 0)


def test_private_addresses_are_refused(tmp_path: Path, site) -> None:
    office, other = site(2), site(1)
    path = sorted(office.pages)[0]
    office.answers[path] = (302, {"Location": f"{other.base}/secret"}, b"")
    status, report = collect(configure(tmp_path, office))
    assert (status, report["failed"]) == (1, 1)
    assert not other.hits
    with closing(sqlite3.connect(tmp_path / "data" / "archive.db")) as db:
        assert db.execute("SELECT outcome FROM observations WHERE url LIKE ?", [f"%{path}"]).fetchone() == (
            "refused",
        )


def test_a_page_that_leads_to_the_front_page_is_gone(tmp_path: Path, site) -> None:
    office = site(8)
    command = configure(tmp_path, office)
    collect(command)
    path = sorted(office.pages)[0]
    office.answers[path] = (302, {"Location": "/"}, b"")
    office.answers["/"] = (200, {"Content-Type": "text/html"}, "<html><body>首页</body></html>".encode())
    assert collect(command)[1]["removed"] == 1
    del office.answers[path]
    assert collect(command)[1]["restored"] == 1


def test_a_redirect_to_itself_has_an_outcome(tmp_path: Path, site) -> None:
    office = site(3)
    path = sorted(office.pages)[0]
    office.answers[path] = (302, {"Location": path}, b"")
    report = collect(configure(tmp_path, office))[1]
    assert (report["failed"], report["baseline"]) == (1, 2)


def test_budget_is_kept_and_taken_up_again(tmp_path: Path, site) -> None:
    office = site(30)
    command = configure(tmp_path, office)
    assert collect(command, "--budget", "12")[1]["skipped"] > 0
    collect(command, "--budget", "12")
    collect(command)
    kinds = {row[-1] for row in content(tmp_path)}
    assert (len(content(tmp_path)), kinds) == (30, {"baseline"})


def test_one_broken_site_does_not_stop_another(tmp_path: Path, site) -> None:
    office = site(3)
    command = configure(tmp_path, office)
    file = tmp_path / "config" / "sites" / "linjiang.yml"
    dead = file.read_text().replace("linjiang", "dead").replace(office.base, "http://127.0.0.1:9")
    (file.parent / "dead.yml").write_text(dead)
    done = here.gongkai(*here.of(command), "collect", "--json")
    outcomes = {s["site"]: s["outcome"] for s in json.loads(done.stdout)["sites"]}
    assert (done.returncode, outcomes) == (1, {"dead": "failed", "linjiang": "complete"})


def test_terminating_a_collection_is_prompt_and_loses_nothing(tmp_path: Path, site) -> None:
    office = site(150)
    command = configure(tmp_path, office)
    busy, plain = threading.Event(), office.answer

    def answer(path: str, per_page: int):
        if office.hits.total() >= 60:
            busy.set()
        return plain(path, per_page)

    office.answer = answer
    process = subprocess.Popen(
        [*command, "collect"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert busy.wait(timeout=60)
    process.terminate()
    _, words = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Traceback" not in words
    assert collect(command)[1]["outcome"] == "complete"


def test_two_collectors_do_not_write_at_once(tmp_path: Path, site) -> None:
    office = site(30)
    command = configure(tmp_path, office)
    busy, go_on = threading.Event(), threading.Event()
    plain = office.answer

    def answer(path: str, per_page: int):
        if path.startswith("/zw/t"):
            busy.set()
            go_on.wait(timeout=60)
        return plain(path, per_page)

    office.answer = answer
    first = subprocess.Popen([*command, "collect"], stdout=subprocess.DEVNULL)
    assert busy.wait(timeout=60)
    second = subprocess.run([*command, "collect"], capture_output=True, text=True, timeout=60)
    go_on.set()
    assert second.returncode == 1
    assert "another gongkai is writing here" in second.stderr
    assert first.wait(timeout=60) == 0


def test_a_document_that_moves_deep_in_its_list_is_a_move_and_no_removal(tmp_path: Path, site) -> None:
    """A short walk stops at the top of the list; a page that is gone is reason to walk on, once."""
    office = site(60, per_page=5)
    command = configure(tmp_path, office)
    assert collect(command)[1]["outcome"] == "complete"
    old = sorted(office.pages)[50]
    office.pages[old.replace("/t2026", "/z2026")] = office.pages.pop(old)
    office.hits.clear()
    _, report = collect(command)
    assert (report["outcome"], report["moved"], report["missing"], report["removed"]) == ("complete", 1, 0, 0)
    assert office.hits["/zw/index_11.html"] == 2  # once more, for a row that it listed is not seen
    office.hits.clear()
    _, report = collect(command)
    assert (report["unchanged"], report["moved"], office.hits["/zw/index_11.html"]) == (60, 0, 0)


@pytest.mark.slow
def test_a_site_that_leads_elsewhere_while_its_lists_stay_has_not_moved(tmp_path: Path, site) -> None:
    office = site(4)
    command = configure(tmp_path, office)
    assert collect(command)[1]["baseline"] == 4
    for path in office.pages:
        status, headers, body = office.answer(path, 20)
        office.answers[path.replace("/zw/", "/new/")] = (status, headers, body)
        office.answers[path] = (302, {"Location": office.base + path.replace("/zw/", "/new/")}, b"")
    told = [collect(command)[1] for _ in range(3)]
    office.answers.clear()  # the redirects end, and so does the place that they led to
    told += [collect(command)[1] for _ in range(2)]
    told_of = ("moved", "new", "edited", "unlisted", "missing", "removed", "restored")
    assert {one[kind] for one in told for kind in told_of} == {0}


def test_addresses_that_are_sent_in_another_spelling_lead_nowhere_else(tmp_path: Path, site) -> None:
    """/zw/第7号.html is sent as /zw/%E7…, and a | as %7C: the document was told as moved, and then as a new one."""
    office = site(1)
    page = office.answer(next(iter(office.pages)), 20)[2]
    for path in ("/zw/第7号.html", "/zw/a|b[1].html"):
        office.pages[path] = ""
        title = f"<h1>关于{len(path)}的通知公告</h1>".encode()
        office.answers[quote(path)] = (200, {"Content-Type": "text/html; charset=utf-8"}, title + page)
    command = configure(tmp_path, office)
    assert collect(command)[1]["baseline"] == 3
    told = collect(command)[1]
    assert (told["unchanged"], told["moved"], told["new"]) == (3, 0, 0)
