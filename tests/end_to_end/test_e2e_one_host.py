"""Two site files of one host: it is promised one connection, whoever's catalogue is walked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.run import hosts_of
from crawler.sites import Catalogue, Site
from tests import here
from tests.fake_sites.editable import LoopbackSite, configure


def test_sites_of_one_host_are_collected_one_after_the_other(
    tmp_path: Path, site: Callable[..., LoopbackSite], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, guard, now, most = site(6), threading.Lock(), 0, 0
    answer = office.answer

    def slowly(path: str, per_page: int) -> tuple[int, dict[str, str], bytes]:
        nonlocal now, most
        with guard:
            now += 1
            most = max(most, now)
        time.sleep(0.1)
        with guard:
            now -= 1
        return answer(path, per_page)

    monkeypatch.setattr(office, "answer", slowly)
    command = configure(tmp_path, office)
    sites = tmp_path / "config" / "sites"
    text = (sites / "linjiang.yml").read_text("utf-8").replace("concurrency: 8", "concurrency: 1")
    (sites / "linjiang.yml").write_text(text, "utf-8")
    (sites / "qingshan.yml").write_text(text.replace("site: linjiang", "site: qingshan"), "utf-8")
    done = here.gongkai(*here.of(command), "collect", "--json")
    assert [one["outcome"] for one in json.loads(done.stdout)["sites"]] == ["complete", "complete"]
    assert most == 1


def test_hosts_of_a_site_are_all_that_it_asks() -> None:
    def of(url: str, **more: object) -> frozenset[tuple[str, int]]:
        catalogue = Catalogue(key="zw", url=url)
        return hosts_of(
            Site(site="a", name="甲", url=url, platform="static_list", catalogues=(catalogue,), **more)  # type: ignore[arg-type]
        )

    assert of("https://linjiang.example/a/") & of("http://linjiang.example/b/")
    assert of("http://linjiang.example/", hosts=("files.example",)) & of("http://files.example/")
    assert not of("http://127.0.0.1:8001/") & of("http://127.0.0.1:8002/")
    assert not of("http://linjiang.example/") & of("http://qingshan.example/")
