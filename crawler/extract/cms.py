"""Which content management system made a page, by words of its markup."""

from __future__ import annotations

import re

# Words of a page's markup that tell its CMS, in order. Each begins with letters as they stand, which are sought at once.
_MARKS = (
    ("gkmlpt", (rb"window\._CONFIG", rb"/gkmlpt/")),
    ("ucap", (rb"UCAP-?CONTENT", rb"ucapcontent", rb"_isAgg=true")),
    ("jcms", (rb"ZJEG_RSS", rb"/module/(?:visitcount|web/jpage|jslib)", rb"hiddenLocation", rb"Maketime")),
    ("trs", (rb"TRS_(?:Editor|UEDITOR)", rb"trs_editor_view", rb"createPageHTML")),
)
_PATTERNS = tuple((name, tuple(map(re.compile, marks))) for name, marks in _MARKS)
_TRS_ADDRESS = re.compile(r"/t20\d{6}_\d+\.s?html?$")


def cms_of(body: bytes, url: str) -> str | None:
    """The platform whose marks a document's page bears; None where it bears none."""
    for name, patterns in _PATTERNS:
        if any(pattern.search(body) for pattern in patterns):
            return name
    return "trs" if _TRS_ADDRESS.search(url) else None
