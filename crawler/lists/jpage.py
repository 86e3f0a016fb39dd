"""What Hanweb's JCMS puts on a page for its scripts: jpage calls, datastores, units of the jpaas gateway. Pure functions.

The forms read here, from real pages::

    <div id="6101313"><script type="text/xml"><datastore>
      <nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&columnid=…&unitid=…"></a>]]></nextgroup>
      <recordset><record><![CDATA[<li><a href="/art/2020/8/14/art_1229179150_1872814.html">…</a></li>]]></record>…
    </datastore></script></div>
    <script>$("#6101313").jpage({perPage:15, totalRecord:6163, proxyUrl:'/module/web/jpage/dataproxy.jsp',
      ajaxParam:{col:1,webid:3095,columnid:1229165988,unitid:'6101313'}});</script>
    <script src="…/unitbuild.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit"
      queryData="{'parseType':'bulidstatic','webId':'3096','tplSetId':'…','tagId':'信息列表','pageId':'1554467'}"></script>

TrueCMS puts the same plugin to lists whose records stand in the page as markup, which a script puts into a datastore::

    <div id="initData"><ul><li><a href="/ljsrmzf/tzgg/content/….html">…</a></li></ul>…</div>
    <script>var initData = '<datastore><totalrecord>45</totalrecord><recordset>';
      $('#initData ul').each(function(){ initData += '<record><![CDATA[' + $(this).html() + ']]></record>'; });
      initData += '</recordset></datastore>';
      $('#msgList').jpage({dataStore:initData, perPage:10, proxyUrl:'/truecms/messageController/getMessage.do',
        ajaxParam:{columnId:'754f6db5-…'}});</script>
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.lists.records import read_json
from crawler.lists.rows import parse_html
from crawler.platforms.base import ListError

_MOST = 50  # lists of one page
_FEWEST_BESIDE = 5  # records of a list that may be meant as well
COLUMN = re.compile(r"/col/col(\d+)/")
GATEWAY = "/api-gateway/jpaas-publish-server/front/page/build/unit"
DATAPROXY = "/module/web/jpage/dataproxy.jsp"
_CDATA = re.compile(r"^\s*<!\[CDATA\[(.*?)\]\]>\s*$", re.DOTALL)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_TOTAL_RECORD = re.compile(r"<totalrecord\b[^>]{0,80}>\D{0,12}(\d+)", re.IGNORECASE)
_CALL = re.compile(r"(?:[\"']#?([\w-]+)[\"']\s*\)\s*)?\.\s*jpage\s*\(\s*(?=\{)")
_PAIR = re.compile(
    r"[\"']?([A-Za-z_]\w*)[\"']?\s*:\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|(-?[\w.]+)(?=\s*[,}\n]))"
)
_AJAX = re.compile(r"[\"']?ajaxParam[\"']?\s*:\s*(?=\{)")
_COUNT = re.compile(r"(?<![\w-])[\"']?count[\"']?\s*[:=]\s*\\?[\"']?\s*(\d+)", re.IGNORECASE)
_XXGK = re.compile(r"/module/xxgk/\w+\.jsp(?:\?[^\"'\s<>]*)?")
_XXGK_FORM = re.compile(r"[\"']([^\"'\s<>?]{0,200}\binfotypeId=[^\"'\s<>]{0,400})")
_ROWS = re.compile(r"(?<![\w-])[\"']?rows[\"']?\s*[:=]\s*\\?[\"']?\s*(\d+)", re.IGNORECASE)
# '<record><![CDATA[' + $(this).html() + ']]></record>', and the elements that are put into it
_WRITTEN = re.compile(r"\s*[\"']\s*\+.*\+\s*[\"']\s*", re.DOTALL)
_EACH = re.compile(r"\(\s*[\"']#([\w-]{1,60})\s+(\w{1,10})[\"']\s*\)\s*\.\s*each\b")
# Names that designers give to the units of a page: the list of the column, and what is around it.
_LIST_UNIT = re.compile(r"列表|list|分页|当前栏目|内容|信息|文件|目录|公开", re.IGNORECASE)
_OTHER_UNIT = re.compile(
    r"导航|位置|面包屑|头|底|脚|搜索|菜单|轮播|图片|友情|nav|header|footer|banner|search", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Store:
    """A datastore: the records as HTML, the address of the next group where one is offered, the totals where said."""

    records: tuple[str, ...]
    next_group: str | None = None
    total_records: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One ``$("#unit").jpage({…})`` with the datastore that stands with it, if any."""

    unit: str | None
    options: Mapping[str, str]
    form: Mapping[str, str]  # ajaxParam: what dataproxy.jsp is sent
    store: Store | None = None

    def number(self, name: str) -> int | None:
        """An option that is a number."""
        value = self.options.get(name, "")
        return int(value) if value.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a page that unitbuild.js fills from the gateway."""

    query: Mapping[str, str]
    url: str = GATEWAY
    rows: int | None = None
    count: int | None = None

    @property
    def tag(self) -> str:
        """The designer's name of the unit."""
        return self.query.get("tagId", "")


