"""Files that a document's page links to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice
from typing import cast
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from archive.model import Attachment
from crawler.attachments.kinds import MEDIA_TYPES
from crawler.attachments.names import safe_label
from crawler.extract.body.set_aside import left_out
from crawler.extract.fields import FieldBook
from crawler.extract.linked_files.announced import links_of_files
from crawler.extract.linked_files.names import (
    DOWNLOAD,
    EXTENSION,
    GENERIC,
    MAYBE,
    NAMED,
    beside,
    extension,
    file_name,
    name_of,
    target,
)
from crawler.extract.linked_files.scripts import called, in_viewer, of_player, players, scripted
from crawler.extract.links import absolute
from crawler.extract.text import clean
from crawler.extract.tree import before, names_of, words
from crawler.extract.tree import inside as inside_of

_PAGE = re.compile(r"\.(?:[a-z]?html?|php|jspx?|aspx?|do|action)$|/$", re.IGNORECASE)
# Programs that, asked for a number, may send a file.
_PROGRAM = re.compile(r"\.(?:php|jspx?|aspx?|do|action)$", re.IGNORECASE)
_ENDING = re.compile(r"(?<![:/])/[^/]+(?P<kind>\.[A-Za-z][A-Za-z0-9]{1,5})$")  # of a path, not of a host
_LABEL = re.compile(r"^[\s\[【(（《]*附\s*[件表图录]")  # 附件1：…, 【附件】…
# <button onclick="location.href='/f/1.doc'">申报表.doc</button>
_CLICKED = etree.XPath("//*[@onclick][not(self::a)][not(self::body)][not(*/*)]")
# Programs to read or sign files with.
_PROGRAM_NAME = re.compile(r"阅读器|浏览器|客户端|输入法|插件|控件|APP", re.IGNORECASE)
_HEADING = re.compile(r"[【\[]?(?:相关)?附\s*件(?:列表|下载|清单)?[】\]]?[:：]?")
_PLACE_OF_FILES = re.compile(r"下载(?:专区|中心|频道|专栏)$")
_PLAYER = re.compile("pdf(?:src|url)|data-powerurl")
_LONGEST_LABEL = 12  # characters that are looked at of a cell in front of a link
_LITTLE = 20  # characters that are no text beside a picture or a file
_AREA = re.compile(
    r"fujian|attach|annex|appendix|accessor|download|xiazai|down-?list|file-?list|fj[-_]?(?:list|box|xz"
    r"|con)?\b",
    re.IGNORECASE,
)
# <img data-original="/a.jpg" src="/images/loading.gif">
_SOURCES = ("data-original", "data-src", "src")
_NO_PICTURE = re.compile(
    r"^data:|icon|file_?type|/ext/|fileimg|qr_?code|ewm|erweima|logo|banner|spacer|blank\.|loading|share|weixin|/(?:dot|line|arrow)\b",
    re.IGNORECASE,
)
_CHROME = re.compile(
    r"\b(?:nav|header|foot(?:er)?|menu|sidebar|banner|top)\b|friend|link-?list", re.IGNORECASE
)


def find(
    root: etree._Element,
    container: etree._Element | None,
    base: str,
    *,
    cards: Collection[etree._Element] = (),
    heading: etree._Element | None = None,
    markup: str,
) -> tuple[Attachment, ...]:
    """Attachments linked in the body, in an attachment area, right beside the body, or in the document's own label
    table (``cards``: 文件下载), of a page without a text beside its ``heading``; each address once.

    A link counts as one by the file type in its address, by an address that is a download's, or by its words 附件… or its
    place in a list of them where its address is no page's. ``markup`` is what was parsed, in which the name of a player shows at once.
    """
    found: dict[str, Attachment] = {}
    near = _surroundings(heading if container is None else container) | frozenset(cards)
    if container is None and heading is not None:
        near |= frozenset(heading.itersiblings())
    inside = set(container.iter("a")) if container is not None else set()
    told = links_of_files(container, base) if container is not None and inside else frozenset()
    for address, element, raw_name in _links(root, base, told, clicks="onclick" in markup):
        kind = extension(address) or _named_kind(element, raw_name, address)
        certain = kind is not None or element in told or _ends_alike(element, address)
        if not certain and not (DOWNLOAD.search(target(address)) or _announced(element, raw_name, address)):
            continue
        within = element in inside or (
            element.tag != "a" and container is not None and container in element.iterancestors()
        )
        if not within and (_PROGRAM_NAME.search(raw_name) or not _belongs(element, near)):
            continue
        name = name_of(element, raw_name, address)
        if not certain and not _says_something(name, raw_name, address):
            continue
        known = found.get(address)
        if known is None:
            found[address] = Attachment(
                name=name, url=address, media_type=MEDIA_TYPES[kind] if kind else None
            )
        elif (
            known.name == file_name(address) != name
        ):  # <a href="1.pdf"><img></a><a href="1.pdf">申报表.pdf</a>
            found[address] = replace(known, name=name)
    for element, href in players(root) if _PLAYER.search(markup) else ():
        played = absolute(base, href)
        of_text = container is not None and inside_of(element, container)
        if played and played not in found and (of_text or _belongs(element, near)):
            found[played] = of_player(element, played)
    _drop_viewers(found, base)
    shown = {attachment.name for attachment in found.values()}
    for address, name in scripted(root, base):
        kind = extension(address)
        # What a script holds and the page shows too is a link that the script has since rewritten.
        if kind is not None and address not in found and name not in shown:
            found[address] = Attachment(
                name=name or file_name(address), url=address, media_type=MEDIA_TYPES[kind]
            )
    return tuple(found.values())


def _drop_viewers(found: dict[str, Attachment], base: str) -> None:
    """Leave out addresses that show a file which is linked itself: /f/view?f=/u/1.pdf beside /u/1.pdf."""
    for address in list(found):
        query = parse_qsl(urlsplit(address).query) if "?" in address else []
        files = [absolute(base, value) for _, value in query if EXTENSION.search(value.strip())]
        if any(file in found and file != address for file in files):
            del found[address]


def say_all(text: str, files: Collection[Attachment]) -> bool:
    """Whether a text is none of a page's own: few characters, or the names of its files and little else."""
    if len(text) >= _LITTLE and "。" not in text:
        for file in files:
            text = text.replace(file.name, "")
    return len(text) < _LITTLE


