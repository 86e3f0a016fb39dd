"""What markup does not mean must not change what is read: line ends, indents, comments, characters without width.

Every saved page is read as it is and rewritten; both must give the same. Templates of real sites differ in nothing
else as often: ``<!--发布时间-->2031-03-01``, React's ``发布时间：<!-- -->2031-03-01``, minified and indented markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from zlib import crc32

import pytest

from crawler.extract.characters import charset
from crawler.extract.page import extract_page
from crawler.saved_page import as_expected
from tests.crawler.test_saved_pages import BOOK, CASES

_APART = re.compile(
    r"(<script\b.*?</script>|<style\b.*?</style>|<pre\b.*?</pre>|<title\b.*?</title>|<!--.*?-->)",
    re.DOTALL | re.IGNORECASE,
)
_BLOCK = r"</?(?:div|p|table|tr|td|th|ul|ol|li|dl|dt|dd|h[1-6]|section|article|body|tbody|br|hr)\b[^>]*>"
PAGES = [(case, case / "page.html") for case in CASES if (case / "page.html").exists()]


def _line_ends(markup: str) -> str:
    return re.sub(r">[ \t\r\n]+<", ">\n<", re.sub(r"[ \t]*\r?\n[ \t]*", "\n", markup))


def _indented(markup: str) -> str:
    return re.sub(rf"({_BLOCK})", r"\n\t  \1\n\t  ", markup, flags=re.IGNORECASE)


def _minified(markup: str) -> str:
    return re.sub(rf"\s*({_BLOCK})\s*", r"\1", markup, flags=re.IGNORECASE)


def _commented(markup: str) -> str:
    return re.sub(r"(<(?:div|p|td|li|span|h1|a)\b[^>]*>)", r"<!-- x -->\1<!-- y -->", markup)


def _zero_width(markup: str) -> str:
    return re.sub(r">([^<>]+)(?=<)", lambda m: ">\ufeff" + "&#8203;".join(m[1][:3]) + m[1][3:], markup)


def _within(before: str, after: str, markup: str) -> str:
    """The page within tables that lay it out, as pages of the 2000s were made."""
    markup = re.sub(r"(<body\b[^>]*>)", lambda m: m[0] + before, markup, flags=re.IGNORECASE)
    return re.sub(r"</body\b", lambda m: after + m[0], markup, flags=re.IGNORECASE)


_in_a_cell = partial(_within, '<table width="1000" align="center"><tr><td>', "</td></tr></table>")
_beside_a_menu = partial(
    _within,
    '<table><tr><td width="200" valign="top"><table><tr><td><a href="/a/">机构职能</a></td></tr><tr><td><a href="/b/">政策'
    "文件</a></td></tr></table></td><td>",
    "</td></tr></table>",
)
_between_head_and_foot = partial(
    _within,
    '<table><tr><td><a href="/">首页</a> <a href="/zw/">政务公开</a></td></tr><tr><td><table><tr><td>',
    "</td></tr></table></td></tr><tr><td>主办：临江市人民政府 临ICP备05000001号</td></tr></table>",
)


_LABEL = re.compile(
    r"(?<=>)(\s*)(索\s*引\s*号|发文字号|文\s*号|发布机构|发文机关|成文日期|发布日期|发布时间|来源|主题分类|名\s*称)："
)


def _labels_apart(markup: str) -> str:
    """``<b>文号</b>：某发〔2031〕3号``."""
    return _LABEL.sub(r"\1<b>\2</b>：", markup)


def _in_html(rewrite: Callable[[str], str], markup: str) -> str:
    return "".join(p if i % 2 else rewrite(p) for i, p in enumerate(_APART.split(markup)))


@pytest.mark.parametrize(
    "rewrite", [_line_ends, _indented, _minified, _commented, _zero_width, _labels_apart]
)
def test_markup_without_meaning_changes_nothing(rewrite: Callable[[str], str]) -> None:
    changed = []
    for case, path in PAGES:
        url, text, plain = _as_it_is(case, path)
        other = as_expected(extract_page(_in_html(rewrite, text).encode(), url, book=BOOK))
        if plain != other:
            changed.append((f"{case.parent.name}/{case.name}", plain, other))
    assert not changed


@pytest.mark.parametrize("rewrite", [_in_a_cell, _beside_a_menu, _between_head_and_foot])
def test_tables_that_lay_out_the_page_change_nothing(rewrite: Callable[[str], str]) -> None:
    test_markup_without_meaning_changes_nothing(rewrite)


@cache
def _as_it_is(case: Path, path: Path) -> tuple[str, str, dict[str, object]]:
    text = charset.decode(path.read_bytes(), None).text
    text = re.sub(r"(<meta[^>]*charset=[\"']?)[\w-]+", r"\1utf-8", text, flags=re.IGNORECASE)
    url = json.loads((case / "meta.json").read_text("utf-8"))["url"]
    return url, text, as_expected(extract_page(text.encode(), url, book=BOOK))


def _read(inner: str) -> dict[str, object]:
    page = (
        "<html><head><title>某市</title></head><body><h1>关于开展防汛检查的通知</h1>"
        f"{inner}<div id='zoom'><p>各区水利局：</p><p>现将防汛检查有关事项通知如下，请认真执行。</p></div></body></html>"
    )
    record = as_expected(extract_page(page.encode(), "https://a.example.gov.cn/b.html", book=BOOK))["record"]
    assert isinstance(record, dict)
    return record


@pytest.mark.parametrize(
    "line",
    [
        "<div class='time'><!-- 发布时间 -->2031-03-01</div>",
        "<div class='time'><script>var a = 1;</script>2031-03-01</div>",
        "<div class='time'><span>发布时间：<!-- -->2031-03-01</span><!-- --><span>来源：<!-- -->某局</span></div>",
        "<div class='time'><span>发布时间：2031-03-01</span>\n<span>来源：某局</span></div>",
    ],
)
def test_a_day_is_read_whatever_stands_unseen_before_it(line: str) -> None:
    assert _read(line)["published_on"] == "2031-03-01"


def test_a_comment_in_front_of_a_link_that_says_nothing() -> None:
    """It was taken for an element with words."""
    files = _read("<div class='fj'>防汛预案：<!-- 附件 --><a href='/a/1.pdf'>下载</a></div>")["attachments"]
    assert files == [
        {"name": "防汛预案", "url": "https://a.example.gov.cn/a/1.pdf", "media_type": "application/pdf"}
    ]


def test_a_comment_between_the_rows_of_a_layout_table() -> None:
    read = _read(
        "<table><tr><td>来源：某局 发布时间：2031-03-01</td></tr><!-- 正文 --><tr><!-- x --><td>各区水利局，现将防汛检查"
        "有关事项通知如下，请认真组织实施，并于三月底前报送有关情况和检查结果。</td></tr></table>"
    )
    assert read["published_on"] == "2031-03-01"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("临江市水利局关于<br>\n  开展防汛检查的通知", "临江市水利局关于开展防汛检查的通知"),
        ("临江市水利局关于\n开展防汛检查的通知", "临江市水利局关于开展防汛检查的通知"),
        (
            "临江市水利局<br>临江市财政局<br>关于开展防汛检查的通知",
            "临江市水利局 临江市财政局关于开展防汛检查的通知",
        ),
    ],
)
def test_a_line_end_in_a_heading_is_no_space_but_between_two_offices(heading: str, title: str) -> None:
    page = f"<html><body><h1>{heading}</h1><div id='zoom'><p>各区水利局：现将防汛检查有关事项通知如下。</p></div></body></html>"
    record = as_expected(extract_page(page.encode(), "https://a.example.gov.cn/b.html", book=BOOK))["record"]
    assert record["title"] == title


_NAMES = re.compile(r"""\s(class|id)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
# What only a name tells in them: the part of a page with the one document meant, a bureau's logo from the title beside it.
_BY_NAME_ALONE = {
    "beihe-fgw/penalty-table",
    "jinrong-ju/hidden-twin",
    "linjiang-fayuan/title-opens-the-guessed-text",
    "linjiang-noise/pdf-link-only",
    "linjiang-noise/pdf-viewer-only",
    "linjiang-vue/heading-in-a-detail-header",
    "shells/file-with-an-icon",
}
_FIELDS = ("title", "index_number", "document_number", "issuing_body", "issued_on", "published_on")


def _unknown_names(markup: str) -> str:
    return _NAMES.sub(lambda m: f' {m[1]}="k{crc32(m[2].strip(chr(34)).encode()):x}"', markup)


def test_a_template_that_nobody_knows_is_read_as_well() -> None:
    """The saved pages with other ids and classes: the same kind of page, the same fields, the same sentences."""
    changed = []
    for case, path in PAGES:
        name = f"{case.parent.name}/{case.name}"
        url, text, plain = _as_it_is(case, path)
        if name in _BY_NAME_ALONE:
            continue
        other = as_expected(extract_page(_in_html(_unknown_names, text).encode(), url, book=BOOK))
        if _gist(plain) != _gist(other):
            changed.append((name, _gist(plain), _gist(other)))
    assert not changed


def _gist(read: dict[str, object]) -> list[object]:
    record = read["record"]
    if not isinstance(record, dict):
        return [read["kind"]]
    sentences = [line for line in record.get("body_text", ()) if line.endswith("。")]
    return [read["kind"], *(record.get(name) for name in _FIELDS), sentences]
