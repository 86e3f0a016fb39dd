"""The files of scripts of a page that may be its own, by their names."""

from __future__ import annotations

import re

from crawler.extract.links import absolute, base_of
from crawler.outcomes import same_host
from crawler.survey.findings import Page

# What is loaded on every page of a site, or by every site: no list is asked for there.
_LIBRARY = re.compile(
    r"jquery|swiper|vue(?:\.|-|$)|react|axios|bootstrap|layui|layer|echarts|angular|require|polyfill|html5|respond|pdf|video|slide"
    r"|wza|barrier|share|qrcode|tongji|analytics|jweixin|print|font|calendar|datepicker|laydate|md5|sm[234]|crypto|base64|superslide"
    r"|chunk-vendors|[a-z.]*min\.js",
    re.IGNORECASE,
)
# import { listNotice } from './api/notice.js'
_IMPORTED = re.compile(r"\bimport\b[^;'\"()]{0,300}[\"'](?P<path>(?:\.{1,2})?/[^\"'\n]{1,200})[\"']")
_OF_THE_SITE = re.compile(r"common|public|header|footer|top", re.IGNORECASE)


def script_files(page: Page, *, of_the_site: bool = False) -> list[str]:
    """Addresses of the files that are no libraries, the last ones first: what is a page's own stands behind those.

    ``of_the_site``: also what all pages of a site share, at the end.
    """
    if page.root is None:
        return []
    base = base_of(page.root, page.url)
    found = (absolute(base, script.get("src")) for script in page.root.iter("script") if script.get("src"))
    own = [a for a in found if a and same_host(page.url, a) and not _LIBRARY.search(a.rpartition("/")[2])]
    shared = [address for address in own if _OF_THE_SITE.search(address.rpartition("/")[2])]
    first = [address for address in reversed(own) if address not in shared]
    return list(dict.fromkeys((*first, *(reversed(shared) if of_the_site else ()))))


def imports_of(file: Page) -> list[str]:
    """Addresses of the modules that a file of scripts imports by a path: ``./api/notice.js``, ``../utils/request``."""
    found = (absolute(file.url, one["path"]) for one in _IMPORTED.finditer(file.text))
    whole = (
        address if re.search(r"\.m?js(?:\?|$)", address) else f"{address}.js" for address in found if address
    )
    own = (a for a in whole if same_host(file.url, a) and not _LIBRARY.search(a.rpartition("/")[2]))
    return list(dict.fromkeys(own))
