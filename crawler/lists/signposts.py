"""What a page says of other pages: the way back to its catalogue, the catalogues it leads to, the page it stands for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import etree

from crawler.extract import refresh
from crawler.extract.links import absolute
from crawler.extract.text import CHINESE
from crawler.extract.tree import names_of
from crawler.lists.page_frame import in_trail
from crawler.lists.row_groups import text_of
from crawler.lists.rows import RowOptions, rows_in
from crawler.lists.xml_values import is_feed, page_of_feed
from crawler.outcomes import same_host
from crawler.scripts.frames import opened_by_nodes
from crawler.scripts.trees import name_of, nodes_in

_DOCUMENT = re.compile(
    r"/t(?:19|20)\d{6}_\d+|/content_\d+|/art_\w+|/post_\d+|/(?:19|20)\d{2}[-/]?\d{2}/|/[0-9a-f]{32}\.s?html?$",
    re.I,
)
# 您现在的位置：首页 > 政务公开 > 政府文件
_HERE = re.compile(r"(?:当前|现在|您|你|所在)的?(?:所在)?(?:的)?位置|您在")
_TRAIL_NAME = re.compile(
    r"crumb|position|location|(?:^|[-_ ])(?:path|here|dqwz|wz|weizhi|curpos|bread)(?:$|[-_ ])", re.I
)
_MOST_TRAIL_LINKS = 12
_LONGEST_TRAIL = 200  # characters
_MORE = re.compile(r"^[\s\[【(（]*(?:查看)?(?:更多|全部|more)(?:内容|信息)?[\s\]】)）>»+…]*$", re.I)
# What columns of documents are called, by how surely they hold documents.
_COLUMNS = (
    (
        4,
        re.compile(
            r"规范性文件|(?:政府|政策|行政|本级|部门|局|办|厅|委|重要|其他)文件|政策法规|法律法规|通知公告|公告公示|公示公告|规章"
        ),
    ),
    (3, re.compile(r"文件|公告|公示|通告|通知|法规|政令|令$|批复|决定")),
    (
        2,
        re.compile(
            r"政策|解读|规划|计划|预决算|财政|统计|人事|许可|处罚|执法|招标|采购|应急|提案|年度报告|年报|公报"
        ),
    ),
    (1, re.compile(r"公开目录|主动公开|信息公开")),
)
_NEVER_COLUMN = r"指南|申请|首页|登录|注册|地图|邮箱|客户端|投诉|信箱|RSS|English|无障碍|长者|适老|搜索"
_HARDLY_COLUMN = re.compile(r"简介|领导|机构职能|服务|查询|联系")
_NO_COLUMN = re.compile(rf"{_NEVER_COLUMN}|{_HARDLY_COLUMN.pattern}", re.I)
_LONGEST_COLUMN_NAME = 14  # characters
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FEWEST_LISTED = 4  # links of one list of columns
_LONGEST_SHELF_NAME = 30  # 突发公共事件的应急预案、预警信息及应对情况
LIST_FILE = re.compile(r"(?:/|/(?:index|list|default|more)(?:_\d{4,})?\.\w{2,5})$", re.I)
_JUMP = re.compile(
    r"(?:(?:window|top|self|parent|document)\s*\.\s*)?location(?:\s*\.\s*href)?\s*=\s*['\"]([^'\"]+)['\"]"
    r"|location\s*\.\s*(?:replace|assign)\s*\(\s*['\"]([^'\"]+)['\"]"
)
_LONGEST_STUB = 3_000  # characters of markup of a page that only leads on
_FRONT = re.compile(r"/(?:(?:index|default|home|main)(?:\.\w+)?)?", re.I)
_SEARCH_TITLE = re.compile(r"(?:搜索|检索|查询)结果|(?:全[站文]|站内|高级)(?:搜索|检索)")
_SEARCHED = re.compile(r"q|wd|kw|key_?words?|search_?words?|query", re.I)
_FEWEST_ROWS = 5
_OF_ROWS, _OF_DATED_ROWS = 1 / 3, 1 / 6  # share of a text that is titles of its rows
_NODE_ADDRESSES = ("url", "href", "link", "file")
# attributes with the address of what a click loads
_LOADED = ("data-url", "data-href", "data-src", "data-link")
# 3, [3], 下一页, 上页, 尾页, >>: of the pager of a list in a frame
_TURNS = re.compile(
    r"[\s\[\]【】（）()<>«»‹›|…·.\d]*(?:第?\d+页|[上下前后首尾末]一?页|最[后末]一?页|第一页)?[\s\]】）)<>«»‹›|]*"
)
# d.add(2, 0, "政策文件", "list.jsp?c=2", "", "main"): a tree of dTree
_ADDED = re.compile(
    r"\.\s*add\(\s*[\"']?\w{1,40}[\"']?\s*,\s*[\"']?-?\w{1,40}[\"']?\s*,\s*[\"'](?P<name>[^\"'\n]{1,60})[\"']\s*,"
    r"\s*[\"'](?P<address>[^\"'\s]{1,300})[\"'](?:\s*,\s*[\"'][^\"'\n]{0,60}[\"']\s*,\s*[\"'](?P<target>[\w-]{1,40})[\"'])?"
)
_MOST_NODES = 300  # of one tree
_MOST_PARTS = 6  # elements in what says that a list is empty
_EMPTY = re.compile(
    r"[(（【\[]?(?:(?:该栏目|本栏目|当前|此栏目|对不起|抱歉)[，,]?)?(?:暂无|暂时没有|没有|未)(?:找到|查询到|查到|检索到)?(?:任何|相关|符合条件的)*"
    r"(?:数据|信息|内容|记录|文件|文章|结果)[。!！]?[)）】\]]?|共0(?:条|页|篇).{0,30}"
)
_TITLE_PARTS = re.compile(r"\s*(?:[-_|｜]|—+|–|·|>|»)\s*")


@dataclass(frozen=True, slots=True)
class Signpost:
    """A link, with the words that stand on it."""

    words: str
    url: str


def trail(root: etree._Element, url: str) -> list[Signpost]:
    """The breadcrumb's links below the front page, the outermost first."""
    for element in _trails(root):
        found = []
        for link in element.iter("a"):
            address = absolute(url, link.get("href"))
            if address and same_host(url, address) and urlsplit(address).path.strip("/") and address != url:
                found.append(Signpost(text_of(link), address))
        if found:
            return found
    return []


