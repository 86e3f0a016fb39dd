"""Right text or a refusal, whatever headers and meta tags claim."""

from __future__ import annotations

import codecs
import contextlib
import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import PageKind
from crawler.extract.characters.charset import decode
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page

TEXT = (
    "临江市人民政府办公室关于印发工作规则的通知。各区、县人民政府，市政府各部门：现将工作规则印发给你们，请遵照执行。"
    * 3
)


def page(charset: str | None = None) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    return f"<html><head>{meta}<title>通知</title></head><body><p>{TEXT}</p></body></html>"


# What a page is, what it says of itself, what the server says of it: every combination.
ENCODINGS = ("utf-8", "gbk", "gb2312", "gb18030", "big5", "utf-16-le", "utf-16-be")
CLAIMS = (
    None,
    "utf-8",
    "gbk",
    "gb2312",
    "gb18030",
    "big5",
    "utf-16",
    "iso-8859-1",
    "windows-1252",
    "nonsense",
)
TEXTS = {
    "simplified": "关于印发临江市防汛工作方案的通知。各县（市、区）人民政府：现将有关事项通知如下，请认真贯彻执行。",
    "traditional": "關於印發臨江市防汛工作方案的通知。各縣（市、區）人民政府：現將有關事項通知如下，請認真貫徹執行。",
    "short": "关于做好工作的通知",
    "rare": "关于镕、喆、䶮等字的通知：现将有关事项通知如下，请认真贯彻执行。㐀𠀀",
    "one word": "联通",
    "ascii": "Notice No. 5 of 2031-01-02, see the attachment.",
}
MARKS = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


def _matrix() -> Iterator[tuple[str, str, bytes, str]]:
    """(encoding, text, bytes, the page) of everything that an encoding can write, with and without a mark."""
    for encoding, text, meta in itertools.product(ENCODINGS, TEXTS.values(), CLAIMS):
        tag = f'<meta charset="{meta}">' if meta else ""
        shown = f"<html><head>{tag}<title>{text[:12]}</title></head><body><p>{text}</p></body></html>"
        with contextlib.suppress(UnicodeEncodeError):
            body = shown.encode(encoding)
            yield encoding, text, body, shown
            if encoding in MARKS:
                yield encoding, text, MARKS[encoding] + body, shown


@pytest.mark.parametrize("header", CLAIMS)
def test_matrix_of_lies(header: str | None) -> None:
    content_type = f"text/html; charset={header}" if header else "text/html"
    wrong, refused, right = [], 0, 0
    for encoding, text, body, shown in _matrix():
        got = decode(body, content_type)
        if got.encoding is None:
            assert [p.code for p in got.problems] == ["mojibake"]
            refused += 1
        elif got.text != shown:
            wrong.append((encoding, text, body[:60], got))
        else:
            right += 1
    assert not wrong, wrong[:3]
    assert refused == 0
    assert right > 300


@pytest.mark.parametrize("wrongly", ["gb18030", "big5", "latin-1", "cp1252"])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_text_that_a_site_has_misread_itself_is_refused(encoding: str, wrongly: str) -> None:
    for text in (TEXTS["simplified"], TEXTS["simplified"] * 20):
        spoiled = text.encode(encoding).decode(wrongly, errors="replace").replace("\ufffd", "")
        if spoiled == text:
            continue  # GBK read as GB 18030
        got = decode(f"<html><body><p>{spoiled}</p></body></html>".encode(), "text/html; charset=utf-8")
        assert got.encoding is None, spoiled[:40]
        assert [p.code for p in got.problems] == ["mojibake"]


def test_a_value_that_a_site_has_misread_refuses_the_page() -> None:
    book = FieldBook.load(Path(__file__).parents[2] / "config" / "fields.yml")
    spoiled = "关于做好防汛工作的通知".encode().decode("gb18030", errors="ignore")
    shown = f"<html><body><h1>{spoiled}</h1><div id='zoom'><p>{TEXT}</p></div></body></html>"
    got = extract_page(shown.encode(), "https://www.linjiang.example.gov.cn/a.html", book=book)
    assert got.kind is PageKind.UNREADABLE
    assert got.disclosure is None
    assert "mojibake" in {p.code for p in got.problems}


