"""`gongkai sites add` on every fake site gives a file that collects it completely, without a hand edit."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from crawler.sites import load_site
from tests import here
from tests.crawler.test_walk_fake_sites import expected, titles
from tests.fake_sites.office import FakeSite, notices
from tests.fake_sites.registry import all_sites

CONFIG = Path(__file__).parents[2] / "config"


def command(home: Path, site: FakeSite, budget: int = 5000) -> list[str]:
    config = home / "config"
    (config / "sites").mkdir(parents=True, exist_ok=True)
    for name in ("fields.yml", "regions.yml"):
        shutil.copy(CONFIG / name, config / name)
    (config / "settings.yml").write_text(
        f'allow_private: ["{site.base.removeprefix("http://")}"]\n'
        f"pace: {{delay: 0, concurrency: 4, daily_budget: {budget}}}\n"
    )
    return ["--config", str(config), "--data", str(home / "data")]


def run(line: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    done = here.gongkai(*line, *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    return done


# Lists of one document and variants of a platform: for the slow suite.
DRAFTED = [
    pytest.param(
        kind, count, id=f"{kind.__name__}-{count}", marks=() if count > 1 and kind.main else pytest.mark.slow
    )
    for kind in all_sites()
    if kind.drafted
    for count in (1, 50)
]


@pytest.mark.parametrize(("kind", "count"), DRAFTED)
def test_the_drafted_file_collects_the_site(kind: type[FakeSite], count: int, tmp_path: Path) -> None:
    with kind(notices(count)) as site:
        line = command(tmp_path, site)
        done = run(line, "sites", "add", site.catalogue_url(), "--key", "fake", "--json")
        report = json.loads(done.stdout)
        assert done.returncode == 0, report
        drafted = load_site(tmp_path / "config" / "sites" / "fake.yml")
        assert drafted.platform == kind.platform, report["text"]
        # One row that lies elsewhere, and no pager: it may be a list at the page's side, and a person looks first.
        assert drafted.enabled or count == 1, report["text"]
        assert sum(site.asked.values()) < 30
        collected = json.loads(run(line, "collect", "fake", "--json").stdout)["sites"][0]
        assert collected["outcome"] == "complete", collected
        assert titles(tmp_path) == expected(site.notices)
