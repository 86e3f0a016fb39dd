"""The plugin in a real Datasette."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from contextlib import closing
from html import escape
from pathlib import Path

import pytest

from archive.browse.labels import COLUMNS
from archive.storage import texts
from archive.store import Paths, open_for_reading
from scheduler.commands.browse import datasette_for

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the demonstration."""
    home = tmp_path_factory.mktemp("browse")
    command = [
        sys.executable,
        "-m",
        "scheduler",
        "--config",
        str(ROOT / "config"),
        "--data",
        str(home),
        "demo",
        "--once",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "figures changed: 5万 → 3万" in done.stdout
    assert "关于公布2026年度行政许可事项清单的公告" not in done.stdout  # re-decorated, not changed
    assert done.stdout.count("baseline 1") == 2
    assert list((home / "demo" / "outbox").glob("*.eml"))
    return home / "demo"


def get(data: Path, path: str, prefix: str = "/"):
    async def ask():
        datasette = datasette_for(Paths(data), prefix=prefix)
        await datasette.invoke_startup()
        return await datasette.client.get(path)

    return asyncio.run(ask())


def test_front_page_tells_the_news_and_not_the_baseline(data: Path) -> None:
    page = get(data, "/")
    assert page.status_code == 200
    assert "行政处罚决定书" in page.text
    assert "数字变更：5万 → 3万 · figures changed: 5万 → 3万" in page.text
    assert page.text.count('class="gk-title"') == 4
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("query", "found"), [("罚", True), ("罚款", True), ("人民币3万元", True), ("不存在的词", False)]
)
def test_search_boxes_find_words_of_any_length(data: Path, query: str, found: bool) -> None:
    rows = get(data, f"/archive/documents.json?_shape=array&_search={query}").json()
    assert any("行政处罚" in (row["title"] or "") for row in rows) is found
    assert ("行政处罚决定书" in get(data, f"/-/gongkai/search?q={query}").text) is found


@pytest.mark.parametrize("query", ["", "%20", "*", '"'])
def test_a_search_without_a_word_asks_for_one(data: Path, query: str) -> None:
    text = get(data, f"/-/gongkai/search?q={query}").text
    assert ("请输入要查找的词" in text, "没有结果" in text) == (True, False)
    assert "没有结果" in get(data, "/-/gongkai/search?q=不存在的词").text


def test_a_search_for_too_many_words_says_which_were_looked_for(data: Path) -> None:
    query = "+".join(f"罚款{n}" for n in range(80))
    assert "共 80 个词，只查找前 50 个" in get(data, f"/-/gongkai/search?q={query}").text
    assert "只查找前" not in get(data, "/-/gongkai/search?q=罚款").text


@pytest.mark.parametrize("query", ['"', "*", "AND", "NEAR(", "a OR", "-", "\\", "'", "%00"])
def test_no_query_is_an_error(data: Path, query: str) -> None:
    assert get(data, f"/-/gongkai/search?q={query}").status_code == 200
    assert get(data, f"/archive/documents.json?_shape=array&_search={query}").status_code == 200


def test_document_and_diff_pages(data: Path) -> None:
    rows = get(data, "/archive/documents.json?_shape=array&_search=人民币3万元").json()
    number = rows[0]["id"]
    page = get(data, f"/-/gongkai/documents/{number}")
    assert "云市监处罚〔2026〕18号" in page.text
    assert f"/-/gongkai/documents/{number}/diff?from=1&amp;to=2" in page.text
    compared = get(data, f"/-/gongkai/documents/{number}/diff?from=1&to=2").text
    assert "<del>5</del><ins>3</ins>万元" in compared
    assert f'href="{rows[0]["url"]}"' in compared  # what is printed says of which page it is
    assert "人民币5万元" in get(data, f"/-/gongkai/documents/{number}?version=1").text


@pytest.mark.parametrize(
    "path",
    ["/-/gongkai/documents/99999", "/-/gongkai/documents/1?version=77", "/-/gongkai/documents/99999/diff",
     f"/-/gongkai/documents/{'9' * 15}", f"/-/gongkai/documents/{'9' * 40}", f"/-/gongkai/documents/1?version={'9' * 40}x"],
)  # fmt: skip
def test_what_is_not_there_is_404(data: Path, path: str) -> None:
    assert get(data, path).status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [("/nix", 404, "没有这个网页"), ("/archive/nix", 404, "没有这个网页"), ("/archive?sql=select+1", 403, "--allow-sql"),
     ("/archive/documents?_sort=nix", 500, "Cannot sort table by nix")],
)  # fmt: skip
def test_an_error_leads_back_to_the_pages(data: Path, path: str, status: int, said: str) -> None:
    """Datasette's own page of an error said "Database not found", and led nowhere."""
    page = get(data, path)
    assert (page.status_code, said in page.text) == (status, True)
    assert 'href="/-/gongkai/documents"' in page.text


