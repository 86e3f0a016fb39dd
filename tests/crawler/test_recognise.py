"""Telling platforms apart by a catalogue's page."""

from __future__ import annotations

import urllib.request

import pytest

from crawler.recognise import disagreement, looks_like
from tests.fake_sites.office import FakeSite, notices
from tests.fake_sites.registry import all_sites


def catalogue_page(site: FakeSite) -> tuple[str, str]:
    with urllib.request.urlopen(site.catalogue_url()) as answer:
        return answer.read().decode(), answer.url


@pytest.mark.parametrize("kind", [kind for kind in all_sites() if kind.drafted and not kind.leads_on])
@pytest.mark.parametrize("count", [3, 60])
def test_each_fake_site_is_recognised_as_what_it_is(kind: type[FakeSite], count: int) -> None:
    with kind(notices(count)) as site:
        text, url = catalogue_page(site)
    assert looks_like(text, url)[0][0] == kind.platform
    assert disagreement(text, url, kind.platform) is None


def test_a_page_of_another_platform_is_said() -> None:
    text = "<script>window._CONFIG = {SID: '755041', TREE: []};</script>"
    said = disagreement(text, "http://a.example/x.html", "static_list")
    assert said == "this page looks like gkmlpt (window._CONFIG has a SID); the site file says static_list"


def test_a_page_of_no_platform_says_nothing() -> None:
    assert looks_like("<p>正在维护</p>", "http://a.example/") == []
    assert disagreement("<p>正在维护</p>", "http://a.example/", "static_list") is None
