"""Dates in every form of real pages: what is written is what comes out, and nothing else ever does."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.model import SHANGHAI
from crawler.extract.page import extract_page
from crawler.extract.values import dates
from crawler.row_context import with_dates_ahead
from tests.crawler.test_saved_pages import BOOK

_NUMERALS = "〇一二三四五六七八九"
DAYS = st.dates(min_value=date(1949, 10, 1), max_value=date(2099, 12, 31))
TIMES = (
    st.times()
    .map(lambda t: t.replace(microsecond=0))
    .filter(lambda t: (t.hour, t.minute, t.second) != (0, 0, 0))
)


def in_numerals(number: int, ten: str = "十") -> str:
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _NUMERALS[tens]) + ten if tens else ""
    return head + (_NUMERALS[ones] if ones or not tens else "")


def chinese(day: date, zero: str = "〇") -> str:
    year = "".join(_NUMERALS[int(c)] for c in str(day.year)).replace("〇", zero)
    return f"{year}年{in_numerals(day.month)}月{in_numerals(day.day)}日"


FORMS = {
    "年月日": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "padded": lambda d: f"{d:%Y年%m月%d日}",
    "号": lambda d: f"{d.year}年{d.month}月{d.day}号",
    "spaced": lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    "letter by letter": lambda d: f"{' '.join(str(d.year))} 年 {d.month} 月 {d.day} 日",
    "full width": lambda d: f"{d:%Y年%m月%d日}".translate(
        str.maketrans("0123456789", "０１２３４５６７８９")
    ),
    "hyphens": lambda d: f"{d.year}-{d.month}-{d.day}",
    "iso": lambda d: d.isoformat(),
    "dashes": lambda d: f"{d:%Y—%m—%d}",
    "slashes": lambda d: f"{d:%Y/%m/%d}",
    "dots": lambda d: f"{d.year}.{d.month}.{d.day}",
    "full-width dots": lambda d: f"{d.year}．{d.month}．{d.day}",
    "compact": lambda d: f"{d:%Y%m%d}",
    "numerals": chinese,
    "numerals with 零": lambda d: chinese(d, "零"),
    "numerals with ○": lambda d: chinese(d, "○"),
    "year in digits": lambda d: f"{d.year}年{in_numerals(d.month)}月{in_numerals(d.day)}日",
    "元月": lambda d: chinese(d).replace("年一月", "年元月"),
    "weekday": lambda d: f"{d:%Y年%m月%d日} 星期{'一二三四五六日'[d.weekday()]}",
    "midnight": lambda d: f"{d.isoformat()} 00:00:00",
    "epoch": lambda d: str(int(datetime(d.year, d.month, d.day, tzinfo=SHANGHAI).timestamp())),
    "milliseconds": lambda d: str(int(datetime(d.year, d.month, d.day, tzinfo=SHANGHAI).timestamp()) * 1000),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@settings(max_examples=60, deadline=None)
@given(day=DAYS.filter(lambda d: d.year >= 1976))  # an epoch of nine digits and more
@example(day=date(2024, 2, 29))
@example(day=date(2031, 10, 10))
@example(day=date(2030, 12, 31))
def test_every_form_gives_its_date(form: object, day: date) -> None:
    assert callable(form)
    assert dates.parse(form(day)) == dates.Moment(day, None)


CLOCKS = {
    "seconds": lambda m: f"{m:%Y-%m-%d %H:%M:%S}",
    "tenths": lambda m: f"{m:%Y-%m-%d %H:%M:%S}.0",
    "时分秒": lambda m: f"{m.year}年{m.month}月{m.day}日 {m.hour}时{m.minute}分{m.second}秒",
    "glued": lambda m: f"{m.year}年{m.month}月{m.day}日{m:%H:%M:%S}",
    "compact": lambda m: f"{m:%Y%m%d%H%M%S}",
    "hyphen": lambda m: f"{m:%Y-%m-%d-%H:%M:%S}",
    "weekday": lambda m: f"{m:%Y年%m月%d日} 星期{'一二三四五六日'[m.weekday()]} {m:%H:%M:%S}",
    "zone": lambda m: f"{m:%Y-%m-%dT%H:%M:%S}+08:00",
    "zone without colon": lambda m: f"{m:%Y-%m-%dT%H:%M:%S}.000+0800",
    "Z": lambda m: f"{m.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z",
    "tokyo": lambda m: f"{m.astimezone(timezone(timedelta(hours=9))):%Y-%m-%dT%H:%M:%S}+09:00",
    "java": lambda m: (
        f"{calendar.day_abbr[m.weekday()]} {calendar.month_abbr[m.month]} {m:%d %H:%M:%S CST %Y}"
    ),
    "epoch": lambda m: str(int(m.timestamp())),
    "milliseconds": lambda m: str(int(m.timestamp()) * 1000),
    "half days": lambda m: (
        f"{m:%Y-%m-%d} {'上午' if m.hour < 12 else '下午'} {m.hour % 12 or 12}:{m:%M:%S}"
        if m.hour
        else f"{m:%Y-%m-%d} 00:{m:%M:%S}"
    ),
}


@pytest.mark.parametrize("form", CLOCKS.values(), ids=CLOCKS)
@settings(max_examples=60, deadline=None)
@given(day=DAYS.filter(lambda d: d.year >= 1992), clock=TIMES)
def test_a_time_of_day_gives_a_shanghai_day_and_an_instant(form: object, day: date, clock: object) -> None:
    assert callable(form)
    moment = datetime.combine(day, clock, SHANGHAI)  # type: ignore[arg-type]
    assert dates.parse(form(moment)) == dates.Moment(day, moment.astimezone(UTC))


def test_a_utc_evening_is_the_next_day_in_shanghai() -> None:
    assert dates.parse("2021-11-11T16:00:00Z") == dates.Moment(date(2021, 11, 12), None)
    late = dates.parse("2021-11-11T20:30:00.000Z")
    assert late == dates.Moment(date(2021, 11, 12), datetime(2021, 11, 11, 20, 30, tzinfo=UTC))


@settings(max_examples=200, deadline=None)
@given(
    year=st.integers(1949, 2099),
    month=st.integers(0, 40),
    day=st.integers(0, 60),
    form=st.sampled_from(["{}年{}月{}日", "{}-{}-{}", "{}/{}/{}", "{}.{}.{}", "{:04}{:02}{:02}"]),
)
def test_a_date_that_does_not_exist_is_refused_never_moved(
    year: int, month: int, day: int, form: str
) -> None:
    written = form.format(year, month, day)
    try:
        expected = date(year, month, day)
    except ValueError:
        with pytest.raises(dates.ImpossibleDateError, match=str(year)):
            dates.parse(written)
    else:
        assert dates.parse(written) == dates.Moment(expected, None)


@pytest.mark.parametrize(
    "text",
    ["2024年2月30日", "20241301", "2024-13-01", "二〇二四年二月三十日", "2024年十三月一日", "2024-04-06 25:00", "2023-02-29 10:00:00"],
)  # fmt: skip
def test_impossible_dates_are_refused(text: str) -> None:
    with pytest.raises(dates.ImpossibleDateError):
        dates.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "无",
        "第12号",
        "2024-003",
        "138-0000-2024",
        "2024年4月",
        "二〇二四年",
        "0",
        "-1",
        "20240404123",
        "1234567",
    ],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert dates.parse(text) is None


@settings(max_examples=400, deadline=None)
@given(
    st.text(
        st.sampled_from("0123456789年月日-/.: TZ+上下午星期一二三十〇元号第") | st.characters(), max_size=40
    )
)
def test_any_text_gives_a_date_none_or_a_refusal(text: str) -> None:
    try:
        moment = dates.parse(text)
    except dates.ImpossibleDateError as error:
        assert str(error)
    else:
        assert moment is None or moment.at is None or moment.at.astimezone(SHANGHAI).date() == moment.on


def _page(card: str, head: str = "") -> bytes:
    return (
        f"<html><head><meta charset='utf-8'>{head}</head><body><table><tr><td>索引号</td><td>LJ-1</td>{card}</tr></table>"
        "<h1>关于某事的通知</h1><div id='zoom'><p>现将有关事项通知如下，请认真贯彻执行，确保取得实效。</p></div></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("card", "head", "codes"),
    [
        ("<td>成文日期</td><td>2031年2月30日</td>", "", ["impossible_date"]),
        ("<td>成文日期</td><td>二〇三一年四月</td>", "", ["unreadable_date"]),
        ("<td>成文日期</td><td>2031年4月</td>", "", ["unreadable_date"]),
        (
            "<td>成文日期</td><td>2031-03-09</td><td>发布日期</td><td>2031-03-05</td>",
            "",
            ["conflicting_dates"],
        ),
        (
            "<td>发布日期</td><td>2031-03-05</td>",
            "<meta name='PubDate' content='2031-03-06'>",
            ["conflicting_dates"],
        ),
        (
            "<td>实施日期</td><td>2031-05-01</td><td>废止日期</td><td>2030-05-01</td>",
            "",
            ["conflicting_dates"],
        ),
        ("<td>成文日期</td><td>2031-03-05</td><td>发布日期</td><td>2031-03-05</td>", "", []),
        ("<td>成文日期</td><td>无</td><td>发布日期</td><td></td>", "", []),
    ],
)
def test_impossible_and_contradictory_dates_are_problems(card: str, head: str, codes: list[str]) -> None:
    got = extract_page(_page(card, head), "https://linjiang.example.gov.cn/a.html", book=BOOK)
    assert sorted(p.code for p in got.problems) == codes
    assert all(p.field and p.value for p in got.problems)


@pytest.mark.parametrize(
    ("value", "term"),
    [
        ("2031年3月5日至2031年3月11日", True),
        ("2031年3月5日—3月11日", True),
        ("2031-03-05 09:00 - 2031-03-11 17:00", True),
        ("2031.03.05～03.11", True),
        ("2031年3月5日－11日", True),
        ("2031年3月5日", False),
        ("2031-03-05 10:20", False),
        ("2031年3月5日 - 临江市教育局", False),
        ("2031年2月30日至3月5日", False),
        ("20310305-20310311", True),
        ("2031年3月5日、6日", True),
        ("2031年3月5日和3月6日", True),
        ("2031年3月5日 2031年3月6日", True),
        ("2031-03-05/2031-03-06", True),
        ("2031年3月5日前", True),
        ("2031年3月5日 2031-03-05", False),
        ("2031-03-05 09:00-2031-03-05 17:00", False),
        ("2031-03-05 前进区教育局", False),
        ("五个工作日", False),
    ],
)
def test_a_span_of_days_is_no_day(value: str, term: bool) -> None:
    assert dates.is_term(value) is term


@pytest.mark.parametrize("zero", dates.ZEROS)
def test_every_zero_of_a_chinese_year(zero: str) -> None:
    moment = dates.whole(f"二{zero}三一年三月四日")
    assert moment is not None
    assert moment.on == date(2031, 3, 4)


@pytest.mark.parametrize(
    ("text", "on", "at"),
    [
        ("2031/3/29 5:05 PM", date(2031, 3, 29), datetime(2031, 3, 29, 9, 5, tzinfo=UTC)),
        ("2031/3/29 5:05:09 am", date(2031, 3, 29), datetime(2031, 3, 28, 21, 5, 9, tzinfo=UTC)),
        ("2031-03-29 12:30 AM", date(2031, 3, 29), datetime(2031, 3, 28, 16, 30, tzinfo=UTC)),
        ("2031-03-29 12:30 PM", date(2031, 3, 29), datetime(2031, 3, 29, 4, 30, tzinfo=UTC)),
        ("2031-03-29 24:00:00", date(2031, 3, 29), None),
        ("2031年3月29日24时00分", date(2031, 3, 29), None),
        ("2031―3―29", date(2031, 3, 29), None),
        ("/Date(1932480000000)/", date(2031, 3, 29), None),
        ("/Date(1932480000000+0800)/", date(2031, 3, 29), None),
    ],
)
def test_forms_that_other_software_writes(text: str, on: date, at: datetime | None) -> None:
    assert dates.parse(text) == dates.Moment(on, at)


def _signed(line: str) -> tuple[date | None, list[str]]:
    text = "<p>现将有关事项通知如下，请认真贯彻执行。</p><p>各单位要加强领导。</p>"
    page = f"<meta charset=utf-8><h1>关于某事的通知</h1><div id=zoom>{text}<p>临江市水利局</p><p>{line}</p></div>"
    got = extract_page(page.encode(), "https://linjiang.example.gov.cn/a.html", book=BOOK)
    assert got.disclosure is not None
    return got.disclosure.issued_on, [p.code for p in got.problems]


WRONG = {
    "2026年13月": "unreadable_date",
    "2026年13月1日": "impossible_date",
    "2026-02-30": "impossible_date",
    "2026年3月32日": "impossible_date",
    "二〇二六年元月初三": "unreadable_date",
    "农历二〇二六年正月初三": "unreadable_date",
    "丙午年正月初三": "unreadable_date",
    "2026.7": "unreadable_date",
    "2026-13": "unreadable_date",
    "2026年7月": "unreadable_date",
    "民国三十五年三月": "unreadable_date",
    "民国113年13月1日": "impossible_date",
    "26年3月1日": "unreadable_date",
    "26-03-01": "unreadable_date",
    "二六年三月一日": "unreadable_date",
}


@pytest.mark.parametrize("written", WRONG)
def test_what_is_no_day_is_a_problem_and_no_date(written: str) -> None:
    for label in ("成文日期", "发布日期"):
        page = _page(f"<td>{label}</td><td>{written}</td>")
        got = extract_page(page, "https://linjiang.example.gov.cn/a.html", book=BOOK)
        assert got.disclosure is not None
        assert (got.disclosure.issued_on, got.disclosure.published_on) == (None, None)
        assert [p.code for p in got.problems] == [WRONG[written]]
    assert _signed(written) == (None, [WRONG[written]])


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026年7月1日", date(2026, 7, 1)), ("共7页", None), ("电话：0000-12", None), ("第26期", None)],
)
def test_a_signature_that_is_none_is_no_problem(written: str, day: date | None) -> None:
    assert _signed(written) == (day, [])


@pytest.mark.parametrize(
    ("label", "written", "told"),
    [
        ("成文日期", "2031-03-07", ["issued_on"]),
        ("发布日期", "2031-03-07", ["published_on"]),
        ("发布日期", "2062-03-01", ["published_on"]),
        ("发布日期", "2031-03-06", []),
        ("发布日期", "2031-03-05", []),
        ("实施日期", "2032-01-01", []),
    ],
)
def test_a_day_ahead_is_a_problem(label: str, written: str, told: list[str]) -> None:
    read = extract_page(
        _page(f"<td>{label}</td><td>{written}</td>"), "https://linjiang.example.gov.cn/a.html", book=BOOK
    )
    at = datetime(2031, 3, 4, 20, 0, tzinfo=UTC)  # the 5th in Shanghai
    got = with_dates_ahead(read, at)
    assert got.disclosure == read.disclosure
    assert [p.field for p in got.problems if p.code == "date_ahead"] == told
