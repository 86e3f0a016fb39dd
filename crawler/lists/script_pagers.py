"""Pages that a pager's script asks for by an address it puts together, and how many it says there are. Pure.

laypage({cont: 'p', pages: 4, curr: 1, jump: function (obj) { location.href = '?page=' + obj.curr }})
Ls.pagination("#page_7", function (n) { location.href = '/content/column/7?pageIndex=' + n }, {currPage: (0+1), pageCount: 3})
laypage.render({elem: 'p', count: 45, limit: 15, jump: function (obj) { location.href = "/list?c=" + c + "&p=" + obj.curr }})
$(".pagination").pagination("setPage", 1, 322) … url = "index_" + n + ".html"
var pager = {currentPage: parseInt('0')+1, countPage: parseInt('6'), PAGE_NAME: 'index', PAGE_EXT: 'html'}
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from lxml import etree

from crawler.extract.links import absolute
from crawler.lists import plugin_pagers
from crawler.lists.pagers import numbered
from crawler.platforms.base import PageRequest
from crawler.scripts.objects import names_in, standing_for, value_of
from crawler.scripts.plain import plain_scripts
from crawler.scripts.scan import statement

_STRING = r"\"([^\"\n]{1,300})\"|'([^'\n]{1,300})'"
# $(this).data("page"), this.dataset.page, $(this).text()
_OF_CLICKED = r"(?:\$\(\s*this\s*\)\s*\.\s*(?:data|attr|text|html)\s*\([^()]{0,30}\)|this\s*\.\s*(?:dataset\s*\.\s*\w+|inner(?:Text|HTML)))"
# what jquery.pagination hands over: callback: function (api) { location.href = "list_" + api.getCurrent() + ".html" }
_OF_PLUGIN = r"[\w$]{1,20}\s*\.\s*getCurrent\s*\(\s*\)"
_GOES = re.compile(
    rf"\blocation(?:\s*\.\s*href)?\s*=\s*(?:{_STRING})\s*\+\s*(?:{_OF_CLICKED}|{_OF_PLUGIN}|(?:[\w$]+\s*\.\s*)?(?:curr\w*|page\w*|num\w*|index|n|p)\b)"
    rf"(?:\s*\+\s*(?:{_STRING})(\s*\+\s*[\w$.]{{1,40}})?)?"
)
_GOES_TO = re.compile(r"\blocation(?:\s*\.\s*href)?\s*=(?!=)")
_SIZE_NAMED = re.compile(r"(?<![\w$.\"'])(?:[\w$]+\.)*(?:limit|page_?size|rows|size)\b", re.I)
# "list-" + (i + 1) of a number that counts from 0, or of the page that is shown
_ADDS_ONE = re.compile(r"(?<![\w$.])([\w$.]{1,40})\s*\)?\s*\+\s*1\b(?!\s*\.)")
_MOST_GOINGS = 50  # of one script
_SIZE = re.compile(
    r"\b(?:limit|page_?size|items_per_page|rows_?per_?page|showData)\s*[:=]\s*[\"']?(\d{1,4})\b", re.I
)
_WRAPPED = r"\s*\(*\s*(?:(?:parseInt|Number)\s*\(\s*)?[\"']?(\d{1,5})\b"
_PAGES = re.compile(
    rf"\b(?:count_?page|page_?count|total_?pages?|pages?_?total|pages)[\"']?\s*[:=](?!=){_WRAPPED}", re.I
)
_PLACE = re.compile(
    rf"\b(?:curr?(?:ent)?_?page(?:_?(?:no|num|index))?|page_?(?:index|no|num(?:ber)?)|init_?page(?:_?no)?|current|curr)[\"']?\s*[:=](?!=){_WRAPPED}",
    re.I,
)
# $("#p").twbsPagination({totalPages: 3, startPage: 1, …}), $("#p").bootpag({total: 3, page: 1}).on("page", …)
_OF_BOOTSTRAP = re.compile(r"\.\s*(?:twbsPagination|bootpag)\(\s*\{([^{}]{0,400})")
_ITS_PAGES = re.compile(rf"\b(?:totalPages|total)[\"']?\s*:{_WRAPPED}")
_ITS_PLACE = re.compile(rf"\b(?:startPage|page)[\"']?\s*:{_WRAPPED}")
_SET_PAGE = re.compile(r"\.\s*pagination\(\s*[\"']setPage[\"']\s*,\s*(\d{1,5})\s*,\s*(\d{1,5})\s*\)")
_READS_ADDRESS = re.compile(
    r"[=:]\s*[\w$.]{0,30}(?:quer|para|url|request)[\w$]{0,20}\s*\(\s*[\"']\w{1,30}[\"']\s*\)", re.I
)
# totalPages: parseInt($("#countindex").val())
_READS_FIELD = re.compile(
    r"page\w{0,20}[\"']?\s*[:=]\s*(?:(?:parseInt|Number)\s*\(\s*)?(?:\$\(|document\s*\.)", re.I
)
# The number of a page whose address names none.
_OTHERWISE = re.compile(r"\bif\s*\([^{};]{1,100}\)\s*\{?\s*(?:[\w$]{1,20}\.)?\Z")
_NEAR = 300  # characters between a page's number and the number of pages
_SUFFIX = r"\.(?:[sj]?html?|jsp|aspx?|php)"
# "index_" + n + ".html", 'list_' + (n - 1) + '.shtml', `index_${n}.shtml`
_NUMBER = r"(?:[\"']\s*\+\s*\(?\s*([\w$.]{1,40})(?:\(\))?\s*([+-]\s*1)?\s*\)?\s*\+\s*[\"']|\$\{\s*([\w$.]{1,40})\s*([+-]\s*1)?\s*\})"
# jump: function (obj) { var k = obj.curr - 1; …: less than the page that is wanted. prevPage = currentPage - 1 is none of a parameter.
_LESS = (
    r"(?<![\w$.]){name}\s*=\s*\(?\s*(?:(?:parseInt|Number)\s*\(\s*)?([A-Za-z_$][\w$]{{0,30}})[\w$.]{{0,30}}(?:\(\s*\))?"
    r"\s*\)?\s*-\s*1\s*\)?\s*[;,\n]"
)
_HANDED = (
    r"\bfunction\b[^(){{}}]{{0,40}}\([^()]{{0,80}}(?<![\w$]){name}(?![\w$])|(?<![\w$.]){name}\s*\)?\s*=>"
)
_COMPOSED = re.compile(
    rf"[\"'`](?:\./)?((?:/[\w-]{{1,40}}){{0,6}}/?[\w-]{{1,60}}_){_NUMBER}({_SUFFIX})[\"'`]"
)
# '<a href="index' + i + '.html">': of a link, also a name without an underline
_LINKED = re.compile(
    rf"<a\s[^<>+]{{0,100}}?\bhref\s*=\s*\\?[\"']?(?:\./)?((?:/[\w-]{{1,40}}){{0,6}}/?[a-zA-Z][\w-]{{0,59}}){_NUMBER}({_SUFFIX})\\?[\"'`\s>]"
)
# kkpager.generPageHtml({pno: 1, total: 12, hrefFormer: 'list', hrefLatter: '.html', getLink: …})
_KKPAGER = re.compile(r"\bkkpager\s*\.\s*(?:init|generPageHtml)\s*\(\s*\{")
_FORMER = re.compile(r"\bhrefFormer\s*:\s*[\"']([^\"'\n]{0,200})[\"']")
_LATTER = re.compile(r"\bhrefLatter\s*:\s*[\"']([^\"'\n]{0,200})[\"']")
_KKPAGER_QUERY = re.compile(r"\bhrefLatter\s*\+\s*[\"']([?&][^\"'\n]{1,200}=)[\"']\s*\+\s*\w+\s*;")
# getLink: function (n) { return this.hrefFormer + "_" + (n - 1) + this.hrefLatter }
_KKPAGER_LESS = re.compile(r"\bhrefFormer\s*\+\s*[\"']_[\"']\s*\+\s*\(\s*[\w$]{1,20}\s*-\s*1\s*\)")
_KKPAGER_PAGES = re.compile(r"\btotal\s*:\s*[\"']?(\d{1,5})\b")
_LONGEST_CALL = 1500  # characters
# url: "/zc/p_{page}.html", '<a href="list.php?page={{page}}">', pattern: "index_#page#.html"
_PATTERN = re.compile(
    r"[\"'](?P<before>[\w./?=&-]{0,200})(?P<hole>\{\{?\s*(?:page\w{0,10}|p|num|pn)\s*\}?\}|([#%$]|__)page\3)(?P<behind>[\w./?=&-]{0,100})[\\\"']",
    re.I,
)
_NAME = re.compile(r"\bPAGE_NAME[\"']?\s*[:=]\s*[\"']([\w-]{1,60})[\"']")
_ENDING = re.compile(r"\bPAGE_EXT[\"']?\s*[:=]\s*[\"']\.?(\w{2,5})[\"']")


class Stated(NamedTuple):
    """How many pages a script says there are, and from what it counts them."""

    pages: int
    from_one: bool


def stated(text: str, request: PageRequest) -> Stated | None:
    """What the pager's script says, where the page's own number stands beside the number of pages.

    A number of pages alone is not believed: ``pageCount`` is the rows of a page for some.
    """
    if _READS_ADDRESS.search(text) or _READS_FIELD.search(
        text
    ):  # var pageNo = getParameter("pno"); if (!pageNo) { pageNo = 1; }
        text = "\n".join(plain_scripts(text, request.url))
    pairs = [(int(last), int(own)) for own, last in _SET_PAGE.findall(text)]
    places = list(_PLACE.finditer(text))
    places = [
        p for p in places if not _OTHERWISE.search(text, max(0, p.start() - _NEAR), p.start())
    ] or places
    for found in _PAGES.finditer(text):
        near = [p for p in places if abs(p.start() - found.start()) <= _NEAR]
        near.sort(key=lambda p: abs(p.start() - found.start()))
        pairs += [(int(found[1]), int(place[1])) for place in near[:1]]
    for options in _OF_BOOTSTRAP.findall(text):
        last, place = _ITS_PAGES.search(options), _ITS_PLACE.search(options)
        pairs += [(int(last[1]), int(place[1]))] if last and place else []
    kkpager = _KKPAGER.search(text)
    called = text[kkpager.end() : kkpager.end() + _LONGEST_CALL] if kkpager is not None else ""
    if (counted := _KKPAGER_PAGES.search(called)) is not None:
        pairs.append((int(counted[1]), request.page))
    for pages, own in pairs:
        if own in (request.page, request.page - 1) and 1 <= request.page <= pages:
            return Stated(pages, own == request.page)
    return None


def following(
    root: etree._Element,
    text: str,
    url: str,
    request: PageRequest,
    shown: int,
    total: int | None,
    last: int | None,
) -> tuple[PageRequest | None, int | None]:
    """The next page and the number of pages, where a script tells how one is asked for and how many there are.

    ``shown``: rows of this page; ``total`` and ``last``: rows and pages as the list states them.
    """
    size_stated = _SIZE.search(text)
    size = int(size_stated[1]) if size_stated is not None else None
    said = stated(text, request)
    if said is not None and (last is None or said.pages > last):
        last = said.pages
    if last is None and total is not None and request.page == 1 and shown >= total:
        last = 1  # all rows are here: a script only shows some of them at a time
    if last is None and total is not None and (size or (request.page == 1 and shown)):
        last = -(-total // (size or shown))
    if last is None or request.page >= last:
        return None, last
    from_one = said.from_one if said is not None else _counts_from_one(text, request)
    way = (
        _opened(text, request, size)
        or _of_kkpager(text, request)
        or _composed(text, request, from_one)
        or _gone_to(text, request, size)
        or _patterned(text, request)
    )
    if way is None:
        return plugin_pagers.following(root, text, url, request, from_one), last
    address = absolute(url, way)
    return (numbered(address, request) if address is not None else None), last


def _opened(text: str, request: PageRequest, size: int | None) -> str | None:
    """The address that the script opens for the next page; None where there is none, or several."""
    ways = {(a or b, c or d, more) for a, b, c, d, more in _GOES.findall(text)}
    if len(ways) != 1:
        return None
    before, behind, more = ways.pop()
    if more:  # '&limit=' + obj.limit
        if not size or not re.search(r"(?:limit|size|rows|per_?page)=$", behind, re.I):
            return None
        behind += str(size)
    return f"{before}{request.page + 1}{behind}"


def _gone_to(text: str, request: PageRequest, size: int | None) -> str | None:
    """The address of the next page as a sum of what the page's scripts know: "/list?c=" + channel + "&p=" + obj.curr.

    None where there is none, or several.
    """
    if not _GOES_TO.search(text):
        return None
    scripts = plain_scripts(text, request.url)
    names = names_in(scripts, request.url)
    ways = set()
    for script in scripts:
        for found in islice(_GOES_TO.finditer(script), _MOST_GOINGS):
            expression = statement(script, found.end())
            known = dict(names)
            for name in _SIZE_NAMED.findall(expression) if size else ():
                known[name] = size or 0
            adds_one = any(standing_for(name) == 1 for name in _ADDS_ONE.findall(expression))
            wanted = request.page if adds_one else request.page + 1
            way, other = (value_of(expression, known, page) for page in (wanted, wanted + 1))
            if isinstance(way, str) and way != other:
                ways.add(way)
    return ways.pop() if len(ways) == 1 else None


def _patterned(text: str, request: PageRequest) -> str | None:
    """The address of the next page by the one pattern with a place for the number that the page's scripts hold."""
    if not _PATTERN.search(text):
        return None
    scripts = plain_scripts(text, request.url)
    ways = {(found["before"], found["behind"]) for script in scripts for found in _PATTERN.finditer(script)}
    ways = {way for way in ways if re.search(r"[/.?=]", "".join(way))}
    if len(ways) != 1:
        return None
    before, behind = ways.pop()
    return f"{before}{request.page + 1}{behind}"


