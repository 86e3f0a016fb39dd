"""What a page shows that may bring more of its list, where no way on from it was read: for ``sites add``. Pure.

<div id="pagination"></div>  ·  <div class="loading">正在加载…</div>
<li onclick="tab(2)">行政处罚</li> … function tab(k) { $("#c").load("/kind?k=" + k) }
"""

from __future__ import annotations

import re

from lxml import etree

from crawler.lists.row_groups import text_of
from crawler.scripts.handlers import handlers
from crawler.scripts.scan import LONGEST_FUNCTION, closing

_PAGER = re.compile(
    r"(?:^|[-_ ])(?:pages?|pager|paging|pagination|page[-_]?(?:nav|bar|box|list)|fenye|fanye)(?:$|[-_ ])"
)
_LOADING = re.compile(r"(?:正在)?(?:加载|载入)(?:中|更多)?[.…。\s]*")
_CALLED = re.compile(
    r"\s*(?:javascript\s*:)?\s*(?:return\s+)?([A-Za-z_$][\w$]{0,40})\s*\(([^()]{1,100})\)\s*;?\s*",
    re.IGNORECASE,
)
_LOADS = re.compile(r"\.\s*(?:load|get|post|getJSON|ajax)\s*\(|\bfetch\s*\(|\baxios\b|\bXMLHttpRequest\b")
_LEADS = re.compile(r"\blocation\b|\bopen\s*\(|\bsubmit\s*\(")
_TURNS = re.compile(r".*(?:[上下前后]一?页|[首尾末]页|更多|搜索|查询|查看|登录|注册|收藏|分享|打印|点赞).*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}|月")
_LONGEST_NAME = 14  # characters; titles of documents are longer
_CLICKED = ("a", "li", "span", "div", "button", "h2", "h3", "h4", "h5", "dt", "td", "p")


def empty_pager(root: etree._Element) -> str | None:
    """The name of an element that is called a pager and shows nothing, or the words of one that says that it loads; None without."""
    for element in root.iter("div", "ul", "p", "nav", "span", "td"):
        names = f"{element.get('id') or ''} {element.get('class') or ''}".strip().lower()
        words = text_of(element) if len(element) < 2 else "…"
        if words and _LOADING.fullmatch(words):
            return words
        if names and not words and not len(element) and _PAGER.search(names):
            return names
    return None


def loaded_by_clicks(root: etree._Element, text: str) -> list[str]:
    """The words of clicks that load something into the page, each something else, by one function: tabs, months that unfold."""
    calls: dict[str, dict[str, str]] = {}
    handled = handlers(text, root)
    for element in root.iter(*_CLICKED):
        call = _CALLED.fullmatch(element.get("onclick") or element.get("href") or "")
        code = call[1] if call is not None else handled.get(element)
        words = text_of(element) if code is not None and len(element) <= 2 else ""
        if code and len(words) <= _LONGEST_NAME and _CHINESE.search(words) and not _TURNS.fullmatch(words):
            calls.setdefault(code, {}).setdefault(words, call[2] if call is not None else words)
    for code, told in calls.items():
        if len(told) > 1 and len(set(told.values())) > 1 and _is_loading(_body(text, code)):
            return list(told)
    return []


def _body(text: str, code: str) -> str:
    """The body of a function by its name; of a handler, which it is."""
    defined = (
        re.search(rf"\bfunction\s+{re.escape(code)}\s*\([^()]{{0,200}}\)\s*\{{", text)
        if code.isidentifier()
        else None
    )
    if defined is None:
        return code
    return text[defined.end() : closing(text, defined.end(), defined.end() + LONGEST_FUNCTION)]


def _is_loading(body: str) -> bool:
    return _LOADS.search(body) is not None and _LEADS.search(body) is None
