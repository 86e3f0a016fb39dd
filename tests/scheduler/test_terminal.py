"""What reaches a terminal."""

from __future__ import annotations

import pytest

from scheduler.terminal import Steps, columns, counted, width


def test_chinese_characters_take_two_columns() -> None:
    assert [width(t) for t in ("abc", "临江市", "a临", "（）", "e\u0301")] == [3, 6, 3, 4, 1]


def test_columns_begin_at_the_same_place() -> None:
    lines = columns([("a", "临江市", "x"), ("bbb", "青山县人民政府", "y"), ("c", "Ex", "z")])
    assert [width(line[: line.index(mark)]) for line, mark in zip(lines, "xyz", strict=True)] == [21, 21, 21]
    assert lines[2] == "c    Ex              z"


def test_one_of_a_thing_is_no_plural() -> None:
    assert [counted(n, "message") for n in (0, 1, 2, 1_200)] == [
        "0 messages",
        "1 message",
        "2 messages",
        "1,200 messages",
    ]


def test_without_a_terminal_only_work_that_takes_long_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Cron mailed forty lines of `gongkai verify`, which took a second."""
    now = 100.0
    steps = Steps(lambda: now)
    for label, at in (
        ("pages", 101.0),
        ("rows", 112.0),
        ("rows", 140.0),
        ("texts", 141.0),
        ("ledger", 145.0),
        ("index", 160.0),
    ):
        now = at
        steps(label, 1, 2)
    steps.end()
    assert capsys.readouterr().err == "rows\ntexts\nindex\n"


def test_cells_cannot_drive_the_terminal() -> None:
    assert columns([("a\x1b[31m", "b\nc")]) == ["a<U+001B>[31m  b c"]
    assert columns([]) == []