def here(root: etree._Element) -> str | None:
    """The last word of the breadcrumb, which on a list is the column's own name; None without one."""
    for element in _trails(root):
        words = [w.strip() for w in re.split(r"[>＞›»/→]|\s{2,}", _joined(element)) if w.strip(" :：")]
        last = re.sub(r"^.*位置[:：]?", "", words[-1]).strip() if words else ""
        if 2 <= len(last) <= _LONGEST_COLUMN_NAME and last not in ("首页", "正文", "列表", "内容", "详情"):
            return last
    return None


def _joined(element: etree._Element) -> str:
    return "  ".join(t.strip() for t in element.itertext() if isinstance(t, str) and t.strip())


def _trails(root: etree._Element) -> Iterator[etree._Element]:
    """Elements that look like a breadcrumb: by name, then by their words."""
    for element in root.iter("div", "p", "ul", "ol", "nav", "span", "td", "section"):
        names = names_of(element)
        named = bool(_TRAIL_NAME.search(names))
        beginning = _beginning(element)
        if not named and not _HERE.search(beginning):
            continue
        if len(beginning) <= _LONGEST_TRAIL and 1 <= len(list(element.iter("a"))) <= _MOST_TRAIL_LINKS:
            yield element


def _beginning(element: etree._Element) -> str:
    """The text of an element, given up a little after it has become too long for a breadcrumb."""
    text = ""
    for piece in element.itertext():
        if isinstance(piece, str):
            text += " ".join(piece.split())
        if len(text) > _LONGEST_TRAIL:
            break
    return text


