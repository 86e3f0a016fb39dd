"""Other lists that a page opens: by a choice in a drop-down (部门, 年份), or by a link to what is older (历史文件). Pure.

<form action="list.jsp"><select name="dept" onchange="this.form.submit()"><option value="7">预算科  ·  <a href="ls/">2020年以前的文件</a>
$("#dept").change(function () { location.href = "list.do?dept=" + $(this).val() })
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.identity import url_key
from crawler.extract.links import absolute
from crawler.lists.row_dates import DATE
from crawler.lists.row_groups import ISSUE_ALONE, text_of
from crawler.lists.signposts import LIST_FILE, Signpost, nodes_linked
from crawler.outcomes import same_host
from crawler.paging import query_of, with_query
from crawler.scripts.calls import Functions
from crawler.scripts.handlers import handlers
from crawler.scripts.objects import names_page
from crawler.scripts.scan import LONGEST_FUNCTION, closing
from crawler.scripts.tabs import is_choice

_SUBMITS = re.compile(r"submit\s*\(", re.IGNORECASE)
_GOES = re.compile(
    r"location(?:\.href)?\s*=\s*(?:this\.|\w{1,20}\.)?(?:value\b|options\s*\[)|(?:open|assign|replace)\(\s*this\.",
    re.IGNORECASE,
)
_OF_DAYS = ("text", "date", "datetime-local", "search")
_TYPED = ("text", "search", "")  # inputs of a form that asks for words
# What opens all lists at once, and what tells how a list is shown
_ALL = re.compile(r"(?:全部|所有|不限|请?选择|全市|--).*|-*|综合")
# this.value, this.options[this.selectedIndex].value, $(this).val()
CHOSEN = re.compile(
    r"\bthis\s*(?:\.\s*options\s*)?(?:\[\s*this\s*\.\s*(?:options\s*\.\s*)?selectedIndex\s*\]\s*)?\.\s*(?:value|text)\b"
    r"|\$\(\s*this\s*\)\s*\.\s*val\s*\(\s*\)"
)
_OF_LAYUI = r"\.\s*on\(\s*[\"']select\({name}\)[\"']\s*,\s*function\s*\(\s*(\w{{1,20}})\s*\)\s*\{{"
_OF_A_VISIT = re.compile(r"token|csrf|viewstate|session", re.IGNORECASE)
_MOST = 40  # choices of one drop-down
_OLDER = re.compile(
    r"[^。]{0,12}(?:历史(?:文件|信息|数据|公告|资料|目录|记录|列表)|往年|往期|旧版|归档|存档|(?:年|月|日)[^。]{0,4}(?:以前|之前)|更早的)[^。]{0,10}"
)
_LONGEST = 24  # characters of a link to what is older


def chosen_address(option: etree._Element, url: str, code: str | None = None) -> str | None:
    """Where a choice in a drop-down leads that sends its form by GET; None for others.

    ``code``: what the choice does, where the drop-down does not state it.
    """
    select = next(option.iterancestors("select"), None)
    form = next(option.iterancestors("form"), None)
    name, value = (select.get("name") if select is not None else None), option.get("value")
    if form is None or not name or not value or (form.get("method") or "get").lower() != "get":
        return None
    inputs = list(form.iter("input"))
    if any(map(_is_typed, inputs)):
        return None
    stated = (select.get("onchange") or "") if select is not None else ""
    if not _SUBMITS.search(code or stated):
        return None
    address = absolute(url, form.get("action") or url)
    for one in inputs if address is not None else ():
        if (one.get("type") or "").lower() == "hidden" and one.get("name"):
            address = with_query(address or "", one.get("name") or "", one.get("value") or "")
    return with_query(address, name, value) if address is not None else None


def choices(root: etree._Element, url: str, text: str = "") -> list[Signpost]:
    """The lists among which a drop-down of a page chooses, one of which it shows; none where it can show all of them.

    Nor where the address states the choice. ``text``: the page, whose functions a choice may call: ``chooseYear(this.value)``.
    """
    functions = Functions(text, root, url) if text else None
    changes = handlers(text, root, of_changes=True) if text else {}
    for select, options in _drop_downs(root):
        if (select.get("name") or "") in query_of(url):
            continue
        code = select.get("onchange") or _of_changes(select, changes, text)
        led = [_led(option, code, functions, url) for _, option in options]
        found = [
            Signpost(words, address)
            for (words, _), address in zip(options, led, strict=True)
            if address is not None
        ]
        addresses = {url_key(post.url) for post in found if same_host(url, post.url)}
        if len(addresses) == len(options) and url_key(url) not in addresses:
            return found
    return []


def posted_choices(root: etree._Element, url: str) -> list[tuple[str, str, dict[str, str]]]:
    """(words, address, form) of the lists among which a drop-down chooses that sends its form by POST; see :func:`choices`."""
    for select, options in _drop_downs(root):
        form, name = next(select.iterancestors("form"), None), select.get("name")
        if form is None or not name or (form.get("method") or "").lower() != "post":
            continue
        address, inputs = absolute(url, form.get("action") or url), list(form.iter("input"))
        sends = _SUBMITS.search(select.get("onchange") or "") is not None
        if address is None or not sends or not same_host(url, address) or any(map(_is_typed, inputs)):
            continue
        hidden = {str(one.get("name")): one.get("value") or "" for one in inputs if one.get("name")}
        if not any(_OF_A_VISIT.search(key) for key in hidden):
            return [
                (words, address, {**hidden, name: option.get("value") or words}) for words, option in options
            ]
    return []


def open_choices(root: etree._Element, url: str) -> list[str]:
    """The options of a drop-down that may choose another list than the one at ``url``, which states none of them.

    Those of a search form, and the ways to other sites, choose none.
    """
    stated = query_of(url)
    for select, options in _drop_downs(root):
        form = next(select.iterancestors("form"), None)
        values = [option.get("value") or words for words, option in options]
        elsewhere = any("://" in value and not same_host(url, value) for value in values)
        named = {select.get("name"), select.get("id")} & set(stated) or set(values) & set(stated.values())
        if not elsewhere and not named and (form is None or not any(map(_is_typed, form.iter("input")))):
            return [words for words, _ in options]
    return []


def bounds_typed(root: etree._Element, url: str) -> list[tuple[str, str]]:
    """(name, day) of the fields of a page's forms in which a day stands that the address does not state: the list may end there."""
    fields = (
        one
        for form in root.iter("form")
        for one in form.iter("input")
        if (one.get("type") or "text").lower() in _OF_DAYS
    )
    held = ((one.get("name") or "", (one.get("value") or "").strip()) for one in fields)
    return [(name, day) for name, day in held if name and name not in query_of(url) and DATE.fullmatch(day)]