def pictured(heading: etree._Element, book: FieldBook) -> etree._Element | None:
    """The element with pictures or a film and no words that stands beneath a title, of a page without a text: a scan in an unknown
    template."""
    for element in (heading, *islice(heading.iterancestors(), 2)):
        for following in element.itersiblings():
            if not isinstance(following.tag, str) or left_out(following, book):
                continue
            if (found := of_pictures(following)) is not None:
                return found
    return None


def may_be_file(link: etree._Element) -> bool:
    """Whether a link or a frame leads to a file, by the type in its address, in what a click on it calls, or in its words."""
    address = link.get("href") or link.get("src") or link.get("data") or ""
    if link.tag == "a" and (not address or address[:11].lower() == "javascript:"):
        address = called(link) or ""
    return bool(address) and bool(MAYBE.search(address) or NAMED.search(words(link).strip()))


def of_pictures(element: etree._Element) -> etree._Element | None:
    """The innermost element within one that holds its pictures or its film, and no words; None if there are none, or with words."""
    shown = [
        image
        for image in element.iter("img", "video")
        if not _NO_PICTURE.search(_source(image)) and next(image.iterancestors("a"), None) is None
    ]
    closest = _closest(shown, element) if shown else None
    return closest if closest is not None and len("".join(words(closest).split())) < _LITTLE else None


def _closest(images: Collection[etree._Element], around: etree._Element) -> etree._Element:
    """The innermost element that holds all of some pictures: a line of day and source may stand beside it."""
    for child in around:
        if isinstance(child.tag, str) and child.tag != "img" and all(inside_of(i, child) for i in images):
            return _closest(images, child)
    return around