def read_store(markup: str) -> Store:
    """A datastore, or a bare recordset. Without records where the answer is a stub (54 bytes) or the list is over."""
    group = next(_elements(markup, "nextgroup"), None)
    href = _HREF.search(_content(group[1])) if group else None
    records = _TOTAL_RECORD.search(markup)
    return Store(
        records=tuple(text for _, inner in _elements(markup, "record") if (text := _content(inner).strip())),
        next_group=html.unescape(href[1]) if href else None,
        total_records=int(records[1]) if records else None,
    )


def _elements(markup: str, name: str) -> Iterator[tuple[int, str]]:
    """(place, content) of the elements of a name, from each opening tag to the next closing one.

    By plain search: a page of opening tags alone must not be read once for each of them.
    """
    opening, closing = (
        re.compile(rf"<{name}\b[^>]{{0,200}}>", re.IGNORECASE),
        re.compile(rf"</{name}\s*>", re.IGNORECASE),
    )
    start = opening.search(markup)
    while start is not None:
        end = closing.search(markup, start.end())
        if end is None:
            return
        yield start.start(), markup[start.end() : end.start()]
        start = opening.search(markup, end.end())


def _content(markup: str) -> str:
    """What an element of a datastore holds: a CDATA section, or escaped text."""
    section = _CDATA.match(markup)
    return section[1] if section else html.unescape(markup)


def answered(text: str) -> str:
    """The datastore of an answer, which TrueCMS sends within JSON: ``jsonp1({"result": "<datastore>…"})``."""
    if is_store(text):
        return text
    try:
        held = read_json(text.encode(), "application/json; charset=utf-8", "")
    except ListError:
        return text
    return str(held.get("result") or "") if isinstance(held, dict) and "result" in held else text


def is_ranged(form: Mapping[str, str]) -> bool:
    """Whether a form names its list, so that any range of it can be asked for."""
    return bool(form.get("columnid") and form.get("unitid")) or is_truecms(form)


def is_truecms(form: Mapping[str, str]) -> bool:
    """Whether a form is that of TrueCMS, whose lists are asked for by GET and JSONP."""
    return bool(form.get("columnId"))


def _store_in_page(markup: str, text: str) -> Store:
    """A datastore of a page; where a script writes it from elements of the page, with what these hold."""
    store = read_store(markup)
    each = _EACH.search(markup)
    if each is None or not store.records or not all(_WRITTEN.fullmatch(record) for record in store.records):
        return store
    root = parse_html(text)
    elements = root.iter(etree.Element) if root is not None else ()
    held = next((element for element in elements if element.get("id") == each[1]), None)
    records = [part for one in held.iter(each[2]) for part in _parts(one)] if held is not None else []
    return replace(store, records=tuple(records))


def _parts(element: etree._Element) -> list[str]:
    """The records in an element: its entries, or all it holds as one."""
    entries = list(element.iter("li")) or [element]
    return [etree.tostring(one, encoding="unicode", method="html", with_tail=False) for one in entries]


def is_store(text: str) -> bool:
    """Whether an answer is a datastore or recordset as a whole."""
    return bool(re.match(r"\s*(?:<\?xml[^>]*\?>)?\s*<(?:datastore|recordset)\b", text, re.IGNORECASE))


def read_calls(text: str) -> list[Call]:
    """The jpage calls of a page, each with its datastore; datastores that no call speaks of come last.

    A datastore belongs to the first call that follows it.
    """
    stores = list(_elements(text, "datastore")) or list(_elements(text, "recordset"))
    waiting = [(place, _store_in_page(markup, text)) for place, markup in stores[:_MOST]]
    calls = []
    for found in islice(_CALL.finditer(text), _MOST):
        literal = _object(text, found.end())
        nested = _AJAX.search(literal)
        form = pairs(_object(literal, nested.end())) if nested else {}
        before = [one for one in waiting if one[0] < found.start()]
        store = before[0][1] if before else None
        waiting = [one for one in waiting if one not in before[:1]]
        calls.append(Call(found[1], {**form, **pairs(literal)}, form, store))
    return calls + [Call(None, {}, {}, store) for _, store in waiting]