def columns(root: etree._Element, url: str) -> list[Signpost]:
    """The links that may lead to catalogues, the likeliest first: 更多 of a box, and names that columns of documents have.

    Also those of a menu that loads its lists into the page: ``<a href="javascript:;" data-url="./index_16280.html">``, and all
    links of a list most of which are called so: 机构设置 and 义务教育 beside 政策文件 and 行政处罚.
    """
    found: dict[str, tuple[int, Signpost]] = {}
    beside = listed_beside(root, url)
    for _, post in _posts(root, url):
        score = _column_score(post.words) or int(_is_shelf(post, url) or post.url in beside)
        if score and score > found.get(post.url, (0,))[0]:
            found[post.url] = (score, post)
    return [post for _, post in sorted(found.values(), key=lambda one: (is_unlikely(one[1]), -one[0]))]


def listed_beside(root: etree._Element, url: str) -> set[str]:
    """The addresses in lists of which most links are called as columns of documents are; none of a front page's menus."""
    lists: dict[etree._Element | None, dict[str, Signpost]] = {}
    for link, post in _posts(root, url) if not is_front(url) else ():
        if _is_named(post.words):
            lists.setdefault(_list_around(link), {}).setdefault(post.url, post)
    named = {box: sum(_column_score(post.words) > 0 for post in held.values()) for box, held in lists.items()}
    return {a for box, held in lists.items() if box is not None and named[box] * 2 > len(held) for a in held}


def _posts(root: etree._Element, url: str) -> Iterator[tuple[etree._Element, Signpost]]:
    """The links of a page to other pages of its site that are no documents, with the words on them or on their pictures.

    A menu that lists the page itself leads to its sisters, not to columns of it.
    """
    name = next(iter(title_parts(root)), "") if not is_front(url) else None
    sisters: dict[etree._Element | None, bool] = {}
    for link in root.iter("a"):
        stated = (link.get(name) for name in ("href", *_LOADED))
        address = next((target for one in stated if (target := absolute(url, one)) is not None), None)
        if address is None or not same_host(url, address) or _DOCUMENT.search(address) or address == url:
            continue
        shown = (image.get("alt") for image in link.iter("img"))
        post = Signpost(
            (text_of(link) or link.get("title") or next(filter(None, shown), "")).strip(), address
        )
        if name is not None and not is_own(post, url):
            box = _list_around(link)
            if box not in sisters:
                sisters[box] = _lists_page(box, url, name)
            if sisters[box]:
                continue
        if urlsplit(address).path.strip("/"):
            yield link, post


def _list_around(link: etree._Element) -> etree._Element | None:
    """The smallest element that holds several links beside this one; None where that is the page."""
    several = (
        e for e in link.iterancestors() if len(list(islice(e.iter("a"), _FEWEST_LISTED))) == _FEWEST_LISTED
    )
    box = next(several, None)
    return box if box is not None and box.tag not in ("body", "html") else None


def _lists_page(box: etree._Element | None, url: str, name: str) -> bool:
    """Whether a list leads to the page itself, or names it where it leads to others; but by its heading, or as 全部."""
    items = (e for e in box.iter("a", "li", "dd", "td") if not in_trail(e)) if box is not None else ()
    return any(
        text_of(item) == name or (absolute(url, item.get("href")) == url and not _MORE.match(text_of(item)))
        for item in items
        if next(item.iterancestors(*_HEADINGS), None) is None
    )


def is_unlikely(post: Signpost) -> bool:
    """Whether a column is called as few of documents are: 机构职能, 行政许可和对外管理服务. Below the page it may be one."""
    return _HARDLY_COLUMN.search(post.words) is not None


