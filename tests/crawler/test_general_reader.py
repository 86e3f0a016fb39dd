"""The last resort: a general reader proposes a text where known elements and the densest one give none, and only then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import trafilatura

from archive.model import Extraction, Severity
from crawler.extract.page import extract_page
from tests.crawler.test_saved_pages import BOOK
from tests.crawler.test_short_notices import BAR, FOOT, NAV, URL

ROOT = Path(__file__).parents[2]
TITLE = "关于做好2031年防汛抗旱工作的通知"
TEXT = (
    "各县（市、区）人民政府，市政府各部门：",
    "为做好2031年防汛抗旱工作，确保人民群众生命财产安全，现就有关事项通知如下。",
    "一、压实防汛责任，落实值班制度，重要情况及时报告。",
    "二、开展水库、堤防、涵闸的隐患排查，4月底前整改到位。",
    "临江市人民政府办公室",
    "2031年3月1日",
)
LINES = "".join(f"<p>{line}</p>" for line in TEXT)
HEAD = f"<h1>{TITLE}</h1>{BAR}"
TOOLS = "<p>字体：【大】【中】【小】　【打印】【关闭】　分享到：微信　浏览次数：17</p>"
NEIGHBOURS = "<p>上一篇：<a href=/t1.html>关于做好春耕工作的通知</a></p><p>下一篇：没有了</p>"
SAYING = (
    "<tr><td>索引号</td><td>A001/2031-00012</td><td>发布日期</td><td>2031-03-02</td></tr>"
    f"<tr><td>标题</td><td colspan=3>{TITLE}</td></tr>"
)
BODY = f"<div class=c1>{LINES}</div>"
FOUND = {
    "beside tools in a known element": f"<div class=m1>{HEAD}<div id=zoom>{TOOLS}</div>{BODY}</div>",
    "over neighbours in a known element": f"<div class=m1>{HEAD}{BODY}<div class=article-content>{NEIGHBOURS}</div></div>",
    "beneath a known element of the title": f"<div class=m1><div class=article-content>{HEAD}</div>{BODY}</div>",
    "beside tools between marks": f"<div class=m1>{HEAD}<div><!--ContentStart-->{TOOLS}<!--ContentEnd--></div>{BODY}</div>",
    "in a card, paragraphs": f"<table>{SAYING}<tr><td>公告内容</td><td colspan=3>{LINES}</td></tr></table>",
    "in a card, lines": f"<table>{SAYING}<tr><td>具体内容</td><td colspan=3>{'<br>'.join(TEXT)}</td></tr></table>",
}
# What else may stand on the page of a document that shows no text; some of it in the title's own words.
OTHERS = {
    "options": f"<select>{''.join(f'<option>{line}</option>' for line in TEXT)}</select>",
    "a field": "<textarea>" + "\n".join(TEXT) + "</textarea>",
    "buttons": "".join(f"<button>{line}</button>" for line in TEXT),
    "for browsers without scripts": f"<noscript>{LINES}</noscript>",
    "a template": f"<template>{LINES}</template>",
    "hidden": f"<div style='display:none'>{LINES}</div>",
    "links": "".join(f"<p><a href=/t{i}.html>{line}</a></p>" for i, line in enumerate(TEXT)),
    "an office": "<h3>机构职能</h3><p>临江市水利局负责全市水资源管理。</p><p>负责防汛抗旱工作，组织编制防御洪水方案。</p>",
    "readers": f"<h3>网友评论</h3><p>支持市政府{TITLE}，希望落到实处。</p><p>已经看到各部门行动起来了，给市政府点赞。</p>",
    "a vote": "<form><p>您对2031年防汛抗旱工作的通知是否满意？请选择一项并提交。</p><label><input type=radio>满意</label></form>",
    "an error": f"<p>您访问的《{TITLE}》不存在或已被删除，请返回首页继续浏览本站其他内容。</p>",
    "a login": f"<p>您尚未登录，《{TITLE}》需要登录后才能查看全文，请先登录。</p>",
    "an explanation's beginning": "<h3>政策解读</h3><p>现就2031年防汛抗旱工作作如下说明，请认真学习。</p><a href=/j.html>全文</a>",
    "another document": f"<h3>关于做好春季森林防火工作的通知</h3>{LINES.replace('2031年防汛抗旱', '春季森林防火')}",
    "a signed notice of the site": "<p>本网站将于3月8日升级，届时暂停服务，请提前安排。</p><p>临江市人民政府办公室</p><p>2031年3月1日</p>",
}


def _read(body: str) -> Extraction:
    page = f"<html><head><meta charset=utf-8><title>{TITLE}_临江市人民政府</title></head><body>{NAV}{body}{FOOT}</body></html>"
    return extract_page(page.encode(), URL, content_type="text/html; charset=utf-8", book=BOOK)


def _codes(read: Extraction) -> dict[str, Severity]:
    return {problem.code: problem.severity for problem in read.problems}


def _without_text(other: str) -> str:
    return (
        f"<div class=w><div class=m1>{HEAD}<div id=zoom>{TOOLS}</div></div><div class=r1>{other}</div></div>"
    )


@pytest.mark.parametrize("shape", FOUND)
def test_a_text_that_no_step_found(shape: str) -> None:
    read = _read(FOUND[shape])
    assert read.disclosure is not None
    assert (read.disclosure.title, read.disclosure.body_text) == (TITLE, "\n".join(TEXT))
    assert (str(read.disclosure.issued_on), read.disclosure.issuing_body) == (
        "2031-03-01",
        "临江市人民政府办公室",
    )
    assert _codes(read) == {"body_by_general_reader": Severity.INFO}


@pytest.mark.parametrize("other", OTHERS)
def test_what_is_no_text_of_the_document(other: str) -> None:
    read = _read(_without_text(OTHERS[other]))
    assert read.disclosure is not None
    assert (read.disclosure.title, read.disclosure.body_text) == (TITLE, None)
    assert _codes(read) == {"no_text": Severity.WARNING}


@pytest.mark.parametrize(
    "body",
    [
        f"<div class=m1>{HEAD}<div class=c1>{LINES}</div></div>",
        f"<div class=m1>{HEAD}<div class=article-content><img src=/a/1.jpg></div><div class=c1>{LINES}</div></div>",
        f"<div class=m1>{HEAD}<div id=zoom><p><a href=/a/1.pdf>附件.pdf</a></p></div></div>",
        "<div><p>对不起，您访问的页面不存在或已被删除！</p></div>",
    ],
    ids=["a text", "pictures", "a file", "soft 404"],
)
def test_it_is_asked_only_where_nothing_explains_that_there_is_no_text(
    body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(trafilatura, "bare_extraction", lambda *given, **named: asked.append(given))
    _read(body)
    assert not asked
    _read(_without_text(""))
    assert asked


@pytest.mark.parametrize("error", [RecursionError, ValueError, AttributeError, IndexError, ZeroDivisionError])
def test_its_errors_cost_no_more_than_the_text(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: Any, **named: Any) -> None:
        raise error("unexpected")

    monkeypatch.setattr(trafilatura, "bare_extraction", fail)
    read = _read(FOUND["in a card, lines"])
    assert read.disclosure is not None
    assert read.disclosure.title == TITLE
    assert _codes(read) == {"no_text": Severity.WARNING}


@pytest.mark.parametrize(
    "more",
    ["某" * 400_000, "<b></b>" * 6_000, "<table><tr><td colspan=1000 rowspan=1000>" * 3 + "某。" * 200],
)
def test_what_it_is_given_is_bounded(more: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    monkeypatch.setattr(trafilatura, "bare_extraction", lambda markup, **named: given.append(markup))
    _read(_without_text(f"<div hidden>{more}</div>"))
    assert all(len(markup) < 10_000 and "span=" not in markup for markup in given)


def test_it_is_loaded_when_it_is_asked() -> None:
    code = "import sys, crawler.extract.page as page; sys.exit('trafilatura' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
