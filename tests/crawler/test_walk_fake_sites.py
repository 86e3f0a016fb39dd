"""Every platform walks its catalogue completely: each document exactly once, whatever happens to the list meanwhile."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests import here
from tests.fake_sites.office import FakeSite, Notice, notices
from tests.fake_sites.registry import all_sites

FIELDS = Path(__file__).parents[2] / "config" / "fields.yml"


def collect(home: Path, site: FakeSite, *options: str) -> dict:
    config = home / "config"
    (config / "sites").mkdir(parents=True, exist_ok=True)
    shutil.copy(FIELDS, config / "fields.yml")
    (config / "settings.yml").write_text(f'allow_private: ["{site.base.removeprefix("http://")}"]\n')
    pace = "pace: {delay: 0, concurrency: 4, daily_budget: 5000}\n"
    (config / "sites" / "fake.yml").write_text(site.site_file() + pace)
    done = here.gongkai("--config", str(config), "--data", str(home / "data"), "collect", "--json", *options)
    assert "Traceback" not in done.stderr, done.stderr
    return json.loads(done.stdout)["sites"][0]


def titles(home: Path) -> Counter[str]:
    with closing(sqlite3.connect(home / "data" / "archive.db")) as db:
        return Counter(
            r[0]
            for r in db.execute(
                "SELECT title FROM documents WHERE merged_into IS NULL AND status = 'present'"
            )
        )


def expected(rows: list[Notice]) -> Counter[str]:
    return Counter(n.title for n in rows)


def first_of_its_platform(kind: type[FakeSite]) -> bool:
    return kind is {one.platform: one for one in reversed(all_sites()) if one.main}.get(kind.platform)


def walks() -> list[object]:
    """
    Every fake site with 1, 2 and 101 documents. By default the first of each platform with 101, and one list of one
    document: ``test_sites_add`` walks the other main dialects; the variants of a platform are slow.
    """
    return [
        pytest.param(
            count,
            kind,
            marks=()
            if first_of_its_platform(kind)
            and (count == 101 or (count == 1 and kind.platform == "static_list"))
            else pytest.mark.slow,
        )
        for count in (1, 2, 101)
        for kind in all_sites()
    ]


@pytest.mark.parametrize(("count", "kind"), walks())
def test_every_document_is_found_exactly_once(kind: type[FakeSite], count: int, tmp_path: Path) -> None:
    with kind(notices(count)) as site:
        report = collect(tmp_path, site)
        assert report["outcome"] == "complete", report["reasons"]
        assert titles(tmp_path) == expected(site.notices)
        with closing(sqlite3.connect(tmp_path / "data" / "archive.db")) as db:
            record = db.execute(
                "SELECT document_number, index_number, published_on FROM documents ORDER BY title LIMIT 1"
            ).fetchone()
        first = min(site.notices, key=lambda n: n.title)
        assert record == (first.document_number, first.index_number, first.published.isoformat())


@pytest.mark.slow
@pytest.mark.parametrize("kind", all_sites())
def test_a_thousand_documents(kind: type[FakeSite], tmp_path: Path) -> None:
    with kind(notices(1000)) as site:
        assert collect(tmp_path, site)["outcome"] == "complete"
        assert titles(tmp_path) == expected(site.notices)


# The ways in which rows are told apart and pages asked for: links, forms, JSON by page, records in scripts.
CHANGING = ("static_list", "label_table", "json_api", "jcms")


def changing_lists() -> list[object]:
    """Every look-alike; by default the first of a platform of each way."""
    return [
        pytest.param(
            kind, marks=() if first_of_its_platform(kind) and kind.platform in CHANGING else pytest.mark.slow
        )
        for kind in all_sites()
    ]


@pytest.mark.parametrize("kind", changing_lists())
def test_pinned_repeated_deleted_and_inserted_rows(kind: type[FakeSite], tmp_path: Path) -> None:
    with kind(notices(60)) as site:
        site.notices[50] = dataclasses.replace(site.notices[50], pinned=True)
        site.notices.append(site.notices[3])  # listed twice
        assert collect(tmp_path, site)["outcome"] == "complete"
        assert titles(tmp_path) == Counter(dict.fromkeys((n.title for n in site.notices), 1))
        # A new notice below a pinned row and an old one late in the list are both found by a full walk.
        late = dataclasses.replace(notices(99)[0], published=site.notices[-2].published)
        site.notices = [notices(98)[0], *site.notices, late]
        del site.notices[10]
        deleted_during = []

        def while_walking(self: FakeSite, method: str, target: str) -> None:
            if len(self.asked) == 3 and not deleted_during:
                # Every row below moves up by one between two pages.
                deleted_during.append(self.notices.pop(1))

        site.before = while_walking
        report = collect(tmp_path, site, "--full")
        assert report["new"] == 2, report
        wanted = {n.title for n in site.notices}
        assert wanted <= set(titles(tmp_path))
        assert all(count == 1 for count in titles(tmp_path).values())
