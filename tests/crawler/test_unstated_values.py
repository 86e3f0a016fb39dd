"""What a page's scripts send of an address that does not state it, and of boxes that another script draws."""

from __future__ import annotations

import pytest

from crawler.scripts.requests import list_requests, unclear_requests

URL = "https://www.linjiang.example/cmsweb/zwgk/index.html?topic=4877"
READER = "function getQueryString(name) { var r = location.search.match(new RegExp(name)); return r ? r[2] : null; }"


def sent(values: str) -> tuple[dict[str, object] | None, int]:
    """(what the first request for a list sends, requests of which it cannot be told)."""
    script = f"{READER} function lists(n) {{ $.post('/lists.do', {{{values}, page: n}}, show, 'json'); }} lists(1);"
    text = f"<html><body><ul id='list'></ul><script>{script}</script></body></html>"
    found = list_requests(text, URL)
    return (dict(found[0].form or {}) if found else None), len(unclear_requests(text, URL))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("topic: getQueryString('topic')", {"topic": "4877"}),
        ("topic: getQueryString('topic'), dept: getQueryString('orgid')", {"topic": "4877", "dept": ""}),
        ("topic: 7, dept: getQueryString('orgid') || 'all'", {"topic": "7", "dept": "all"}),
        ("topic: 7, dept: new URLSearchParams(location.search).get('orgid')", {"topic": "7", "dept": ""}),
        (
            "topic: 7, title: $('#title').val(), begin: $('#startDate').val()",
            {"topic": "7", "title": "", "begin": ""},
        ),
    ],
)
def test_what_is_not_stated_is_sent_empty(values: str, expected: dict[str, str]) -> None:
    assert sent(values) == ({**expected, "page": "1"}, 0)


@pytest.mark.parametrize(
    "values",
    [
        "topic: 7, sign: getQueryString('sign')",  # made for the visit
        "topic: $('#channel').val()",  # no box to search with: which list it is
        "topic: 7, dept: getUrl('orgid')",  # may make an address
    ],
)
def test_what_cannot_be_told_is_not_made_up(values: str) -> None:
    assert sent(values) == (None, 1)
