"""Between two requests lies at least the time that the site file, or the site's robots.txt, names."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from protego import Protego

from crawler.middlewares.crawl_delay import LONGEST_DELAY, asked_delay
from tests.fake_sites.editable import LoopbackSite, collect, configure

AGENT = "gongkai/1.0 (+mailto:desk@example.org)"


def _paced(home: Path, site: LoopbackSite, delay: str) -> None:
    command = configure(home, site)
    file = home / "config" / "sites" / "linjiang.yml"
    file.write_text(file.read_text().replace("delay: 0,", f"delay: {delay},"))
    told = collect(command)[1]
    assert told["baseline"] == len(site.pages)
    gaps = [later - earlier for earlier, later in pairwise(site.moments)]
    assert len(gaps) == len(site.pages) + 1
    assert min(gaps) > 0.25, gaps  # between arrivals, which a busy machine shifts


def test_the_pace_of_the_site_file_is_kept(tmp_path: Path, site) -> None:
    """Scrapy varies a delay by half of it: of a dozen, some would fall below the bound."""
    _paced(tmp_path, site(11), "0.3")


def test_the_pace_that_robots_txt_asks_for_is_kept(tmp_path: Path, site) -> None:
    office = site(5)
    office.robots = b"User-agent: *\nDisallow: /admin/\nCrawl-delay: 0.3\n"
    _paced(tmp_path, office, "0")


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 10", 10.0),
        ("User-agent: other\nCrawl-delay: 10", 0.0),
        ("User-agent: gongkai\nCrawl-delay: 7\n\nUser-agent: *\nCrawl-delay: 1", 7.0),
        ("User-agent: *\nRequest-rate: 1/5", 5.0),
        ("User-agent: *\nRequest-rate: 0/5", 0.0),
        ("User-agent: *\nRequest-rate: 10/1m\nCrawl-delay: 2", 6.0),
        ("User-agent: *\nCrawl-delay: 86400", LONGEST_DELAY),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: -3", 0.0),
        ("<html>404</html>", 0.0),
    ],
)
def test_what_robots_txt_asks_for(lines: str, seconds: float) -> None:
    assert asked_delay(Protego.parse(lines), AGENT) == seconds
