"""The page that goes through all documents: by site, status and year, a page at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import closing

import pytest

from archive.store import Paths, open_archive
from scheduler.commands.browse import datasette_for


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    paths = Paths(tmp_path_factory.mktemp("listing"))
    with closing(open_archive(paths).conn) as db:
        for key, name in (("a", "临江市人民政府"), ("b", "青山县人民政府")):
            db.execute("INSERT INTO sites (key, name) VALUES (?, ?)", [key, name])
        for n in range(1, 121):
            db.execute(
                "INSERT INTO documents (id, site, url, status, title, published_on, versions, withdrawn_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [n, "b" if n > 100 else "a", f"http://a.example/{n}", "removed" if n == 7 else "present", f"通知第{n}号<b>",
                 None if n == 8 else f"20{20 + n % 3}-01-{n % 28 + 1:02d}", 2 if n == 7 else 1,
                 "2026-03-01T00:00:00Z" if n == 10 else None],
            )  # fmt: skip
        db.execute(
            "INSERT INTO documents (id, site, url, status, title, merged_into) VALUES (121, 'a', 'u', 'present', '并入的', 1)"
        )

    async def ask() -> dict[str, str]:
        datasette = datasette_for(paths)
        await datasette.invoke_startup()
        queries = (
            "",
            "?offset=50",
            "?site=b",
            "?status=removed",
            "?year=none",
            "?year=2021&site=a",
            "?site=nosuch",
            "?offset=x&year=%27",
        )
        return {q: (await datasette.client.get(f"/-/gongkai/documents{q}")).text for q in queries}

    return asyncio.run(ask())


def titles(page: str) -> int:
    return page.count('class="gk-title"')


def test_every_document_once_in_pages_of_fifty(pages: Mapping[str, str]) -> None:
    assert "120 份文件 documents · 1–50" in pages[""]
    assert (titles(pages[""]), titles(pages["?offset=50"])) == (50, 50)
    assert (
        "offset=50" in pages[""],
        "offset=100" in pages["?offset=50"],
        "offset=0" in pages["?offset=50"],
    ) == (True, True, True)
    assert "并入的" not in "".join(pages.values())


def test_choices_are_counted_and_kept(pages: Mapping[str, str]) -> None:
    assert titles(pages["?site=b"]) == 20
    assert ["青山县人民政府 (20)" in pages[asked] for asked in ("", "?status=removed")] == [True, False]
    assert "青山县" not in pages["?status=removed"]  # which has none
    assert (titles(pages["?status=removed"]), "通知第7号" in pages["?status=removed"]) == (1, True)
    assert (titles(pages["?year=none"]), "通知第8号" in pages["?year=none"]) == (1, True)
    assert '<option value="2021" selected>' in pages["?year=2021&site=a"]
    for empty in ("?site=nosuch", "?offset=x&year=%27"):
        assert "没有这样的文件" in pages[empty]


def test_what_was_withdrawn_shows_no_title_and_text_is_escaped(pages: Mapping[str, str]) -> None:
    every = "".join(pages.values())
    assert "已撤下 withdrawn" in every
    assert "通知第10号" not in every
    assert "号<b>" not in every
    assert "2 个版本 versions" in every
