"""Documents that a page holds in a variable of a script alone, which its own script then shows."""

from __future__ import annotations

import json

import pytest

from archive.model import Extraction, PageKind
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK

RECORD = {
    "id": 17,
    "title": "关于加强河道采砂管理的通知",
    "publishDate": "2031-04-03 09:00:00",
    "fileNum": "临水〔2031〕15号",
    "publisher": "临江市水利局",
    "content": "<p>各区水利局：</p><p>为进一步规范河道采砂管理，维护河势稳定，现就有关事项通知如下。</p><p>特此通知。</p>",
}
NAV = "<ul><li><a href='/'>首页</a></li><li><a href='/zwgk/'>政务公开</a></li><li><a href='/hdjl/'>互动交流</a></li></ul>"
FOOT = "<div class='footer'><p>主办：临江市水利局　临ICP备05000001号</p></div>"


def read(script: str, shown: str = "") -> Extraction:
    page = f"<html><head><title>信息公开</title></head><body>{NAV}<div id='app'>{shown}</div>{FOOT}<script>{script}</script></body></html>"
    return extract_page(page.encode(), "https://slj.linjiang.example.gov.cn/detail.html?id=17", book=BOOK)


JSON = json.dumps(RECORD, ensure_ascii=False)


@pytest.mark.parametrize(
    "script",
    [
        f"var detail = {JSON};",
        f"let vm_data={JSON}",
        f"const article = {json.dumps({'code': 0, 'data': RECORD}, ensure_ascii=False)};\nnew Vue({{el: '#app'}});",
        f"var list = [1, 2];\nvar info = {json.dumps(RECORD)};",
        f"window.pageData = {JSON};",
    ],
)
def test_a_variable_is_read_where_the_page_shows_nothing(script: str) -> None:
    record = read(script).disclosure
    assert record is not None
    told = (record.title, record.document_number, record.issuing_body, str(record.published_on))
    assert told == (RECORD["title"], RECORD["fileNum"], RECORD["publisher"], "2031-04-03")
    assert (record.body_text or "").split("\n")[-1] == "特此通知。"


def test_what_the_page_shows_counts_before_a_variable() -> None:
    other = dict(RECORD, title="另一份关于某事的通知", fileNum="临水〔2030〕1号")
    shown = "<h1>关于开展汛前检查的通知</h1><div class='nr'><p>现将汛前检查有关事项通知如下，请认真组织实施。</p></div>"
    record = read(f"var hot = {json.dumps(other, ensure_ascii=False)};", shown).disclosure
    assert record is not None
    assert (record.title, record.document_number) == ("关于开展汛前检查的通知", None)


@pytest.mark.parametrize(
    "script",
    [
        f'var list = {{"rows": [{JSON}, {JSON}]}};',
        'var config = {"title": "临江市水利局", "content": "欢迎访问"};',
        "var a = {title: '某通知', content: '<p>没有引号的键</p>'};",
        'var a = {"title": "某通知", "content": "<p>断',
        'var menu = {"rows": [{"title": "首页", "url": "/"}]};',
    ],
)
def test_what_is_no_document_is_none(script: str) -> None:
    assert read(script).kind is not PageKind.DOCUMENT


LITERAL = "{id: 17, title: '关于加强河道采砂管理的通知', publishDate: '2031-04-03 09:00:00', fileNum: '临水〔2031〕15号', "
LITERAL += "publisher: '临江市水利局', content: '" + "<p>各区水利局：</p>" * 2000 + "<p>特此通知。</p>'}"


@pytest.mark.parametrize(
    "config",
    [
        f"{{SID: '1', DETAIL: {JSON}}}",
        f"{{SID: '1', DETAIL: {LITERAL}}}",
        f"{{\n SID: '1', // the site\n DETAIL: {JSON[:-1]},\n}},\n}}",
        f"JSON.parse({json.dumps(json.dumps({'SID': '1', 'DETAIL': RECORD}))})",
    ],
)
def test_the_detail_of_a_config_is_read_however_it_is_written(config: str) -> None:
    record = read(f"window._CONFIG = {config};").disclosure
    assert record is not None
    told = (record.title, record.document_number, record.issuing_body, str(record.published_on))
    assert told == (RECORD["title"], RECORD["fileNum"], RECORD["publisher"], "2031-04-03")
    assert (record.body_text or "").split("\n")[-1] == "特此通知。"


@pytest.mark.parametrize(
    "config",
    [
        "{SID: '1', DETAIL: null}",
        "{SID: '1', DETAIL: {title: '某通知', content: load(7)}}",
        "{TREE: [{name: 'DETAIL'}]}",
    ],
)
def test_a_config_without_a_text_is_no_document(config: str) -> None:
    assert read(f"window._CONFIG = {config};").kind is not PageKind.DOCUMENT