def _source(image: etree._Element) -> str:
    return next((value for key in _SOURCES if (value := (image.get(key) or "").strip())), "")


def pictures(
    container: etree._Element, base: str, book: FieldBook, away: Collection[etree._Element] = ()
) -> tuple[Attachment, ...]:
    """The pictures that are a document's text, a scan page by page: files like others, for their replacement to show.

    Icons, codes to scan and what is hidden are none of them; nor are pictures within the markup itself, in ``away``, and covers.
    """
    found: dict[str, Attachment] = {}
    for image in (image for image in container.iter("img") if not is_cover(image)):
        source = _source(image)
        address = None if _NO_PICTURE.search(source) else absolute(base, source)
        around = [a for a in image.iterancestors() if a is not container and container in a.iterancestors()]
        if address is None or any(a in away or left_out(a, book) for a in around):
            continue
        shown = clean(image.get("alt") or image.get("title") or "")
        name = shown if len(shown) > 1 else file_name(address)
        found.setdefault(address, Attachment(name=safe_label(name), url=address))
    return tuple(found.values())


def is_cover(image: etree._Element) -> bool:
    """Whether a picture is the first page of a file, which a click on it opens or a script shows: not the text."""
    opened = (image.get("data-powerurl"), *(link.get("href") for link in image.iterancestors("a")))
    return any(extension(address or "") for address in opened)


def from_records(files: list[tuple[str, str]], base: str) -> tuple[Attachment, ...]:
    """Attachments that a JSON record lists as (name, address)."""
    found = []
    for name, href in files:
        address = absolute(base, href)
        if address:
            kind = extension(address) or extension("http://x/" + name)
            media = MEDIA_TYPES.get(kind) if kind else None
            found.append(
                Attachment(name=safe_label(name) or file_name(address), url=address, media_type=media)
            )
    return tuple(found)


def _links(
    root: etree._Element, base: str, told: Collection[etree._Element], *, clicks: bool
) -> Iterator[tuple[str, etree._Element, str]]:
    """(address, element, its words) of everything that may lead to a file, what a text has ``told`` to be one included;
    ``clicks``: also ``<span onclick="…">``."""
    for element in cast("list[etree._Element]", _CLICKED(root)) if clicks else ():
        address = absolute(base, called(element) or "")
        if address:
            yield address, element, clean(words(element))
    for element in root.iter("a", "iframe", "embed", "object"):
        href = element.get("href") or element.get("src") or element.get("data") or _parameter(element)
        if element.tag == "a" and (not href or href[:1] == "#" or href[:11].lower() == "javascript:"):
            href = called(element)
        if not href:
            continue
        if not (MAYBE.search(href) or DOWNLOAD.search(href) or element in told) and (
            element.tag != "a"
            or (_PAGE.search(href.partition("?")[0]) and not ("?" in href and _names_file(element)))
            or not (_near_label(element) or _names_file(element) or _ends_alike(element, href))
        ):
            continue
        address = absolute(base, in_viewer(href))
        if address:
            yield address, element, clean(_words(element, href))


def _parameter(element: etree._Element) -> str | None:
    """The file of ``<object><param name="src" value="/a.pdf"></object>``."""
    values = (p.get("value") or "" for p in element.iter("param")) if element.tag == "object" else ()
    return next((value for value in values if MAYBE.search(value)), None)


def _words(element: etree._Element, href: str) -> str:
    """The words of a link, and of those right behind it that lead to the same: Word parts a name, ``<a>申</a><a>报表</a>``."""
    text, current = words(element), element
    while not (current.tail or "").strip():
        following = current.getnext()
        if following is None or following.tag != "a" or following.get("href") != href:
            break
        more, current = words(following), following
        # <a>申报表</a><a>（点击下载）</a>
        text += "" if text.strip() and GENERIC.match(clean(more)) else more
    return text


