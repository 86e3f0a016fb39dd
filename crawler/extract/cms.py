"""Which content management system made a page, by words of its markup."""

from __future__ import annotations

import re

# Words of a page's markup that tell its CMS, in order; sought as they stand, which costs next to nothing.
_MARKS = (
    ("gkmlpt", (b"window._CONFIG", b"/gkmlpt/")),
    ("ucap", (b"UCAP-CONTENT", b"ucapcontent", b"UCAPCONTENT", b"_isAgg=true")),
    (
        "jcms",
        (
            b"ZJEG_RSS",
            b"/module/visitcount",
            b"/module/web/jpage",
            b"/module/jslib",
            b"hiddenLocation",
            b"Maketime",
        ),
    ),
    ("trs", (b"TRS_Editor", b"trs_editor_view", b"TRS_UEDITOR", b"createPageHTML")),
)
_TRS_ADDRESS = re.compile(r"/t20\d{6}_\d+\.s?html?$")


def cms_of(body: bytes, url: str) -> str | None:
    """The platform whose marks a document's page bears; None where it bears none."""
    for name, marks in _MARKS:
        if any(mark in body for mark in marks):
            return name
    return "trs" if _TRS_ADDRESS.search(url) else None