def test_a_document_page_says_from_which_answers_it_was_read_and_how_that_is_proved(data: Path) -> None:
    number = get(data, "/archive/documents.json?_shape=array&_search=人民币3万元").json()[0]["id"]
    for version in (1, 2):
        page = get(data, f"/-/gongkai/documents/{number}?version={version}").text
        section = page.partition('id="sources"')[2].partition("</section>")[0]
        with closing(open_for_reading(Paths(data).archive)) as db:
            answers = db.execute(
                "SELECT s.url, s.sha256 FROM version_sources s JOIN versions v ON v.id = s.version"
                " WHERE v.document = ? AND v.number = ?", [number, version],
            ).fetchall()  # fmt: skip
        assert answers
        assert all(url in section and sha256 in section for url, sha256 in answers)
        assert f"gongkai proof &#39;#{number}@{version}&#39;" in section


def test_what_was_found_or_chosen_can_be_had_as_a_table(data: Path) -> None:
    found = get(data, "/-/gongkai/search?q=罚款").text
    address = re.search(r'href="(/archive/documents\?[^"]*)"', found)
    assert address
    table = address[1].replace("&amp;", "&").replace("documents?", "documents.json?_shape=array&")
    assert [row["id"] for row in get(data, table).json()]
    assert len(get(data, table).json()) == found.count('class="gk-title"')
    chosen = get(data, "/-/gongkai/documents?status=removed&year=2026").text
    assert 'href="/archive/documents?status=removed&amp;merged_into__isnull=1"' in chosen


def test_a_search_can_be_narrowed_to_a_site(data: Path) -> None:
    page = get(data, "/-/gongkai/search?q=的&site=yunxi-gov").text
    assert '<option value="yunxi-gov" selected>云溪市人民政府</option>' in page
    assert "云溪市市场监督管理局 ·" not in page
    assert "site=yunxi-gov" in page.partition('href="/archive/documents?')[2].partition('"')[0]


def test_an_old_version_says_so_and_leads_to_the_newest(data: Path) -> None:
    number = get(data, "/archive/documents.json?_shape=array&_search=人民币3万元").json()[0]["id"]
    old = get(data, f"/-/gongkai/documents/{number}?version=1").text
    assert "This is an old version" in old
    assert f"/-/gongkai/documents/{number}/diff?from=1&amp;to=2" in old
    assert "old version" not in get(data, f"/-/gongkai/documents/{number}").text


def test_pages_name_sites_codes_and_places_in_both_languages(data: Path) -> None:
    number = get(data, "/archive/documents.json?_shape=array&_search=人民币3万元").json()[0]["id"]
    assert "<td>完整 complete</td>" in get(data, "/").text
    assert "云溪市市场监督管理局 · 云市监处罚" in get(data, "/-/gongkai/search?q=罚款").text
    assert "<mark>罚款</mark>" in get(data, "/-/gongkai/search?q=罚款").text
    page = get(data, f"/-/gongkai/documents/{number}").text
    assert "别址 alias" in page
    assert "接口 API" in page
    # A label without its colon, and no mark in front of a place alone.
    assert not re.search(r"[：:] ·|evidence\"> ·", page)


def test_titles_in_tables_lead_to_the_pages_of_documents(data: Path) -> None:
    assert '<a href="/-/gongkai/documents/1">' in get(data, "/archive/documents").text
    assert "?version=1" in get(data, "/archive/versions").text
    assert get(data, "/archive/documents?_col=title").status_code == 200


@pytest.mark.parametrize("table", ["documents", "versions", "changes"])
def test_tables_say_in_chinese_and_english_what_their_columns_mean(data: Path, table: str) -> None:
    rows = get(data, f"/archive/{table}.json?_shape=array").json()
    assert set(COLUMNS[table]) <= rows[0].keys()
    said = re.findall(
        r"<dt>(\w+)</dt><dd>([\u4e00-\u9fff].*? [A-Z].*?)</dd>", get(data, f"/archive/{table}").text
    )
    assert [name for name, _ in said] == list(COLUMNS[table])


