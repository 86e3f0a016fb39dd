"""Weeks in the life of a site that falters: in the end the archive says what is true, and readers heard that and no more."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.fake_sites.living import LivingSite, Notice
from tests.hostile.test_no_false_removal import Days

SETTLING = 8  # quiet days: what waits for a whole run, a full walk or a settled text has been decided by then


def untrue(site: LivingSite, office: Days, first: set[int], days: int) -> dict[int, tuple[str, list, dict]]:
    """What the archive says of a site's notices that is not so, after so many quiet days. ``first``: those of its baseline."""
    site.quiet()
    site.publish_beyond_full_pages()
    for _ in range(days):
        site.day += 1
        office.collect(full=False)
    site.server.shutdown()
    site.server.server_close()
    told: dict[int, Counter[str]] = defaultdict(Counter)
    for kind, index in office.rows(
        "SELECT kind, d.index_number FROM changes c JOIN documents d ON d.id = c.document"
        " WHERE feed_seq IS NOT NULL AND kind <> 'baseline'"
    ):
        told[number_of(index)][kind] += 1
    documents = defaultdict(list)
    for row in office.rows(
        "SELECT d.index_number, d.url, d.status, b.text, d.body_sha256 = (SELECT v.body_sha256 FROM versions v"
        " JOIN changes c ON c.to_version = v.id WHERE c.document = d.id AND c.kind IN ('added', 'baseline')"
        " AND feed_seq IS NOT NULL) FROM documents d JOIN bodies b ON b.sha256 = d.body_sha256"
        " WHERE merged_into IS NULL"
    ):
        documents[number_of(row[0])].append(row[1:])
    assert not documents.keys() - {notice.number for notice in site.notices}
    return {
        notice.number: (said, notice.happened, dict(told[notice.number]))
        for notice in site.notices
        if (
            said := amiss(
                site.base, notice, documents[notice.number], told[notice.number], notice.number in first
            )
        )
    }


def lived(seed: int, days: int, home: Path) -> None:
    """A site's life of so many days, each collected once, and then the comparison of archive and truth."""
    site = LivingSite(seed, 30)
    office = Days(home, site)
    first = {notice.number for notice in site.notices}
    assert office.collect(full=False).outcome == "complete"
    for _ in range(days):
        site.live()
        office.collect(full=False)
    wrong = untrue(site, office, first, SETTLING)
    assert not wrong, f"seed {seed}: {wrong}"


def number_of(index: str) -> int:
    return int(index.rpartition("-")[2])


def amiss(base: str, notice: Notice, found: list[tuple], told: Counter[str], in_baseline: bool) -> str | None:
    """What the archive or the feed has wrong of a notice."""
    if not found:  # taken down, or out of its list, before any collection saw it
        return "lost" if (notice.up and notice.shown) or told else None
    if len(found) > 1:
        return "more than one document"
    url, status, text, as_first_told = found[0]
    happened = Counter(notice.happened)
    checks = {
        "status": status == notice.stands,
        "address": not notice.up or url == base + notice.path,
        "text": not notice.up or text.split() == notice.text,
        "addition": told["added"] == (0 if in_baseline else 1),
        "false removal": told["removed"] <= happened["removed"] and told["missing"] <= happened["removed"],
        "untold removal": status != "removed" or told["removed"] >= 1,
        "false unlisting": told["unlisted"] <= happened["unlisted"],
        "untold unlisting": status != "unlisted" or told["unlisted"] >= 1,
        "false edit": told["edited"] <= happened["edited"],
        "untold edit": as_first_told or told["edited"] >= 1,
        "false move": told["moved"] <= happened["moved"],
        "false return": told["restored"] <= happened["returned"],
        "false attachment": not told["attachment"],
    }
    return ", ".join(name for name, right in checks.items() if not right) or None


def test_weeks_in_the_life_of_a_site(tmp_path: Path) -> None:
    lived(7, 2, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 21))
def test_many_lives(seed: int, tmp_path: Path) -> None:
    lived(seed, 16, tmp_path)