def is_own(post: Signpost, url: str) -> bool:
    """Whether a column is one of the page's own: it lies below the page's directory, or stands behind the 更多 of a box."""
    home = urljoin(url, ".")
    return bool(_MORE.match(post.words)) or (urlsplit(home).path != "/" and post.url.startswith(home))


def _is_shelf(post: Signpost, url: str) -> bool:
    """Whether a link leads to a directory or a list below the page's own: /zwgk/fdzdgknr/ → /zwgk/fdzdgknr/zdms/."""
    return _is_named(post.words) and is_own(post, url) and bool(LIST_FILE.search(urlsplit(post.url).path))


def _is_named(words: str) -> bool:
    """Whether words may be the name of a column."""
    named = 2 <= len(words) <= _LONGEST_SHELF_NAME and CHINESE.search(words)
    return bool(named) and not re.search(_NEVER_COLUMN, words, re.I)


def _column_score(words: str) -> int:
    if _MORE.match(words):
        return 5
    if not 2 <= len(words) <= _LONGEST_COLUMN_NAME or _NO_COLUMN.search(words):
        return 0
    return next((score for score, pattern in _COLUMNS if pattern.search(words)), 0)


def boxes(root: etree._Element) -> int:
    """How many boxes of the page end in 更多: two and more make it a page about catalogues, not one."""
    return sum(
        bool(_MORE.match(text_of(link) or (link.get("title") or "").strip())) for link in root.iter("a")
    )


def whole_list(root: etree._Element, url: str) -> str | None:
    """Where the one 更多 of a page leads: perhaps to the list of which it shows the newest documents."""
    found = {
        absolute(url, link.get("href"))
        for link in root.iter("a")
        if _MORE.match(text_of(link) or (link.get("title") or "").strip())
    }
    target = found.pop() if len(found) == 1 else None
    return target if target is not None and same_host(url, target) and target != url else None


def says_empty(root: etree._Element) -> str | None:
    """The words by which a list says that it holds nothing today: 暂无数据, 共 0 条; None where nothing says so."""
    for element in root.iter("li", "p", "td", "div", "span", "dd"):
        words = "".join(text_of(element).split()) if len(element) <= _MOST_PARTS else ""
        if _EMPTY.fullmatch(words):
            return words
    return None


def frames(root: etree._Element, url: str) -> list[str]:
    """Addresses of the pages that stand inside this one."""
    found = (absolute(url, frame.get("src")) for frame in root.iter("iframe", "frame"))
    return list(dict.fromkeys(a for a in found if a and same_host(url, a)))


def shelves(
    root: etree._Element, text: str, url: str, around: etree._Element | None = None
) -> list[Signpost]:
    """The lists that a page opens in its frame one by one: links whose target it is, nodes of a tree that its script holds.

    <a href="list.jsp?cid=1001" target="main"> · {id: 2, pId: 1, name: "政策文件", url: "list.jsp?code=1001", target: "main"}
    {id: 1001, pId: 1, name: "政策文件"} beside $("#main").attr("src", "list.jsp?cid=" + node.id)

    ``around``: the page that holds the frames, where this one stands in one of them.
    """
    holder = around if around is not None else root
    named = {name for f in holder.iter("iframe", "frame") if (name := f.get("name") or f.get("id"))}
    shown = {urlsplit(address).path for address in frames(holder, url)}
    found: dict[str, Signpost] = {}
    linked = ((text_of(a), a.get("href"), a.get("target")) for a in root.iter("a")) if named else ()
    chosen = ((words, href, None) for words, href in opened_by_nodes(text, holder, url)) if shown else ()
    for words, href, target in (*linked, *(nodes_linked(text) if shown else ()), *chosen):
        address = absolute(url, href)
        if address is None or not same_host(url, address) or _NO_COLUMN.search(words) or not words:
            continue
        if _TURNS.fullmatch(words):
            continue
        if target in named or (target is None and urlsplit(address).path in shown):
            found.setdefault(address, Signpost(words, address))
    return list(found.values()) if len(found) > 1 else []


