"""Addresses of links: absolute, http(s) only, without fragments."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from lxml import etree
from w3lib.url import safe_url_string

# show.jsp;jsessionid=0A1B…?id=7 and /(S(lit3py55t21z5v55vlm25s55))/show.aspx of ASP.NET: of the visit, not of the page
_SESSION = re.compile(r";jsessionid=[^/?#;]*|/\((?:[A-Z]\([\w-]{1,500}\)){1,3}\)(?=/)", re.I)
_SENT_AS_IT_IS = re.compile(r"[A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*")
_LINE_ENDS = str.maketrans("", "", "\t\r\n")
_NOWHERE = re.compile(r"\s*(?:javascript:|#)", re.I)
_ADDRESSES = ("data-url", "data-href", "data-link")
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|\{%")  # {{item.url}}: what a script fills has no address yet
_CONTROL = re.compile(r"[\x00-\x20\x7f\u3000\u00a0]+")


def without_session(url: str) -> str:
    """An address without the session of the visit in which it was copied."""
    return _SESSION.sub("", url)


def absolute(base: str, href: str | None) -> str | None:
    """The address a link leads to, or None where it leads nowhere (javascript:, mailto:, malformed, of a template).

    White space at the ends and line breaks inside are dropped, as browsers do; backslashes of Windows
    editors (``..\\files\\a.doc``) become slashes; the fragment is dropped. What is beyond ASCII is written out as it is
    sent: the address that a server leads back to must be the one that was asked for.
    """
    if not href:
        return None
    target = href.strip()
    if not target or target.startswith("#") or _TEMPLATE.search(target):
        return None
    target = target.translate(_LINE_ENDS)
    path, mark, query = target.partition("?")
    target = path.replace("\\", "/") + mark + query
    try:
        parts = urlsplit(urljoin(base, target))
        _ = parts.port
    except ValueError:  # "Invalid IPv6 URL" of http://[某某]/, a port that is none
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    clean_path = _CONTROL.sub("%20", _SESSION.sub("", parts.path))
    address = urlunsplit((parts.scheme, parts.netloc, clean_path, _CONTROL.sub("%20", parts.query), ""))
    if _SENT_AS_IT_IS.fullmatch(address):
        return address
    try:
        return safe_url_string(address)
    except ValueError:  # half a character
        return None


def base_of(root: etree._Element, url: str) -> str:
    """What the links of the page at ``url`` are relative to: its <base href>, else its own address."""
    stated = root.find(".//base[@href]")
    return (absolute(url, stated.get("href")) or url) if stated is not None else url


def stated_address(element: etree._Element) -> str | None:
    """The address that an element states, as it is written: ``<a href>``, and ``<a href="javascript:;" data-url>``."""
    href: str | None = element.get("href")
    if href and not _NOWHERE.match(href):
        return href
    return next((value for name in _ADDRESSES if (value := element.get(name)) and "/" in value), href)


def address_of(element: etree._Element, url: str) -> str | None:
    """The address to which an element leads; None where it states none."""
    return absolute(url, stated_address(element))