def lists_among(calls: list[Call], url: str, unit: str | None = None) -> list[Call]:
    """The calls that may be the column's list, the likeliest first: of the column in the address, then the longest."""
    usable = [c for c in calls if c.store or c.form.get("unitid") or is_truecms(c.form)]
    if unit is not None:
        return [c for c in usable if unit in (c.unit, c.form.get("unitid"))]

    def rank(call: Call) -> tuple[bool, int, int]:
        return (
            _is_own(call, url),
            len(call.store.records) if call.store else 0,
            call.number("totalRecord") or 0,
        )

    return sorted(usable, key=rank, reverse=True)


def meant_as_well(calls: list[Call], url: str) -> tuple[str, ...]:
    """The lists of a page beside the likeliest, where that is not the list of the column in the address: one of several boxes."""
    if not calls or _is_own(calls[0], url):
        return ()
    long = (call for call in calls[1:] if call.store and len(call.store.records) >= _FEWEST_BESIDE)
    return tuple(call.unit for call in long if call.unit)


def _is_own(call: Call, url: str) -> bool:
    column = COLUMN.search(urlsplit(url).path)
    return column is not None and call.form.get("columnid") == column[1]


def pairs(literal: str) -> dict[str, str]:
    """``key: value`` of a JavaScript object literal whose values are strings, numbers and words; the first of a key."""
    found: dict[str, str] = {}
    for match in _PAIR.finditer(literal):
        key, *values = match.groups()
        found.setdefault(key, next(value for value in values if value is not None))
    return found


def _object(text: str, start: int) -> str:
    """The object literal that begins at ``start``, to its closing brace; what is left where none closes it."""
    depth, quote, position = 0, "", start
    limit = min(len(text), start + 20_000)
    while position < limit:
        char = text[position]
        if quote:
            if char == "\\":
                position += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char in "{}":
            depth += 1 if char == "{" else -1
            if depth == 0:
                return text[start : position + 1]
        position += 1
    return text[start:limit]


def read_units(root: etree._Element) -> list[Unit]:
    """The gateway's units of a page, the likeliest to be the list first; parts of one unit are put together."""
    found: dict[tuple[str, str], Unit] = {}
    for element in root.iter():
        data = element.get("querydata") if isinstance(element.tag, str) else None
        if not data:
            continue
        query = pairs(html.unescape(data))
        if not query.get("pageId") and not query.get("webId"):
            continue
        rows, count = (_whole(query.pop(name, element.get(name))) for name in ("rows", "count"))
        for name in ("pageNo", "curPage"):
            query.pop(name, None)
        key = (query.get("pageId", ""), query.get("tagId", ""))
        known = found.get(key, Unit({}))
        found[key] = Unit(
            query={**query, **known.query},
            url=element.get("url") or known.url,
            rows=rows or known.rows,
            count=known.count if count is None else count,
        )
    return sorted(found.values(), key=lambda unit: -_likelihood(unit))


def as_likely(units: Sequence[Unit]) -> tuple[str, ...]:
    """The units of a page that are as likely to be its list as the likeliest."""
    best = max(map(_likelihood, units), default=0)
    return tuple(unit.tag for unit in units[1:] if _likelihood(unit) == best > 0)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _likelihood(unit: Unit) -> int:
    counted = unit.count is not None or unit.rows is not None
    return 4 * counted + 2 * bool(_LIST_UNIT.search(unit.tag)) - 3 * bool(_OTHER_UNIT.search(unit.tag))


def totals(markup: str) -> tuple[int | None, int | None]:
    """(documents, rows of a page) as the pager inside the gateway's HTML says: ``rows="24" count="48"``."""
    count, rows = _COUNT.search(html.unescape(markup)), _ROWS.search(html.unescape(markup))
    return int(count[1]) if count else None, int(rows[1]) if rows and int(rows[1]) else None


def queries(text: str) -> Iterator[str]:
    """What a page says of the information-disclosure module (xxgk): addresses with their queries, and the form as a query.

    '/module/xxgk/tree.jsp?divid=div435&area=014500858' · '/module/xxgk/search.jsp' beside 'infotypeId=A0212&jdid=3096&divid=…'
    """
    found = [html.unescape(one[0]) for one in islice(_XXGK.finditer(text), _MOST)]
    yield from found
    if found:
        yield from (f"?{html.unescape(one[1])}" for one in islice(_XXGK_FORM.finditer(text), _MOST))
