"""The requests by which a page's own script loads its list: read off the script, never run. Pure.

    $.ajax({url: "/api/list?channel=" + channelId, type: "post", data: {pageNo: page, pageSize: 15}, success: …})
    $("#rows").load("/list/rows?page=" + page)  ·  axios.get("/api/list", {params: {page: 1}})
    fetch(`/api/list?p=${page}`)  ·  table.render({url: "/api/list", where: {…}})

Only requests with a page's number among what they send are lists; whatever cannot be told from the page is no request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from crawler.extract.links import absolute
from crawler.paging import query_value
from crawler.script_calls import Value, arguments, end_of_argument, evaluated, literals, scripts_of

PAGE_NAMES = (
    "page", "pageNo", "pageno", "pageNum", "pagenum", "pageNumber", "pageIndex", "pageindex", "currentPage", "curPage",
    "currPage", "current", "pg", "pn", "p", "PageIndex", "PageNo",
)  # fmt: skip
_PAGES = frozenset(name.lower() for name in (*PAGE_NAMES, "curr", "index", "num", "n", "i", "cur"))
_PAGES_OF_LISTS = frozenset(name.lower() for name in PAGE_NAMES if len(name) > 2)
_SIZES = frozenset(
    {"pagesize", "size", "limit", "rows", "perpage", "pagenumber", "ps", "prepage", "pagecount"}
)
_SIZE = 15  # rows of a page, where the script takes the number from elsewhere
# $.ajax({…}) · $.post("…", {…}) · axios.get("…") · axios({…}) · fetch("…") · table.render({…}) · xhr.open("GET", "…")
_REQUEST = re.compile(
    r"(?:\$|\bjQuery|\btable|(?P<json>\baxios|\bhttp|\brequest|\bthis\.\$(?:http|axios)))\s*"
    r"(?:\.\s*(?P<method>ajax|get|post|getJSON|render|request))?\s*\(\s*"
    r"|\b(?P<fetch>fetch)\s*\(\s*|\)\s*\.\s*(?P<load>load)\s*\(\s*(?=[\"'`])|\.\s*(?P<open>open)\s*\(\s*(?P<verb>[\"'](?:GET|POST)[\"'])\s*,\s*",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"`([^`]{0,600})`")
_HOLE = re.compile(r"\$\{([^{}]{1,100})\}")
_IDENTIFIER = re.compile(r"(?<![\w$.\"'])[A-Za-z_$][\w$.]*")
_STRINGS = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_STRINGIFIED = re.compile(r"JSON\s*\.\s*stringify\s*\(\s*(\{)")
# '<a href="/detail.html?id=' + item.id + '" target…
_LINK = re.compile(
    r"href\s*=\s*\\?[\"']?(?P<before>[^\"'<>+\s\\]{0,200})\\?[\"']\s*\+\s*[\w$]+(?:\[\w+\])?\.(?P<key>\w{1,40})\s*\+\s*"
    r"[\"'](?P<after>[^\"'<>+\s\\]{0,80})"
)
_MEMBER = re.compile(r"[\s,]*(?:\"([\w.$-]{1,60})\"|'([\w.$-]{1,60})'|([\w$]{1,60}))\s*(:|,|\})")
_NAMED = re.compile(
    r"(?P<stringified>JSON\s*\.\s*stringify\s*\(\s*)?(?P<name>[A-Za-z_$][\w$.]{0,60})\s*(?(stringified)\)|)"
)
_WRAPS = re.compile(
    r"(?!function\b|async\b)[\w$.]{1,60}\s*\(\s*[\w${]"
)  # encrypt({…}) in place of what is sent
_MOST_NAMES = 20  # of objects of one script
_MOST = 12  # requests of one page that are looked at
_MOST_MEMBERS = 60
_DEEPEST = 5  # objects within objects
_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_UNKNOWN = object()  # a value that cannot be told from the page


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """One request of a list's first page. ``form`` and ``body`` are what is sent, ``page_name`` what holds the number."""

    url: str
    page_name: str
    send: str  # query, form or json, as crawler.paging has it
    first: int
    form: Mapping[str, str] | None = None
    body: Mapping[str, Any] | None = None

    @property
    def options(self) -> dict[str, Any]:
        """Options of json_api that ask so."""
        options: dict[str, Any] = {"paging": {"name": self.page_name, "send": self.send, "first": self.first}}
        if self.send == "query":
            options["paging"].pop("send")
        if self.form is not None:
            options["form"] = dict(self.form)
        if self.body is not None:
            options["body"] = dict(self.body)
        return options


