"""Elements found in a page's text without a tree."""

from __future__ import annotations

import pytest

from crawler.extract.markup import COMMENT, spans, without

SCRIPTS = frozenset({"script", COMMENT})


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ("甲<script>乙</script>丙", "甲丙"),
        ("甲<SCRIPT src='x'>乙</Script >丙", "甲丙"),
        ("甲<!-- <script> -->乙</script>丙", "甲乙</script>丙"),
        ("甲<script>'<!--'</script>乙-->丙", "甲乙-->丙"),
        ("甲<script>乙", "甲<script>乙"),
        ("甲<script>乙<!--丙-->丁", "甲<script>乙丁"),
        ("甲<scripted>乙</scripted>丙", "甲<scripted>乙</scripted>丙"),
        ("", ""),
    ],
)
def test_elements_leave_the_text(page: str, left: str) -> None:
    assert without(page, SCRIPTS) == left


def test_something_may_stand_instead() -> None:
    assert without("甲<script>1</script>乙<script>2</script>丙", SCRIPTS, "\n") == "甲\n乙\n丙"


def test_the_whole_of_an_element_is_a_span() -> None:
    page = "甲<a href='x'>乙</a>丙"
    assert [page[start:end] for start, end in spans(page, frozenset({"a"}))] == ["<a href='x'>乙</a>"]