def _counts_from_one(text: str, request: PageRequest) -> bool | None:
    """From what the pager counts, as the page's own number says where no number of pages stands beside it."""
    own = {int(found[1]) for found in _PLACE.finditer(text)}
    return own == {request.page} if own in ({request.page}, {request.page - 1}) else None


def _of_kkpager(text: str, request: PageRequest) -> str | None:
    """The address of the next page as kkpager makes it: before + "_2" + behind, or before + behind + "?pageNum=2"."""
    begun = _KKPAGER.search(text)
    code = text[begun.end() : begun.end() + _LONGEST_CALL] if begun is not None else ""
    before, behind = _FORMER.search(code), _LATTER.search(code)
    if before is None or behind is None:
        return None
    number = request.page + 1
    query = _KKPAGER_QUERY.search(code)
    if query is not None:
        return f"{before[1]}{behind[1]}{query[1]}{number}"
    return f"{before[1]}_{number - (_KKPAGER_LESS.search(code) is not None)}{behind[1]}"


def _less(text: str, name: str) -> str:
    """-1 for a variable that is one less than the page that a function is handed; else nothing."""
    found = re.search(_LESS.format(name=re.escape(name)), text)
    handed = found is not None and re.search(_HANDED.format(name=re.escape(found[1])), text)
    return "-1" if handed else ""


def _composed(text: str, request: PageRequest, from_one: bool | None) -> str | None:
    """The name of the next page, where the script makes all of them in one way: index_2.html."""
    made = _COMPOSED.findall(text) or _LINKED.findall(text)
    ways = {
        (stem, (a or b).replace(" ", "") or _less(text, one or other), suffix)
        for stem, one, a, other, b, suffix in made
    }
    name, ending = _NAME.search(text), _ENDING.search(text)
    if not ways and name is not None and ending is not None:
        ways = {(f"{name[1]}_", "", f".{ending[1]}")}
    if from_one is None or len(ways) != 1:
        return None
    stem, more, suffix = ways.pop()
    # "index_" + (n + 1) of a pager that counts from 0, "index_" + (n - 1) of one that counts from 1
    return f"{stem}{request.page + from_one + int(more or 0)}{suffix}"