def nodes_linked(text: str) -> Iterator[tuple[str, str, str | None]]:
    """(name, address, target) of the nodes of trees in the scripts of a page."""
    for node in chain.from_iterable(nodes_in(text)):
        address = next((node[key] for key in _NODE_ADDRESSES if isinstance(node.get(key), str)), "")
        target = node.get("target")
        if address:
            yield name_of(node), address, target if isinstance(target, str) else None
    for added in islice(_ADDED.finditer(text), _MOST_NODES):
        yield " ".join(added["name"].split()), added["address"], added["target"]


def leads_on(text: str, root: etree._Element | None, url: str) -> str | None:
    """Where a stub leads: ``<meta http-equiv=refresh>``, or a script that sets ``location`` on a page without much else.

    A feed leads to the page whose newest documents it holds.
    """
    if is_feed(text):
        return absolute(url, page_of_feed(text))
    for tag in root.iter("meta") if root is not None else ():
        if (tag.get("http-equiv") or "").strip().lower() == "refresh":
            said = refresh.led(tag.get("content") or "")
            address = absolute(url, said[1]) if said and said[1] else None
            if address and address != url:
                return address
    if len(text) > _LONGEST_STUB:
        return None
    jump = _JUMP.search(text)
    address = absolute(url, jump[1] or jump[2]) if jump else None
    return address if address and address != url else None


def above(url: str) -> list[str]:
    """Directories around an address, the nearest first, without those that are dates: /zwgk/202603/t2026… → /zwgk/."""
    parts = urlsplit(url)
    pieces = parts.path.rstrip("/").split("/")[1:-1]
    found = []
    while pieces:
        if not re.fullmatch(r"\d{1,8}(?:-\d{1,2}){0,2}|art|content|post", pieces[-1]):
            found.append(urljoin(url, "/" + "/".join(pieces) + "/"))
        pieces.pop()
    return found


def metas(root: etree._Element) -> dict[str, str]:
    """Meta tags by lower-case name, the first that is not empty."""
    found: dict[str, str] = {}
    for tag in root.iter("meta"):
        name, content = (tag.get("name") or "").strip().lower(), " ".join((tag.get("content") or "").split())
        if name and content:
            found.setdefault(name, content)
    return found


def title_parts(root: etree._Element) -> list[str]:
    """``<title>`` in its parts: 政府文件 - 临江市人民政府."""
    title = root.find(".//title")
    return [part for part in _TITLE_PARTS.split(text_of(title)) if part] if title is not None else []


def is_front(url: str) -> bool:
    """Whether an address is that of a site's front page."""
    parts = urlsplit(url)
    return not parts.query and bool(_FRONT.fullmatch(parts.path or "/"))


def is_search(root: etree._Element, url: str) -> bool:
    """Whether a page answers a search: by its title, or by words that its address asks for."""
    found = root.find(".//title")
    asked = any(_SEARCHED.fullmatch(key) and value for key, value in parse_qsl(urlsplit(url).query))
    return asked or (found is not None and bool(_SEARCH_TITLE.search(text_of(found))))


def is_made_of_rows(root: etree._Element, url: str, text: str) -> bool:
    """Whether a text is nothing but the titles of a list: 行政处罚决定书公示, fourteen times; of rows that are dated, also
    with what stands beside them: index number, office, subject."""
    rows = list(rows_in(root, url, RowOptions()))
    titles = sum(len(row.title or "") for row in rows if row.title and row.title in text)
    dated = sum(row.day is not None for row in rows)
    share = _OF_DATED_ROWS if dated == len(rows) else _OF_ROWS
    return len(rows) >= _FEWEST_ROWS and titles >= share * len("".join(text.split()))