def _near_label(element: etree._Element) -> bool:
    """Cheaply: whether 附 stands in a link, or in its parent before it."""
    previous, text = before(element)
    return (previous is None and "附" in text) or any("附" in piece for piece in element.itertext())


def _names_file(element: etree._Element) -> bool:
    """Cheaply: whether a link is marked as a download, or its words or its title may be a file's name."""
    if element.get("download") is not None or MAYBE.search(element.get("title") or ""):
        return True
    return any(MAYBE.search(str(piece)) for piece in element.itertext()) or bool(beside(element))


def _ends_alike(element: etree._Element, address: str) -> bool:
    """Whether a link's words and its address end in one file type, whichever: ``<a href="/f/1-招标文件.CDZ">招标文件.CDZ</a>``."""
    path = address.partition("?")[0]
    ending = _ENDING.search(path)
    if ending is None or _PAGE.search(path):
        return False
    return words(element).strip().lower().endswith(ending["kind"].lower())


def _named_kind(element: etree._Element, text: str, address: str) -> str | None:
    """The file type in the name of a link whose address has none: ``<a href="/oss/77" download="申报表.docx">``."""
    parts = urlsplit(address)
    if element.tag != "a" or (_PAGE.search(parts.path) and not (parts.query and _PROGRAM.search(parts.path))):
        return None
    names = (element.get("download"), text, element.get("title"), beside(element))
    found = next((match for name in names if (match := NAMED.search((name or "").strip()))), None)
    return found.group(1).lower() if found else None


def _announced(element: etree._Element, text: str, address: str) -> bool:
    """Whether a link whose address is no page's is marked as a download, or 附件 stands in front of it or of its words."""
    if element.tag != "a" or _PAGE.search(urlsplit(address).path):
        return False
    if element.get("download") is not None:
        return True
    previous, in_front = before(element)
    return bool(_LABEL.match(text) or (previous is None and _LABEL.match(in_front)))


def _says_something(name: str, text: str, address: str) -> bool:
    """Whether a link without a file type has words of its own: 下载专区 of a menu has not."""
    return bool(_LABEL.match(text)) or not (
        GENERIC.match(name) or _PLACE_OF_FILES.search(name) or name == file_name(address)
    )


def _surroundings(container: etree._Element | None) -> frozenset[etree._Element]:
    """The body's parent and grandparent: an attachment list is often the body's sibling."""
    if container is None:
        return frozenset()
    near: list[etree._Element] = []
    for ancestor in container.iterancestors():
        if ancestor.tag in ("body", "html") or len(near) == 2:
            break
        near.append(ancestor)
    return frozenset(near)


def _belongs(element: etree._Element, near: frozenset[etree._Element]) -> bool:
    close = False
    area = False
    for ancestor in element.iterancestors():
        names = names_of(ancestor)
        if ancestor.tag in ("nav", "header", "footer") or (len(names) > 1 and _CHROME.search(names)):
            return False
        if len(names) > 1 and _AREA.search(names):
            area = True
        if ancestor in near:
            close = True
            break
    if area or close or element.tag in ("iframe", "embed", "object"):
        return True
    cell = element.getparent()
    over = before(cell)[0] if cell is not None and cell.tag in ("td", "dd") else None
    return bool(
        _LABEL.match(clean(words(element)))
        or _LABEL.match(before(element)[1])
        or (over is not None and _LABEL.match(words(over)[:_LONGEST_LABEL]))
        or any(map(_is_under_label, (element, *islice(element.iterancestors("table", "ul", "ol", "div"), 2))))
    )


def _is_under_label(files: etree._Element) -> bool:
    """Whether a list, or a link and those before it, stands right behind 附件列表, which is all that its heading says."""
    over, between = before(files)
    while over is not None and over.tag in ("a", "br") and not between.strip():
        over, between = before(over)
    if over is None and files.tag == "a":
        return _HEADING.fullmatch(between.strip()) is not None
    said = words(over).strip() if over is not None and not between.strip() else ""
    return _HEADING.fullmatch(said) is not None
