"""Which spellings of an address are one address (docs/decisions/002)."""

from __future__ import annotations

from archive.identity import url_key


def test_routes_are_addresses_and_anchors_are_not() -> None:
    assert url_key("http://a.example/p#/detail/7") != url_key("http://a.example/p#/detail/8")
    assert url_key("http://a.example/p#top") == url_key("https://a.example/p")
