"""What a page shows that may bring more of its list, where no way on from it was read: for ``sites add``. Pure.

<div id="pagination"></div>  ·  <el-pagination :total="total">  ·  <ul class="ztree"></ul>  ·  <div class="loading">正在加载…</div>
<li onclick="tab(2)">行政处罚</li> … function tab(k) { $("#c").load("/kind?k=" + k) }
"""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from crawler.extract.tree import names_of
from crawler.lists.form_pagers import is_disabled
from crawler.lists.row_groups import text_of
from crawler.scripts.handlers import handlers
from crawler.scripts.scan import LONGEST_FUNCTION, closing
from crawler.scripts.trees import nodes_in

_PAGER = re.compile(
    r"(?:^|[-_ ])(?:pages?|pager|paging|pagination|page[-_]?(?:nav|bar|box|list)|fenye|fanye)(?:$|[-_ ])"
)
_COMPONENT = re.compile(r"page|(?:[a-z\d]+-)?(?:pager|pagination)")  # the tag of one
_TREE = re.compile(r"(?:^|[-_ ])(?:z|d|x|js|easyui-|layui-)?tree(?:view)?(?:$|[-_ ])")
_LOADING = re.compile(r"(?:正在)?(?:加载|载入)(?:中|更多)?[.…。\s]*")
_CALLED = re.compile(
    r"\s*(?:javascript\s*:)?\s*(?:return\s+)?([A-Za-z_$][\w$]{0,40})\s*\(([^()]{1,100})\)\s*;?\s*",
    re.IGNORECASE,
)
_LOADS = re.compile(r"\.\s*(?:load|get|post|getJSON|ajax)\s*\(|\bfetch\s*\(|\baxios\b|\bXMLHttpRequest\b")
_LEADS = re.compile(r"\blocation\b|\bopen\s*\(|\bsubmit\s*\(")
_TURNS = re.compile(r".*(?:[上下前后]一?页|[首尾末]页|更多|搜索|查询|查看|登录|注册|收藏|分享|打印|点赞).*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}|月")
_NOWHERE = re.compile(r"#|javascript:", re.IGNORECASE)
_MORE = re.compile(r"(?:点击|查看|加载|显示|展开)*(?:更多|全部|下一页)[.…>»\s]*")
_GOES_ON = re.compile(
    r"\s*(?:javascript\s*:)?\s*(?:[\w$]{1,20}\.)?(?:next|more|load|getMore|showMore)(?:page|more|list|data)?\s*\(",
    re.IGNORECASE,
)
_LISTENS = re.compile(r"\.\s*addEventListener\s*\(\s*[\"'](?:click|scroll)[\"']\s*,[^{;]{1,60}\{")
_MOST_LISTENERS = 20
_LONGEST_NAME = 14  # characters; titles of documents are longer
_BOXES = ("div", "ul", "p", "nav", "span", "td")
_TABS = ("a", "li", "dt", "dd")
_CLICKED = ("a", "li", "span", "div", "button", "h2", "h3", "h4", "h5", "dt", "td", "p")


def empty_pager(root: etree._Element) -> str | None:
    """The name of an element that is called a pager and shows nothing, or the words of one that says that it loads; None without."""
    for element in root.iter():
        component = isinstance(element.tag, str) and _COMPONENT.fullmatch(element.tag) is not None
        if not component and element.tag not in _BOXES:
            continue
        names = element.tag if component else names_of(element).strip().lower()
        words = text_of(element) if len(element) < 2 else "…"
        if words and _LOADING.fullmatch(words):
            return words
        if names and not words and not len(element) and (component or _PAGER.search(names)):
            return names
    return None


def empty_tree(root: etree._Element, text: str) -> str | None:
    """The name of an element that is called a tree and shows nothing, where no script of the page holds its nodes."""
    named = (
        names_of(e).strip().lower() for e in root.iter("ul", "ol", "div") if not len(e) and not text_of(e)
    )
    found = next(filter(_TREE.search, named), None)
    return found if found is not None and next(nodes_in(text), None) is None else None


def unread_way(root: etree._Element, text: str) -> str | None:
    """What a short list's page offers that only a script of which nothing was read answers; None where it offers nothing.

    <a href="javascript:;" title="加载更多">  ·  <a onclick="nextPage()"><img src="next.png"></a>  ·  <a href="#t2">规范性文件</a> without
    a #t2  ·  tabs.addEventListener("click", function () { fetch(…) })
    """
    named = {
        element.get("id") for element in root.iter() if isinstance(element.tag, str) and element.get("id")
    }
    tabs = []
    for element in root.iter("a", "button", "span", "div"):
        href = (element.get("href") or "").strip()
        if (href and not _NOWHERE.match(href)) or _does_nothing(element):
            continue
        if element.tag != "a" and next(element.iter("a"), None) is not None:
            continue  # the link in it is looked at
        labels = [
            text_of(element),
            *(one.get("title") or one.get("alt") or "" for one in element.iter("a", "button", "img")),
        ]
        if any(map(_MORE.fullmatch, labels)) or _GOES_ON.match(element.get("onclick") or href):
            return next(filter(None, labels), element.get("onclick") or href)
        if len(href) > 1 and href[0] == "#" and href[1:] not in named and _CHINESE.search(labels[0]):
            tabs.append(labels[0])
    if len(set(tabs)) > 1:
        return tabs[0]
    for found in islice(_LISTENS.finditer(text), _MOST_LISTENERS):
        if _is_loading(text[found.end() : closing(text, found.end(), found.end() + LONGEST_FUNCTION)]):
            return found.group()
    return None


def _does_nothing(element: etree._Element) -> bool:
    """Whether an element, or the item of a pager that it stands in, is shown as disabled: 下一页 of a list of one page."""
    around = element.getparent()
    return is_disabled(element) or (
        around is not None and around.tag in ("li", "span") and is_disabled(around)
    )


def loaded_by_clicks(root: etree._Element, text: str) -> list[str]:
    """The words of clicks that load something into the page, each something else, by one function: tabs, months that unfold.

    The first tab may do nothing, as what it would load is shown.
    """
    calls: dict[str, dict[str, str]] = {}
    handled = handlers(text, root)
    for element in root.iter(*_CLICKED):
        call = _CALLED.fullmatch(element.get("onclick") or element.get("href") or "")
        code = call[1] if call is not None else handled.get(element)
        words = text_of(element) if code is not None and len(element) <= 2 else ""
        if code and len(words) <= _LONGEST_NAME and _CHINESE.search(words) and not _TURNS.fullmatch(words):
            told = calls.setdefault(code, {})
            if not told and (shown := _named_before(element)):
                told[shown] = ""
            told.setdefault(words, call[2] if call is not None else words)
    for code, told in calls.items():
        if len(told) > 1 and len(set(told.values())) > 1 and _is_loading(_body(text, code)):
            return list(told)
    return []


def _named_before(element: etree._Element) -> str | None:
    """The name that stands right before a click on an element like it, and leads nowhere itself: <li>规章</li><li onclick="tab(2)">."""
    before = element.getprevious()
    if before is None or before.tag != element.tag or element.tag not in _TABS:
        return None
    if before.get("onclick") or len(before):
        return None
    words = text_of(before)
    leads = (before.get("href") or "").strip() and not _NOWHERE.match((before.get("href") or "").strip())
    fits = len(words) <= _LONGEST_NAME and _CHINESE.search(words) and not _TURNS.fullmatch(words)
    return words if fits and not leads else None


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
