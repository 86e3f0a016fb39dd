"""Pages that end in their middle though every header is right: what is not there was not taken away."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fake_sites.editable import LoopbackSite, collect, configure, content

PAGE = "/zw/t20260101_0.html"
HTML = {"Content-Type": "text/html; charset=utf-8"}
LONG = "".join(f"<p>第{n}条　各单位应当按时报送第{n}号材料。</p>" for n in range(1, 40))


@pytest.fixture
def office(site: Callable[..., LoopbackSite]) -> LoopbackSite:
    one = site(3)
    one.pages[PAGE] = LONG
    return one


def whole(office: LoopbackSite) -> bytes:
    return LoopbackSite.answer(office, PAGE, 20)[2]


def beginning(body: bytes, part: float, more: int = 0) -> bytes:
    """About that part of a page, cut between two characters; ``more`` paragraphs more."""
    end = body.rindex(b"<p>", 0, int(len(body) * part))
    for _ in range(more):
        end = body.index(b"<p>", end + 1)
    return body[: end + len("<p>第".encode())]


def answer_with(office: LoopbackSite, cut: Callable[[int, bytes], bytes]) -> None:
    """From now on the page is what ``cut`` makes of it; it is told how often the page has been asked for."""
    times = iter(range(99))

    def answer(path: str, per_page: int) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = LoopbackSite.answer(office, path, per_page)
        return status, headers, cut(next(times), body) if path == PAGE else body

    office.answer = answer  # type: ignore[method-assign]


def test_a_page_that_is_cut_for_days_is_no_edit(office: LoopbackSite, tmp_path: Path) -> None:
    command = configure(tmp_path, office)
    assert collect(command)[0] == 0
    before = content(tmp_path)
    for part in (0.4, 0.9):
        answer_with(office, lambda _, body, part=part: beginning(body, part))  # type: ignore[misc]
        report = collect(command, "--full")[1]
        assert (report["edited"], report["removed"], report["missing"]) == (0, 0, 0), report
    assert content(tmp_path) == before
    answer_with(office, lambda _, body: body.replace("第7号材料".encode(), "第77号材料".encode()))
    assert collect(command, "--full")[1]["edited"] == 1


def test_a_page_that_is_cut_once_is_asked_for_again(office: LoopbackSite, tmp_path: Path) -> None:
    command = configure(tmp_path, office)
    answer_with(office, lambda times, body: body if times else beginning(body, 0.5))
    assert collect(command)[0] == 0
    assert office.hits[PAGE] == 2
    first = content(tmp_path)
    answer_with(office, lambda _, body: body)
    assert collect(command, "--full")[1]["edited"] == 0
    assert content(tmp_path) == first


def test_a_page_that_ends_elsewhere_each_time_has_failed(office: LoopbackSite, tmp_path: Path) -> None:
    command = configure(tmp_path, office)
    answer_with(office, lambda times, body: beginning(body, 0.5, times))
    status, report = collect(command)
    assert (status != 0, report["failed"], report["baseline"]) == (True, 1, 2), report


def test_a_template_without_an_end_is_read_and_its_cuts_at_the_foot_are_edits(
    office: LoopbackSite, tmp_path: Path
) -> None:
    command = configure(tmp_path, office)
    answer_with(office, lambda _, body: body.replace(b"</body></html>", b""))
    assert collect(command)[0] == 0
    office.pages[PAGE] = LONG[: LONG.index("<p>第30条")]
    assert collect(command, "--full")[1]["edited"] == 1


def test_a_deflate_stream_cut_short_has_failed(office: LoopbackSite, tmp_path: Path) -> None:
    command = configure(tmp_path, office)
    assert collect(command)[0] == 0
    coded = zlib.compress(whole(office), 1)
    office.answers[PAGE] = (200, {**HTML, "Content-Encoding": "deflate"}, coded[: len(coded) * 2 // 3])
    report = collect(command, "--full")[1]
    assert (report["edited"], report["failed"]) == (0, 1), report
