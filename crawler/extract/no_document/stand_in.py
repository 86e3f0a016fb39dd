"""Pages that hold no document and lead to the one that does: a jump, a frame around it, a viewer of a file. Pure.

``<script>window.location.href="/art/2031/3/5/art_7.html"</script>``, ``<meta http-equiv="refresh" content="0;url=…">``,
``<body><iframe src="7.html"></iframe></body>``, ``/pdfjs/web/viewer.html?file=/files/7.pdf``: catalogues list them like
documents. Nothing is run: an address that a script puts together is not known.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from lxml import etree

from crawler.extract import refresh
from crawler.extract.body.set_aside import hides
from crawler.extract.linked_files.names import extension
from crawler.extract.links import absolute

_LONGEST = 20_000  # characters of a page that is nothing but a jump
_JUMP = re.compile(
    r"(?<![\w.])(?:(?:window|document|self|top|parent)\.)*location(?:\.href)?\s*"
    r"(?:=(?!=)\s*|\.(?:replace|assign)\s*\(\s*)(?:\"([^\"\s]{1,500})\"|'([^'\s]{1,500})')\s*(?=[;)}<\n\r/]|$)"
)
_BARE_JUMP = re.compile(_JUMP.pattern + r"\s*\)?\s*;?\s*")
_LONGEST_BARE = 3_000  # characters
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_SCRIPT = re.compile(r"<(?:no)?script\b[^<>]{0,200}>", re.IGNORECASE)
_FRAME = re.compile(r"<i?frame\b[^>]{0,400}?\bsrc\s*=\s*[\"']?([^\"'>\s]{1,500})[^>]{0,400}>", re.IGNORECASE)
_VIEWER = re.compile(r"/viewer\.html?$", re.IGNORECASE)
# Where a page leads whom it does not know: no document stands there. /login.jsp, /sso/auth?service=…
_LOGIN = re.compile(
    r"/(?:user|member|admin|account)?[-_/]?(?:log[io]n|sign-?in|sso|cas|oauth2?|passport)(?:[/.;]|$)",
    re.IGNORECASE,
)
_LISTS = re.compile(r"(?:/|/(?:index|default|main|home)(?:\.[a-z]{2,5})?)$", re.IGNORECASE)


def target(text: str, url: str) -> str | None:
    """Where a page without anything to see leads to, on its own host; None where it leads nowhere, or to several places.

    ``text`` is the markup of a page that shows nothing; ``url`` its address.
    """
    if _VIEWER.search(urlsplit(url).path):
        shown = next((v for k, v in parse_qsl(urlsplit(url).query) if k == "file" and extension(v)), None)
        return _elsewhere(shown, url) if shown else None
    if len(text) > _LONGEST:
        return None
    said = [address for seconds, address in refresh.in_markup(text) if address and seconds <= refresh.SLOWEST]
    said = said or [found[1] or found[2] for found in _JUMP.finditer(text)]
    said = said or [found[1] for found in _FRAME.finditer(text)]
    led = {_elsewhere(address.replace("&amp;", "&"), url) for address in said}
    return led.pop() if len(led) == 1 else None


def jump(text: str, url: str) -> str | None:
    """Where a page leads that is one jump and nothing else; what a script may decide is none.

    >>> jump("<script>window.location.href = '/';</script>", "http://a.example/zw/1.html")
    'http://a.example/'
    """
    if len(text) > _LONGEST_BARE:
        return None
    text = _COMMENT.sub("", text)
    said = [address for seconds, address in refresh.in_markup(text) if seconds <= refresh.SLOWEST]
    if _SCRIPT.search(text):
        _, code, *others = _SCRIPT.split(text)
        found = _BARE_JUMP.fullmatch(code.partition("</")[0].strip()) if not others else None
        said = [found[1] or found[2]] if found else []
    return urljoin(url, said[0]) if len(said) == 1 and absolute(url, said[0]) is not None else None


def framed(root: etree._Element, container: etree._Element | None, base: str, url: str) -> tuple[str, ...]:
    """The pages in the frames of a page that has a title and no text; empty where there is none, or it cannot be told.

    ``container`` is the element that is named as the text's: all frames in it hold the text, one behind the other. Beside
    them, or without one, only a single frame is known to be no menu's.
    """
    found = _frames(container, base, url) if container is not None else []
    found = found or (one if len(one := _frames(root, base, url)) == 1 else [])
    return tuple(found) if all(extension(address) is None for address in found) else ()


def _frames(element: etree._Element, base: str, url: str) -> list[str]:
    """Addresses of the frames in an element that are to be seen and lead to another page of the same host, in their order."""
    found = {
        _elsewhere(absolute(base, frame.get("src") or "") or "", url): None
        for frame in element.iter("iframe", "frame")
        if (frame.get("height") or "").removesuffix("px") not in ("0", "1")  # what counts visits has no size
        if not hides(frame.get("style") or "")
    }
    return [] if None in found else [address for address in found if address is not None]


def _elsewhere(address: str, url: str) -> str | None:
    """Another page of the same host, not its front page, a list's nor the one that asks who is there."""
    led = urldefrag(absolute(url, address) or "")[0]
    there, here = urlsplit(led), urlsplit(url)
    if not led or led == urldefrag(url)[0] or (there.hostname, there.port) != (here.hostname, here.port):
        return None
    if _LOGIN.search(there.path):
        return None
    return None if _LISTS.search(there.path) and not there.query else led