def _drop_downs(root: etree._Element) -> Iterator[tuple[etree._Element, list[tuple[str, etree._Element]]]]:
    """Drop-downs whose options name lists, none of which is all of them."""
    for select in root.iter("select"):
        options = [(text_of(option), option) for option in select.iter("option")]
        named = all(is_choice(words) and not _ALL.fullmatch(words) for words, _ in options)
        if 1 < len(options) <= _MOST and named:
            yield select, options


def _led(option: etree._Element, code: str, functions: Functions | None, url: str) -> str | None:
    """Where a choice leads: its value, its form, or what a function of the page opens that is handed the value."""
    value = option.get("value")
    if _GOES.search(code) is not None:
        return absolute(url, value)
    address = chosen_address(option, url, code)
    if address is not None or functions is None or not value or not CHOSEN.search(code):
        return address
    effect = functions.effect_of(CHOSEN.sub(lambda _: json.dumps(value, ensure_ascii=False), code))
    return absolute(url, effect.address) if effect is not None else None


def _of_changes(select: etree._Element, changes: Mapping[etree._Element, str], text: str) -> str:
    """What the page's scripts do when another option is chosen, with that as this.value; nothing where they do nothing.

    form.on("select(dept)", function (data) { location.href = "list.do?dept=" + data.value }) of layui
    """
    code, name = changes.get(select, ""), re.escape(select.get("lay-filter") or "")
    layui = _OF_LAYUI.format(name=name) if name else ""
    if layui and (set_on := re.search(layui, text)) is not None:
        code = text[set_on.end() : closing(text, set_on.end(), set_on.end() + LONGEST_FUNCTION)]
        code = re.sub(rf"(?<![\w$.]){set_on[1]}\.value(?![\w$])", "this.value", code)
    own = re.escape(select.get("id") or "")
    return re.sub(rf"\$\(\s*[\"']#{own}[\"']\s*\)\s*\.\s*val\s*\(\s*\)", "this.value", code) if own else code


def _is_typed(one: etree._Element) -> bool:
    return (one.get("type") or "").lower() in _TYPED