@dataclass(slots=True)
class _Call:
    url: str
    post: bool = False
    query: dict[str, Any] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)
    is_json: bool = False
    unclear: bool = False  # what is sent cannot be told from the page


def list_requests(text: str, url: str) -> list[ListRequest]:
    """Requests for the first page of a list that the scripts in a page make, in their order, each once."""
    found: dict[tuple[str, str], ListRequest] = {}
    names: dict[str, Value] = {}
    scripts = scripts_of(text)
    for script in scripts:
        names = literals(script) | names
    for script in scripts:
        for call in _calls(script, names):
            request = _listing(call, url)
            if request is not None:
                found.setdefault((request.url, str(request.form or request.body)), request)
            if len(found) >= _MOST:
                break
    return list(found.values())


def unclear_requests(text: str, url: str) -> list[str]:
    """Addresses that scripts in a page ask for pages of something, with values that the page does not tell: a signature."""
    scripts = scripts_of(text)
    names: dict[str, Value] = {}
    for script in scripts:
        names = literals(script) | names
    calls = [call for script in scripts for call in _calls(script, names) if call.unclear]
    found = dict.fromkeys(address for call in calls if (address := absolute(url, call.url)) is not None)
    return list(found)[:_MOST]


def link_templates(text: str) -> list[tuple[str, str]]:
    """(address with a key in braces, the key) of links that scripts put together for rows: ``/detail?id={id}``."""
    return [
        (f"{link['before']}{{{link['key']}}}{link['after']}", link["key"])
        for script in scripts_of(text)
        for link in _LINK.finditer(script)
    ]


def _calls(script: str, names: Mapping[str, Value]) -> Iterator[_Call]:
    script = _TEMPLATE.sub(_as_sum, script)
    objects = _Objects(script)
    for found in _REQUEST.finditer(script):
        named = next((name for name in ("open", "fetch", "load") if found[name]), "")
        method = (found["method"] or named).lower()
        given = list(arguments(script, found.end()))
        if not given:
            continue
        members = _members(given[0]) if given[0].lstrip().startswith("{") else None
        read = partial(_of_arguments, method, given) if members is None else partial(_of_object, members)
        call = read(names, objects)
        if call is not None:
            call.post = call.post or "post" in (found["verb"] or "").lower()
            call.is_json = call.is_json or found["json"] is not None  # axios sends objects as JSON
            yield call


def _as_sum(found: re.Match[str]) -> str:
    """A template literal as a sum: `/list?p=${page}` → "/list?p="+page+""."""
    quoted = found[1].replace('"', "%22").replace("\n", " ")
    return '"' + _HOLE.sub(lambda hole: f'"+{hole[1]}+"', quoted) + '"'


class _Objects:
    """The objects that a script gives names: ``var query = {pageNo: 1, cat: 7}``, ``queryParams: {pageNum: 1}`` of a component."""

    def __init__(self, script: str) -> None:
        self._script = script
        self._known: dict[str, str | None] = {}

    def spelled(self, expression: str) -> str:
        """An expression with the object written out for which it stands: ``this.queryParams``, ``JSON.stringify(query)``."""
        named = _NAMED.fullmatch(expression)
        if named is None:
            return expression
        name = named["name"].rpartition(".")[2]
        if name not in self._known and len(self._known) < _MOST_NAMES:
            found = re.search(rf"(?<![\w$]){re.escape(name)}\s*[:=]\s*(?=\{{)", self._script)
            end = end_of_argument(self._script, found.end()) if found is not None else 0
            written = self._script[found.end() : end] if found is not None else ""
            self._known[name] = self._completed(written, name) if written.endswith("}") else None
        code = self._known.get(name)
        if code is None:
            return expression
        return f"JSON.stringify({code})" if named["stringified"] else code

    def _completed(self, code: str, name: str) -> str:
        """An object with what is put into it later: ``query.pageNo = n``."""
        put = re.finditer(
            rf"(?<![\w$.]){re.escape(name)}\s*\.\s*(\w{{1,40}})\s*=(?!=)\s*([^;\n{{}}]{{1,80}})", self._script
        )
        more = {key: value for key, value in (found.groups() for found in put) if f"{key}:" not in code}
        added = "".join(f", {key}: {value}" for key, value in list(more.items())[:_MOST_NAMES])
        return f"{code[:-1]}{added}}}"