@pytest.mark.parametrize("body", [bytes(4096), b"\x00 " * 99, bytes(99) + b"<p>1</p>"])
def test_a_page_of_zeros_is_decided_at_once(body: bytes) -> None:
    """As a file whose blocks were never written is served: its spaces were tried in 2^128 ways."""
    started = time.process_time()
    decode(body, None)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_of_nothing_but_one(encoding: str) -> None:
    shown = f"<html><body><p>{'一' * 200}</p></body></html>"
    assert decode(shown.encode(encoding), None).text == shown


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(CLAIMS))
def test_any_bytes_give_text_or_a_refusal(body: bytes, header: str | None) -> None:
    got = decode(body, f"text/html; charset={header}" if header else None)
    if got.encoding is not None and not got.problems:
        assert "\ufffd" not in got.text or "\ufffd".encode(got.encoding) in body


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        st.sampled_from("的一是了我不人在他有这中大来上国通知公告办法规定工作要求执行管理"),
        min_size=24,
        max_size=200,
    ).filter(lambda text: len(set(text)) > 9),  # 不不不了公办告国 in GBK is as good a text in Big5
    st.sampled_from(["utf-8", "gbk", "gb18030", "utf-16-le"]),
    st.sampled_from(CLAIMS),
)
def test_chinese_survives_any_claim(text: str, encoding: str, header: str | None) -> None:
    shown = f"<html><body><p>{text}</p></body></html>"
    got = decode(shown.encode(encoding), f"text/html; charset={header}" if header else None)
    assert got.text == shown


def test_declared_big5_is_believed() -> None:
    text = "關於公布實施細則之公告，請各機關依照辦理。" * 5
    got = decode(text.encode("big5"), "text/html; charset=big5")
    assert got.text == text


def test_double_encoded_text_is_refused() -> None:
    for body in (
        TEXT.encode("utf-8").decode("latin-1").encode("utf-8"),
        TEXT.encode("utf-8").decode("gb18030", errors="replace").encode("utf-8"),
        TEXT.encode("gbk").decode("latin-1").encode("utf-8"),
    ):
        got = decode(body, "text/html; charset=utf-8")
        assert got.encoding is None, got.text[:40]
        assert [p.code for p in got.problems] == ["mojibake"]


def test_a_broken_place_is_reported_not_hidden() -> None:
    body = page("utf-8").encode()
    at = body.index("通知".encode())
    got = decode(body[: at + 1] + body[at + 3 :], None)
    assert got.encoding == "utf-8"
    assert "\ufffd" in got.text
    assert [p.code for p in got.problems] == ["undecodable_bytes"]


def test_noise_is_refused() -> None:
    got = decode(bytes(range(128, 256)) * 40, None)
    assert got.encoding is None
    assert [p.code for p in got.problems] == ["mojibake"]


def test_a_page_about_mojibake_is_not_mojibake() -> None:
    got = decode((page("utf-8") + "<p>显示“锟斤拷”时请刷新</p>").encode(), None)
    assert got.encoding == "utf-8"


def test_cut_utf8_is_not_taken_for_gbk() -> None:
    for cut in range(1, 7):
        body = page().encode()
        at = body.index("办公室".encode())
        got = decode(body[:at] + body[at + cut :], "text/html; charset=gbk")
        assert got.encoding in ("utf-8", None)
        assert "锛" not in got.text


@pytest.mark.parametrize(("broken", "told"), [(20, "undecodable_bytes"), (21, "mojibake")])
def test_a_page_with_many_undecodable_places_is_not_read(broken: int, told: str) -> None:
    body = "关于印发管理办法的通知，各单位应当认真贯彻执行。".encode() * 400
    got = decode(body + b"\xe5 " * broken + body, "text/html; charset=utf-8")
    assert (got.encoding is None) is (told == "mojibake")
    assert [p.code for p in got.problems] == [told]


@pytest.mark.parametrize("encoding", ["gbk", "big5"])
def test_queries_are_written_out_in_the_pages_own_character_set(encoding: str) -> None:
    """Browsers send them so, and a server of that character set understands no other."""
    said = "關於印發管理辦法的通告" if encoding == "big5" else "关于印发管理办法的通告"
    page = (
        f'<meta charset="{encoding}"><p>{said * 20}</p><a href="show.asp?lm={said}&id=3#{said}">{said}?{said}</a>'
        f"<a href=b.asp?lm={said} title={said}>{said}</a><a href='/{said}.html'>{said}</a>"
    )
    text = decode(page.encode(encoding), None).text
    sent = quote(said.encode(encoding))
    assert f'href="show.asp?lm={sent}&id=3#{said}">{said}?{said}</a>' in text
    assert f"href=b.asp?lm={sent} title={said}>" in text
    assert f"href='/{said}.html'" in text
    assert decode(page.encode("utf-8"), None).text == page


def test_many_links_without_an_end_cost_little() -> None:
    page = "中文公告的内容" * 50 + "src=?" * 40_000 + "中"
    assert decode(page.encode("gbk"), "text/html; charset=gbk").encoding == "gb18030"
