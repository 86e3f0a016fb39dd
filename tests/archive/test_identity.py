"""Which spellings of an address are one address, and what makes two histories one (docs/decisions/002)."""

from __future__ import annotations

import pytest

from archive.identity import TELLING_BODY_LENGTH, Likeness, agreement, leads_elsewhere, pair, url_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.example/p#top", "https://a.example/p"),
        ("HTTP://A.example:80/p", "https://a.example:443/p"),
        ("http://a.example", "http://a.example/"),
        ("http://a.example?id=1", "http://a.example/?id=1"),
        ("http://a.example/p?", "http://a.example/p"),
        ("http://[2001:DB8::1]/p", "https://[2001:db8::1]:443/p"),
        ("http://a.example:99999/p#top", "http://a.example:99999/p"),
    ],
)
def test_one_address_in_two_spellings(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.example/p#/detail/7", "http://a.example/p#/detail/8"),
        ("http://a.example/p#!7", "http://a.example/p"),
        ("http://a.example:8080/p", "http://a.example/p"),
        ("http://a.example/P", "http://a.example/p"),  # servers may tell them apart
        ("http://a.example/p/", "http://a.example/p"),
        ("http://a.example/p?a=1&b=2", "http://a.example/p?b=2&a=1"),
        ("http://a.example/p", "http://www.a.example/p"),
        ("ftp://a.example/p", "http://a.example/p"),
        ("http://[::1", "http://[::2"),
        ("http:///p", "http://a.example/p"),
        ("http://[2001:db8::1]:8080/p", "http://[2001:db8::1:8080]/p"),
    ],
)
def test_two_addresses(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    ("got", "elsewhere"),
    [
        ("https://a.example/p?id=1", False),
        ("http://a.example/p/?id=1", False),
        ("http://a.example/p;jsessionid=0A1B?id=1", False),
        ("http://a.example/p?id=1&token=9", False),
        ("http://a.example/p?token=9", True),
        ("http://a.example/p?id=2", True),
        ("http://a.example/q?id=1", True),
        ("http://m.a.example/p?id=1", True),
        ("http://a.example:8080/p?id=1", True),
    ],
)
def test_a_redirect_that_means_something(got: str, elsewhere: bool) -> None:
    assert leads_elsewhere("http://a.example/p?id=1", got) is elsewhere


def known(number: int, **said: object) -> Likeness:
    nothing = {
        "index_number": None,
        "issuing_body": None,
        "document_number": None,
        "title": None,
        "body_sha256": None,
    }
    return Likeness(number, **{**nothing, **said})  # type: ignore[arg-type]


LONG = TELLING_BODY_LENGTH


@pytest.mark.parametrize(
    ("old", "new", "agree"),
    [
        ({"index_number": "1", "issuing_body": "甲"}, {}, True),
        ({"index_number": "1", "issuing_body": "甲"}, {"issuing_body": "乙"}, False),
        ({"index_number": "1"}, {}, False),  # of no office: many count from 1
        ({"title": "通知", "document_number": "1号"}, {}, True),
        ({"title": "通知", "document_number": "1号"}, {"title": "公告"}, False),
        ({"title": "通知"}, {}, False),
        ({"document_number": "1号"}, {}, False),
        ({"body_sha256": "a", "body_length": LONG}, {}, True),
        ({"body_sha256": "a", "body_length": LONG - 1}, {}, False),
        ({"body_sha256": "a", "body_length": 9, "title": "通知"}, {}, True),
        ({"body_sha256": "a", "body_length": 9, "title": "预算", "files": "1,2"}, {"files": "3"}, False),
        ({"body_sha256": "a", "body_length": 9, "title": "预算", "files": "1,2"}, {"files": "2,3"}, True),
        ({"body_sha256": "a", "body_length": 9, "title": "预算", "files": "1"}, {"files": None}, True),
        ({"title": "预算", "files": "1", "fingerprint": "f"}, {}, True),
        ({"body_sha256": "a", "body_length": LONG}, {"body_sha256": "b"}, False),
        ({"issuing_body": "甲"}, {}, False),
        ({"title": "预算", "files": "1", "fingerprint": "f"}, {"title": "决算"}, False),
        ({"title": "预算", "files": "1", "fingerprint": "f"}, {"fingerprint": "g"}, False),
        ({"title": "预算", "fingerprint": "f"}, {}, False),  # of a page that says no more than that
    ],
)
def test_what_two_descriptions_must_share(
    old: dict[str, object], new: dict[str, object], agree: bool
) -> None:
    assert bool(agreement(known(1, **old), known(2, **{**old, **new}))) is agree


def test_the_strongest_agreement_goes_first_and_each_is_taken_once() -> None:
    budget = {"title": "预算", "body_sha256": "a", "body_length": 9}
    old = [known(n, **budget, fingerprint=str(n)) for n in (1, 2)]
    new = [known(n, **budget, fingerprint=str(2 - n % 2)) for n in (12, 11)]
    assert sorted(pair(old, new)) == [(1, 11), (2, 12)]
    assert pair(old, [*new, known(13, **budget)]) == pair(old, new)


def test_a_number_that_many_have_joins_none_of_them_and_twins_are_joined_in_order() -> None:
    series = {"index_number": "000014349", "issuing_body": "国务院"}
    assert pair([known(1, **series)], [known(11, **series), known(12, **series)]) == []
    assert pair([known(1, **series), known(2, **series)], [known(11, **series)]) == []
    assert pair([known(1, **series)], [known(11, **series)]) == [(1, 11)]
    twins = {"title": "通知", "document_number": "1号"}
    assert pair([known(n, **twins) for n in (1, 2)], [known(n, **twins) for n in (11, 12)]) == [
        (1, 11),
        (2, 12),
    ]
    assert pair([known(1, **twins)], [known(1, **twins)]) == []  # one is not joined with itself