def _of_object(members: Mapping[str, str], names: Mapping[str, Value], objects: _Objects) -> _Call | None:
    address = _value(members.get("url", ""), names)
    if not isinstance(address, str):
        return None
    verb = members.get("type", members.get("method", "")).lower()
    call = _Call(address, post="post" in verb)
    sent = objects.spelled(members.get("data", members.get("where", members.get("params", ""))))
    call.is_json = "json" in members.get("contenttype", "").lower() or bool(_STRINGIFIED.search(sent))
    values = _values(sent, names)
    if values is None:
        call.unclear = _speaks_of_pages(sent)
        return call
    if call.post and "params" not in members:
        call.sent = values
    else:
        call.query = values
    if "page" in members and "url" in members and members["page"].strip() not in ("false",):
        call.query.setdefault("page", 1)  # layui's table asks for ?page=1&limit=10 by itself
        call.query.setdefault("limit", _SIZE)
    return call


def _of_arguments(
    method: str, given: list[str], names: Mapping[str, Value], objects: _Objects
) -> _Call | None:
    address = _value(given[0], names)
    if not isinstance(address, str):
        return None
    call = _Call(address, post=method == "post")
    second = objects.spelled(given[1].strip()) if len(given) > 1 else ""
    more = second if second.startswith(("{", "JSON")) or _WRAPS.match(second) else ""
    members = _members(more) if more.lstrip().startswith("{") else {}
    if method == "fetch":
        call.post = "post" in members.get("method", "").lower()
        more = objects.spelled(members.get("body", ""))
    elif "params" in members:
        more, call.post = objects.spelled(members["params"]), False
    values = _values(more, names)
    if values is None:
        call.unclear = _speaks_of_pages(more)
        return call
    if method == "load":
        # load("/rows?page=1 #list", {…}): what is kept of the answer stands behind it; what is sent is sent by POST.
        call.url, call.post = address.partition(" ")[0], bool(values)
    call.is_json = bool(_STRINGIFIED.search(more)) or (method == "fetch" and call.post)
    if call.post:
        call.sent = values
    else:
        call.query = values
    return call


def _listing(call: _Call, base: str) -> ListRequest | None:
    """The call as a request for a list's first page; None where no page's number is sent."""
    address = absolute(base, call.url)
    if address is None or call.unclear:
        return None
    plain = call.query if call.is_json else {**call.query, **call.sent}
    if any(isinstance(value, dict | list) for value in plain.values()):
        return None
    for name, value in call.query.items():
        mark = "&" if "?" in address else "?"
        address += f"{mark}{name}={_text(value)}"
    address = absolute(base, address) or address
    in_query = next((n for n in PAGE_NAMES if (query_value(address, n) or "").isdecimal()), None)
    held = _page_in(call.sent)
    if held is not None and call.is_json:
        return ListRequest(url=address, page_name=held[0], send="json", first=held[1], body=call.sent)
    sent = (
        {name: _text(value) for name, value in call.sent.items()} if call.post and not call.is_json else None
    )
    if held is not None:
        return ListRequest(url=address, page_name=held[0], send="form", first=held[1], form=sent)
    if in_query is None:
        return None
    first = int(query_value(address, in_query) or 1)
    body = call.sent if call.post and call.is_json else None
    return ListRequest(url=address, page_name=in_query, send="query", first=first, form=sent, body=body)