def test_texts_of_superseded_versions_are_shown_though_they_are_packed(data: Path) -> None:
    with closing(open_for_reading(Paths(data).archive)) as db:
        (sha256,) = db.execute("SELECT sha256 FROM bodies WHERE packed IS NOT NULL LIMIT 1").fetchone()
        text = texts.read(db, sha256)
    assert text
    page = get(data, f"/archive/bodies/{sha256}")
    assert page.status_code == 200
    assert escape(text.splitlines()[0]) in page.text


def test_atom_is_well_formed(data: Path) -> None:
    feed = ET.fromstring(get(data, "/-/gongkai/changes.atom").text)
    entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 4
    assert len({e.findtext("{http://www.w3.org/2005/Atom}id") for e in entries}) == 4
    leads = [e.find("{http://www.w3.org/2005/Atom}link").get("href") for e in entries]  # type: ignore[union-attr]
    assert any("/diff?from=1&to=2" in str(address) for address in leads)
    (removed,) = [
        e for e in entries if "[已移除 Removed]" in str(e.findtext("{http://www.w3.org/2005/Atom}title"))
    ]
    assert "尚在 present" in str(removed.findtext("{http://www.w3.org/2005/Atom}summary"))
    chosen = ET.fromstring(get(data, "/-/gongkai/changes.atom?kind=edited&site=%22").text)
    assert str(chosen.find("{http://www.w3.org/2005/Atom}link").get("href")).endswith(
        "changes.atom?kind=edited&site=%22"
    )  # type: ignore[union-attr]


def test_arbitrary_sql_is_off(data: Path) -> None:
    assert get(data, "/archive.json?sql=select+1").status_code == 403


def test_a_snapshot_is_served_by_the_command_that_is_printed(data: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scheduler", "--data", str(data), "publish", str(tmp_path / "a#b%41")]
    published = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert published.returncode == 0
    # Not over an existing one.
    assert subprocess.run(command, capture_output=True, timeout=60).returncode == 2
    _, there, _, *datasette = shlex.split(published.stdout.split("`")[1])  # cd … && datasette …
    served = [sys.executable, "-m", *datasette]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def answer(path: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*served, "--get", path], cwd=there, env=environment, capture_output=True, text=True, timeout=60
        )

    assert json.loads(answer("/archive/documents.json?_shape=array&_search=罚款").stdout)
    refused = answer("/archive.json?sql=select+1")  # as by `gongkai browse`
    assert (refused.returncode, "<title>Forbidden" in refused.stdout) == (1, True)


def test_a_comparison_leads_to_its_first_change(data: Path) -> None:
    number = get(data, "/archive/documents.json?_shape=array&_search=人民币3万元").json()[0]["id"]
    page = get(data, f"/-/gongkai/documents/{number}/diff?from=1&to=2").text
    assert page.count('id="change"') == 1
    assert 'href="#change"' in page
    same = get(data, f"/-/gongkai/documents/{number}/diff?from=1&to=1").text
    assert ("没有差异" in same, "#change" in same) == (True, False)


def test_under_a_path_every_link_of_the_archive_stays_there(data: Path) -> None:
    """Whether or not the server in front takes the path off."""
    links = re.compile(r"""(?:href|action|src)=["'](?!https?:|\?|#|data:)([^"']*)""")
    for path in (
        "/", "/-/gongkai/documents", "/-/gongkai/documents/1", "/-/gongkai/documents/1/diff", "/-/gongkai/documents/99999",
        "/-/gongkai/search?q=%E6%9C%BA%E5%85%B3", "/nowhere", "/archive/documents", "/archive/versions",
    ):  # fmt: skip
        page = get(data, path, prefix="/gongkai/")
        found = links.findall(page.text)
        assert found, path
        assert [link for link in found if not link.startswith("/gongkai/")] == [], path
    front = get(data, "/", prefix="/gongkai/")
    assert "script-src" not in front.headers["content-security-policy"]
    feed = get(data, "/-/gongkai/changes.atom", prefix="/gongkai/")
    assert "http://localhost/gongkai/-/gongkai/documents/" in feed.text
    moved = get(data, "/-/gongkai/changes?site=x", prefix="/gongkai/")
    assert moved.headers["location"] == "/gongkai/?site=x"
