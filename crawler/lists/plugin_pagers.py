"""Further pages as the function tells that a page hands to its pager: what it gives back, opens, or fills in and sends. Pure.

kkpager.generPageHtml({pno: 1, total: 3, getLink: function (n) { return "/list?type=1&pno=" + n }})
kkpager.generPageHtml({…, mode: "click", click: function (n) { $("#currentPage").val(n); $("#searchForm").submit() }})
laypage({cont: "p", pages: 3, curr: 1, jump: function (obj, first) { if (!first) { $("#pageNo").val(obj.curr); $("#f").submit() } }})
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from lxml import etree

from crawler.extract.links import absolute
from crawler.lists import form_pagers
from crawler.lists.pagers import numbered
from crawler.platforms.base import PageRequest
from crawler.scripts.branches import taken
from crawler.scripts.calls import Effect, Functions, quoted_address
from crawler.scripts.objects import names_in, names_page
from crawler.scripts.plain import plain_scripts
from crawler.scripts.scan import closing, statement
from crawler.scripts.values import Value, evaluated

_HANDED = re.compile(
    r"\b(?:getLink|getHref|click|callback|jump|backFn|on(?:Page|Change|Select|Click)\w{0,20}|page(?:Click|Change|Selected?)\w{0,20}|change|clickHandler)"
    r"\s{0,20}(?:[\"']?\s{0,20}:\s{0,20}(?:function\s{0,20})?)?\(\s{0,20}(?P<parameters>[A-Za-z_$][\w$]{0,30}(?:\s*,\s*[\w$]{1,30}){0,4})\s*\)\s*(?:=>\s*)?\{"
)
_RETURN = re.compile(r"\breturn\b")
_MOST = 10  # functions of one page
_LONGEST = 1_500  # characters of one
_MOST_RETURNS = 5  # of one
_DONE_BY_CALL = re.compile(r"\.\s*getCurrent\s*\(\s*\)")  # of jquery.pagination's api


def following(
    root: etree._Element, text: str, url: str, request: PageRequest, from_one: bool | None
) -> PageRequest | None:
    """The next page; None where no such function tells it, or several tell different ones.

    ``from_one``: whether the pager counts from 1, where that is known.
    """
    if _HANDED.search(text) is None:
        return None
    functions = Functions(text, root, request.url)
    scripts = plain_scripts(text, request.url)
    names: Mapping[str, Value] = names_in(scripts, request.url)
    found: dict[tuple[str, str, bytes | None], PageRequest] = {}
    for parameter, body in islice(_bodies(scripts), _MOST):
        adds_one = re.search(rf"(?<![\w$.]){re.escape(parameter)}\s*\)?\s*\+\s*1\b", body) is not None
        wanted = request.page if adds_one or from_one is False else request.page + 1
        ways = [_way(body, parameter, n, functions, names) for n in (wanted, wanted + 1)]
        if ways[0] is None or ways[0] == ways[1]:
            continue
        asked = _asked(ways[0], root, url, request)
        if asked is not None and (asked.url, asked.body) != (request.url, request.body):
            found.setdefault((asked.url, asked.method, asked.body), asked)
    return found.popitem()[1] if len(found) == 1 else None


def _bodies(scripts: list[str]) -> Iterator[tuple[str, str]]:
    """(first parameter, body) of the functions that are handed to pagers."""
    for script in scripts:
        for found in _HANDED.finditer(script):
            body = script[found.end() : closing(script, found.end(), found.end() + _LONGEST)]
            yield found["parameters"].split(",")[0].strip(), _DONE_BY_CALL.sub("", body)


def _way(
    body: str, parameter: str, number: int, functions: Functions, names: Mapping[str, Value]
) -> Effect | str | None:
    """What a function does when it is handed a page's number, or an object that holds it: obj.curr."""
    given: dict[str, Value] = {parameter: number}
    for member in re.findall(rf"(?<![\w$.]){re.escape(parameter)}\.[\w$]{{1,30}}", body):
        if names_page(member):
            given[member] = number
    done = functions.done_with(body, given)
    if done.address or done.form is not None or done.values:
        return done
    code, _, _ = taken(body, given, {})
    for found in islice(_RETURN.finditer(code), _MOST_RETURNS):
        value = evaluated(statement(code, found.end()), {**names, **given})
        if isinstance(value, str):
            return value
    return None


def _asked(way: Effect | str, root: etree._Element, url: str, request: PageRequest) -> PageRequest | None:
    if isinstance(way, Effect) and way.address is None:
        return form_pagers.sent_by(way, form_pagers.ShownPage(root, url, request))
    address = absolute(url, quoted_address(way if isinstance(way, str) else way.address or ""))
    return numbered(address, request) if address is not None else None
