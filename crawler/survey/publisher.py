"""Who publishes a site: its Chinese name, province and level, from what its pages say. Pure functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.lists.row_groups import text_of
from crawler.lists.signposts import metas, title_parts
from crawler.regions import Regions, Whereabouts, is_bureau
from crawler.survey.findings import SURE, Finding, Page

_OFFICE = re.compile(
    r"[\u4e00-\u9fff（）()]{2,30}?(?:人民政府(?:办公[厅室])?|总局|局|厅|委员会|管委会|办公[厅室]|部|署|法院|检察院|海关|新区|开发区|街道办事处)"
)
_SITE_WORDS = re.compile(r"(?:门户|官方|政府|政务|信息公开|公众信息)?(?:网站|网|平台|目录)$")
_HOSTS = re.compile(
    r"(?:主办(?:单位)?|版权所有)\s*[：:©]?\s*(?:©|Copyright)?\s*([\u4e00-\u9fff（）()]{4,30})"
)
_TAIL = 3_000  # characters at the end of a page, in which its footer stands


def publisher_name(pages: Sequence[Page], issuers: Sequence[str]) -> Finding:
    """The publishing body's name. ``issuers``: the issuing bodies of the documents that were read."""
    said: list[tuple[float, str, str]] = []
    for page in pages:
        if page.root is None:
            continue
        if name := metas(page.root).get("sitename"):
            said.append((0.95, _office(name) or name, "SiteName in the page's meta tags"))
        if hosted := _HOSTS.search(text_of(page.root)[-_TAIL:]):
            said.append((0.75, _office(hosted[1]) or hosted[1], "主办单位 or 版权所有 in the footer"))
        for part in title_parts(page.root)[1:]:
            if office := _office(part):
                said.append((0.7, office, "the end of the page's title"))
    if issuers:
        (issuer, count), *_ = Counter(issuers).most_common(1)
        if count == len(issuers):
            said.append((0.5, issuer, "the issuing body of every document that was read"))
    if not said:
        host = urlsplit(pages[0].url).hostname if pages else None
        return Finding(
            "name", host or "unknown", 0.0, ("no page names its publisher",), ("write the Chinese name",)
        )
    certainty, name, why = max(said, key=lambda one: one[0])
    reasons = list(dict.fromkeys(one[2] for one in said if one[1] == name))
    others = list(dict.fromkeys(one[1] for one in said if one[1] != name and name not in one[1]))
    if len(reasons) > 1:
        certainty = min(0.97, certainty + 0.15)
    look = (f"elsewhere it says {others[0]}",) if others and certainty < SURE else ()
    return Finding("name", name, certainty, tuple(reasons or [why]), look)


def _office(words: str) -> str | None:
    """The office that a site's name or title is of: 临江市人民政府门户网站 → 临江市人民政府."""
    bare = _SITE_WORDS.sub("", words.strip())
    return bare if _OFFICE.fullmatch(bare) else None


def whereabouts(pages: Sequence[Page], url: str, name: Finding, regions: Regions) -> tuple[Finding, Finding]:
    """Province and level, each with its reasons; ``unknown`` where nothing tells."""
    codes = [c for page in pages if page.root is not None and (c := metas(page.root).get("siteidcode"))]
    told = [
        found
        for found in (
            *(regions.of_code(code) for code in dict.fromkeys(codes)),
            regions.of_host(url),
            regions.of_name(name.value) if name.certainty else None,
        )
        if found is not None
    ]
    return _province(told), _level(told, name)


def _province(told: Sequence[Whereabouts]) -> Finding:
    provinces = [(w.province, w.why) for w in told if w.province]
    if not provinces:
        why = "neither a SiteIDCode, nor the host, nor the name tells"
        return Finding(
            "province", "unknown", 0.0, (why,), ("write the province, in Chinese, if you know it",)
        )
    first = provinces[0][0] or ""
    against = [why for province, why in provinces if province != first]
    reasons = tuple(why for province, why in provinces if province == first)
    if against:
        return Finding("province", first, 0.5, reasons, (f"but {against[0]}",))
    return Finding("province", first, 0.97 if len(reasons) > 1 else 0.92, reasons)


def _level(told: Sequence[Whereabouts], name: Finding) -> Finding:
    levels = [(w.level, w.why) for w in told if w.level]
    bureau = name.certainty > 0 and is_bureau(name.value)
    if not levels:
        return Finding("level", "unknown", 0.0, ("nothing tells the level of government",))
    level, why = levels[0]
    if bureau and level in ("municipal", "district", "department"):
        return Finding("level", "department", 0.9, (why, f"{name.value} is a department"))
    agreed = {one for one, _ in levels} == {level}
    return Finding("level", level or "unknown", 0.9 if agreed else 0.6, (why,))