def lists_beside(
    root: etree._Element, url: str, listed: Collection[str], text: str = "", way_on: str | None = None
) -> list[Signpost]:
    """Links, also of a tree in the page's scripts (``text``), to lists of which the page shows one, if it is no list of them all.

    They ask for the page with one parameter more, by which they differ: ``?bm=1`` 发改局, ``?bm=2`` 财政局. None where the page is
    what a link to all of them leads to (全部). Or they lead to directories in its own, of which one holds all that it lists: the
    page /bmwj/ lists what lies in /bmwj/fgj/, and links /bmwj/czj/. Or they are issues of the gazette of which it shows one.
    ``listed``: keys of the page's rows. ``way_on``: its second page, which tells of which list it shows the first one:
    /xxgk/ that leads on to list.jsp?bm=1&page=2.
    """
    ways = [
        Signpost(words, address)
        for words, href in (*((text_of(a), a.get("href")) for a in root.iter("a")), *_of_nodes(text))
        if (address := absolute(url, href)) is not None
    ]
    if any(url_key(way.url) == url_key(url) and _ALL.fullmatch(way.words) for way in ways):
        return []
    unlisted = [way for way in ways if url_key(way.url) not in listed and same_host(url, way.url)]
    others = [way for way in unlisted if is_choice(way.words)]
    return (
        _by_parameter(others, urlsplit(url).path, query_of(url))
        or _beside_begun(others, url, way_on)
        or _beneath(others, url, listed, way_on)
        or _issues(unlisted, url)
    )


def _of_nodes(text: str) -> Iterator[tuple[str, str]]:
    return ((words, address) for words, address, _ in nodes_linked(text))


def _by_parameter(ways: Iterable[Signpost], path: str, own: Mapping[str, str]) -> list[Signpost]:
    """Those that ask for ``path`` with what is ``own`` and one parameter more, by which they differ."""
    found = dict[str, dict[str, Signpost]]()
    for way in ways:
        asked = query_of(way.url)
        more = [name for name in asked if name not in own]
        same = urlsplit(way.url).path == path and own.items() <= asked.items()
        if same and len(more) == 1 and asked[more[0]] and not names_page(more[0]):
            found.setdefault(more[0], {}).setdefault(asked[more[0]], way)
    return next((list(posts.values()) for posts in found.values() if len(posts) > 1), [])


def _beside_begun(ways: Iterable[Signpost], url: str, way_on: str | None) -> list[Signpost]:
    """The list whose first page an index shows, and those that differ from it by one value; all lie in the index's directory.

    It may be any of those that are linked, where no second page tells which.
    """
    home, own_path = urljoin(url, "."), urlsplit(url).path
    if urlsplit(home).path == "/" or LIST_FILE.search(own_path) is None:
        return []
    near = [way for way in ways if way.url.startswith(home) and urlsplit(way.url).path != own_path]
    path, asked = urlsplit(way_on or "").path, query_of(way_on or "").items()
    for way in near:
        own, at = query_of(way.url), urlsplit(way.url).path
        if way_on is not None and not (at == path and own.items() <= asked):
            continue
        for name in own:
            rest = {other: value for other, value in own.items() if other != name}
            if found := _by_parameter(near, at, rest):
                return found
    return []


def _beneath(
    ways: Iterable[Signpost], url: str, listed: Collection[str], way_on: str | None
) -> list[Signpost]:
    """Those that lead to directories in the page's own, one of which holds all rows of the page, or its second page.

    That one is left out.
    """
    home = url_key(urljoin(url, "."))
    found = dict[str, Signpost]()
    for way in ways:
        directory = url_key(urljoin(way.url, "."))
        inner = directory.removeprefix(home) if directory.startswith(home) else ""
        if inner.count("/") == 1 and LIST_FILE.search(urlsplit(way.url).path):
            found.setdefault(directory, way)
    led = url_key(way_on) if way_on is not None else ""
    held = [led] if led.startswith(tuple(found)) else list(listed)
    shown = [one for one in found if held and all(address.startswith(one) for address in held)]
    if urlsplit(home).path == "/" or not shown:
        return []
    return [way for directory, way in found.items() if directory not in shown]


def _issues(ways: Iterable[Signpost], url: str) -> list[Signpost]:
    """Issues of a gazette that lie where the page does, or beneath: 2031年第2期, on the page of the newest."""
    home = url_key(urljoin(url, "."))
    found = {
        key: way
        for way in ways
        if ISSUE_ALONE.fullmatch(way.words)
        and (key := url_key(way.url)).startswith(home)
        and key != url_key(url)
    }
    return list(found.values()) if urlsplit(home).path != "/" and len(found) > 1 else []


def older_lists(root: etree._Element, url: str, listed: Collection[str]) -> list[Signpost]:
    """The lists of older documents that a list links: 历史文件, 2020年以前的文件. ``listed``: keys of the page's rows."""
    found: dict[str, Signpost] = {}
    for link in root.iter("a"):
        address = absolute(url, link.get("href"))
        if address is None or not same_host(url, address) or url_key(address) in {*listed, url_key(url)}:
            continue
        words = text_of(link) or (link.get("title") or "").strip()
        if len(words) <= _LONGEST and _OLDER.fullmatch(words) and address.startswith(urljoin(url, ".")):
            found.setdefault(url_key(address), Signpost(words, address))
    return list(found.values())
