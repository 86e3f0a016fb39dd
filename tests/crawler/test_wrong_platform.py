"""A site file that names the wrong platform is told so, for every pair of platforms."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from tests.crawler.test_walk_fake_sites import collect, expected, first_of_its_platform, titles
from tests.fake_sites.office import FakeSite, notices
from tests.fake_sites.registry import all_sites

# label_table reads a plain list, too, and follows its years: there is nothing to be said.
READS_AS_WELL = {("YearArchiveSite", "QueryPagedTableSite")}
# Every pair is many minutes' work. By default the first of each other platform that is said to be static_list, of which
# a person would think first, and one plain list that is said to be each other platform. That each dialect is known for
# what it is, `test_recognise` shows.
PAIRS = [
    pytest.param(
        real,
        stated,
        id=f"{real.__name__}-{stated.__name__}",
        marks=()
        if first_of_its_platform(real)
        and (real.__name__ == "StaticListSite" or stated.__name__ == "YearArchiveSite")
        else pytest.mark.slow,
    )
    for real in all_sites()
    for stated in {kind.platform: kind for kind in all_sites()}.values()
    if real.platform != stated.platform and real.drafted and not real.leads_on
]


@pytest.mark.parametrize(("real", "stated"), PAIRS)
def test_a_wrong_platform_is_said(real: type[FakeSite], stated: type[FakeSite], tmp_path: Path) -> None:
    """The site is ``real``; its site file is written as for ``stated``, with that platform's own options."""
    with real(notices(45)) as site:
        other = stated(site.notices)
        other.base = site.base
        given = yaml.safe_load(other.site_file())
        given["catalogues"][0]["url"] = site.catalogue_url()
        site.site_file = lambda: yaml.safe_dump(given, allow_unicode=True)  # type: ignore[method-assign]
        report = collect(tmp_path, site)
        found = titles(tmp_path)
    said = f"this page looks like {real.platform} ("
    with closing(sqlite3.connect(tmp_path / "data" / "archive.db")) as db:
        problems = db.execute(
            "SELECT message, severity FROM problems WHERE code = 'wrong_platform'"
        ).fetchall()
    if (real.__name__, stated.__name__) in READS_AS_WELL:
        assert (report["outcome"], problems, found) == ("complete", [], expected(site.notices))
        return
    assert [message.startswith(said) for message, _ in problems] == [True], problems
    assert f"the site file says {stated.platform}" in problems[0][0]
    if report["outcome"] == "complete":  # the other platform finds its way on this one's pages
        assert found == expected(site.notices)
        assert problems[0][1] == "warning"
    else:
        assert any(said in reason for reason in report["reasons"]), report["reasons"]
        assert problems[0][1] == "error"
