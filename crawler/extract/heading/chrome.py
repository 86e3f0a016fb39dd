"""Which elements are the furniture of a page by where they stand: its head, menus, columns of links; the head of an article is none."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

from crawler.extract.tree import names_of

_CHROME = re.compile(
    r"(?:^|[\s_-])(?:logo|nav|menu|header|footer|banner|top|side|sidebar|related|hot|list|column"
    r"|channel|crumbs?|position|tab|sitename|site-name)(?:$|[\s_-])",
    re.IGNORECASE,
)
# The head of an article, which is none of the page.
_OF_ARTICLE = re.compile(
    r"(?:\b|_)(?:article|art|detail|details|news|doc|post|info|xl|xq|zw|content|con|card|panel)[-_]{1,2}(?:header|head|top)\b"
    r"|(?:\b|_)page[-_]header"  # of Bootstrap and Ant Design
    r"|\b(?:header|head|top)[-_](?:article|detail|title|content|info)\b"
    r"|\b(?:no-)?(?:margin|padding|border)-(?:top|side)\b",
    re.IGNORECASE,
)
_MOST_LINKS = 3  # of the head of an article: its column, the way back


def around_of(container: etree._Element | None) -> frozenset[etree._Element]:
    """What stands around the text, which is no furniture, whatever its name: ``<div id="list">``."""
    return frozenset(() if container is None else container.iterancestors())


def in_chrome(element: etree._Element, around: frozenset[etree._Element]) -> bool:
    """Whether an element is a link, or stands in a menu, a head or a foot of the site, by tags and names; ``around`` as above."""
    for index, ancestor in enumerate((element, *element.iterancestors())):
        if ancestor in around:
            return False
        tag = ancestor.tag
        if tag == "header" and _is_of_article(ancestor):
            continue
        if tag in ("nav", "header", "footer", "aside", "a"):
            return True
        if tag in ("body", "html") or index > 6:
            return False
        if index < 4:
            names = names_of(ancestor)
            if len(names) > 1 and _named_chrome(names):
                return True
    return False


def _is_of_article(header: etree._Element) -> bool:
    """``<header class="detail-header">``, one within an article, or one of a section that holds an h1 and no menu."""
    names = names_of(header)
    if _OF_ARTICLE.search(names) or next(header.iterancestors("article"), None) is not None:
        return True
    if next(header.iterancestors("section", "main"), None) is None or next(header.iter("h1"), None) is None:
        return False
    leading = (a for a in header.iter("a") if (a.get("href") or "#")[:11].lower() not in ("#", "javascript:"))
    return next(header.iter("nav", "form"), None) is None and len(list(leading)) <= _MOST_LINKS


@lru_cache(maxsize=4096)
def _named_chrome(names: str) -> bool:
    return bool(_CHROME.search(_OF_ARTICLE.sub("", names)))
