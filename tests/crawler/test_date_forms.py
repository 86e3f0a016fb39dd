"""Dates as other software and other languages write them, and what may be another day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crawler.extract.values import dates


@pytest.mark.parametrize(
    ("text", "on", "at"),
    [
        ("203103291530", date(2031, 3, 29), (7, 30)),  # as milliseconds it would be in 1976
        ("20310329 153000", date(2031, 3, 29), (7, 30)),
        ("20310329T153000", date(2031, 3, 29), (7, 30)),
        ("20310329153000123", date(2031, 3, 29), (7, 30)),
        ("2031-03-2915:30", date(2031, 3, 29), (7, 30)),
        ("2031-03-29 15:30:00:123", date(2031, 3, 29), (7, 30)),
        ("2031-03-29 15时", date(2031, 3, 29), (7, 0)),
        ("2031年3月29日晚8时", date(2031, 3, 29), (12, 0)),
        ("2031-03-29 傍晚6:05", date(2031, 3, 29), (10, 5)),
        ("2031-03-29 早上8:05", date(2031, 3, 29), (0, 5)),
        ("2031-03-29 晚上12:30", date(2031, 3, 29), None),  # of this day or the next
        ("2031-03-29 15:30 AM", date(2031, 3, 29), None),
        ("2031-03-29 07:30:00 UTC", date(2031, 3, 29), (7, 30)),
        ("2031-03-29 15:30:00 UTC+8", date(2031, 3, 29), (7, 30)),
        ("2031-03-28 16:00:00+00", date(2031, 3, 29), None),
        ("2031-03-29T07:30:00-05:00", date(2031, 3, 29), (12, 30)),
        ("2031-03-29 15:30-17:00", date(2031, 3, 29), (7, 30)),  # two times of a day, and no zone
        ("Sat Mar 29 07:30:00 UTC 2031", date(2031, 3, 29), (7, 30)),
        ("Sat Mar 29 15:30:00 GMT+08:00 2031", date(2031, 3, 29), (7, 30)),
        ("Sat Mar 29 2031 15:30:00 GMT+0800 (中国标准时间)", date(2031, 3, 29), (7, 30)),
        ("Sat, 29 Mar 2031 07:30:00 GMT", date(2031, 3, 29), (7, 30)),
        ("Mar 29, 2031 3:30:00 PM", date(2031, 3, 29), (7, 30)),
        ("March 29th, 2031", date(2031, 3, 29), None),
        ("29-Mar-2031", date(2031, 3, 29), None),
        ("2031-Mar-29", date(2031, 3, 29), None),
        ("二〇三一年三月二〇日", date(2031, 3, 20), None),
        ("二〇三一年〇三月〇九日", date(2031, 3, 9), None),
        ("二〇三一.三.二十九", date(2031, 3, 29), None),
        ("2031年3⽉29⽇", date(2031, 3, 29), None),
        ("2031年3月29曰", date(2031, 3, 29), None),
        ("2031。3。29", date(2031, 3, 29), None),
        ("2031·03·29", date(2031, 3, 29), None),
        ("2031_03_29", date(2031, 3, 29), None),
        ("中華民國120年3月29日", date(2031, 3, 29), None),
        ("民国三十五年三月一日", date(1946, 3, 1), None),
        ("民国35年3月1日", date(1946, 3, 1), None),
    ],
)
def test_further_forms(text: str, on: date, at: tuple[int, int] | None) -> None:
    assert dates.parse(text) == dates.Moment(on, datetime(2031, 3, 29, *at, tzinfo=UTC) if at else None)


@pytest.mark.parametrize(
    "text",
    [
        "203103291",  # a day with a figure too many; as seconds in 1976
        "2031032915",  # an hour of 2031, or seconds in 2034
        "农历2031年2月26日",
        "农历二〇三一年二月廿六日",
        "2031年二月廿六",
        "2031年3月123日",
        "2031年3月2十日",
        "3/4/2031",
        "04-03-2031",
        "1970-01-01",
        "1970-01-01 00:00:00",
        "1899-12-30 00:00:00",
        "Mar 2031",
        "45386",
    ],
)
def test_what_may_be_another_day_is_none(text: str) -> None:
    assert dates.parse(text) is None


@pytest.mark.parametrize("text", ["1952092800", "1932480000", "1930000000000", "952041600"])
def test_seconds_that_begin_like_a_day_of_the_last_century(text: str) -> None:
    assert dates.parse(text) == dates.from_epoch(int(text))


@pytest.mark.parametrize("text", ["1970-01-01 08:00:00", "1970-01-01T00:00:00Z", "1900-01-01 00:00:00"])
def test_the_nought_of_a_clock_is_no_date(text: str) -> None:
    assert dates.parse(text) is None