def _page_in(sent: Mapping[str, Any]) -> tuple[str, int] | None:
    """Name and value of the page's number in what is sent; ``query.pageNo`` where an object within holds it."""
    for name in PAGE_NAMES:
        if str(sent.get(name, "")).isdecimal():
            return name, int(sent[name])
    inner = [(key, _page_in(value)) for key, value in sent.items() if isinstance(value, dict)]
    return next(((f"{key}.{found[0]}", found[1]) for key, found in inner if found is not None), None)


def _text(value: Any) -> str:
    """A plain value as jQuery writes it into a form or an address."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _values(code: str, names: Mapping[str, Value], depth: int = 0) -> dict[str, Any] | None:
    """What an object or a query string holds; None where one of its values cannot be told."""
    code = code.strip()
    if (stringified := _STRINGIFIED.match(code)) is not None:
        code = code[stringified.start(1) :]
    if not code:
        return {}
    if not code.startswith("{"):
        text = _value(code, names)
        if not isinstance(text, str) or "=" not in text:
            return None
        return {
            name: _number(value)
            for name, _, value in (part.partition("=") for part in text.split("&"))
            if name
        }
    values: dict[str, Any] = {}
    for name, expression in _members(code, lower=False).items():
        value = _any_value(expression.strip(), names, depth + 1)
        if value is _UNKNOWN and _last(name) in _PAGES | _SIZES:
            value = _standing_for(name)
        if value is _UNKNOWN:
            return None
        values[name] = value
    return values


def _any_value(expression: str, names: Mapping[str, Value], depth: int) -> Any:
    """The value of an expression, an object or a list of such; _UNKNOWN where a part of it cannot be told."""
    if expression in _WORDS:
        return _WORDS[expression]
    if expression[:1] in ("{", "[") and depth > _DEEPEST:
        return _UNKNOWN
    if expression.startswith("{"):
        inner = _values(expression, names, depth)
        return _UNKNOWN if inner is None else inner
    if expression.startswith("["):
        items = [_any_value(item.strip(), names, depth + 1) for item in arguments(expression, 1)]
        return _UNKNOWN if any(item is _UNKNOWN for item in items) else items
    value = _value(expression, names)
    return _UNKNOWN if value is None else value


def _speaks_of_pages(code: str) -> bool:
    words = _IDENTIFIER.findall(_STRINGS.sub(lambda quoted: quoted.group()[1:-1], code))
    return any(_last(word) in _PAGES_OF_LISTS for word in words)


def _number(text: str) -> Value:
    return int(text) if text.isdecimal() and len(text) < 9 else text


def _value(expression: str, names: Mapping[str, Value]) -> Value | None:
    """An expression's value; what holds a page's number or size counts as the first page and a usual size."""
    known = dict(names)
    for name in _IDENTIFIER.findall(_STRINGS.sub('""', expression)):
        stood = _standing_for(name)
        if stood is not None and not isinstance(known.get(name), int):
            known[name] = stood
    return evaluated(expression, known)


def _standing_for(name: str) -> int | None:
    last = _last(name)
    return 1 if last in _PAGES else _SIZE if last in _SIZES else None


def _last(name: str) -> str:
    return name.rpartition(".")[2].replace("_", "").lower()


def _members(code: str, *, lower: bool = True) -> dict[str, str]:
    """Names and expressions of an object literal's members: {a: 1, "b": x + 2}."""
    position, members = code.index("{") + 1, dict[str, str]()
    for _ in range(_MOST_MEMBERS):
        named = _MEMBER.match(code, position)
        if named is None:
            break
        name = named[1] or named[2] or named[3]
        if named[4] != ":":  # {page}: the variable of that name
            members[name.lower() if lower else name] = name
            position = named.end() - (named[4] == "}")
            continue
        expression = code[named.end() : end_of_argument(code, named.end())]
        members[name.lower() if lower else name] = expression.strip()
        position = named.end() + len(expression)
    return members
