"""Rows and pages that open by a click whose function lies in a file of the site: for ``sites add``.

<a onclick="openInfo(70012)">关于…的通知</a> · /js/common.js: function openInfo(id) { window.open("/show.do?id=" + id) }
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

from crawler.lists import form_pagers, pagers
from crawler.lists.row_groups import text_of
from crawler.platforms.base import PageRequest, Recognition
from crawler.scripts.calls import Functions
from crawler.survey.asking import Asker
from crawler.survey.findings import Page
from crawler.survey.script_files import script_files

_CLICKABLE = ("a", "tr", "li", "td", "span", "div", "button", "p")
_TITLE = re.compile(r"[\u4e00-\u9fff]{2}.*[\u4e00-\u9fff]{3}", re.DOTALL)
_FEWEST_ROWS = 3
_MOST_FILES = 3
_MOST_ARGUMENTS = 6
_BY_CLICK = 0.85


def clicked(page: Page, asker: Asker) -> Recognition | None:
    """The list of a page whose rows, or whose further pages, only functions of files of the site open; None for others."""
    if page.root is None:
        return None
    wanted = _undefined(page)
    told: dict[str, str] = {}
    files = []
    for address in script_files(page, of_the_site=True)[:_MOST_FILES] if wanted else ():
        file = asker.page(PageRequest(url=address))
        if file is None:
            continue
        functions = Functions(f"{page.text}<script>{file.text}</script>", page.root, page.url)
        found = {name: way for name in wanted - set(told) if (way := _way(name, functions)) is not None}
        files += [address] if found else []
        told |= found
        if wanted <= set(told):
            break
    if not told:
        return None
    names = ", ".join(f"{name}(…)" for name in sorted(told))
    where = ", ".join(urlsplit(address).path for address in files)
    return Recognition(
        confidence=_BY_CLICK,
        catalogues=(("list", None, page.url, {"clicks": dict(sorted(told.items()))}),),
        reasons=(f"{names} of {where} opens its rows or pages",),
        to_check=(f"what {names} opens was read when this was drafted: does it still open that?",),
    )


def _undefined(page: Page) -> set[str]:
    """Functions that rows call, and the way to the next page, and that the page does not define."""
    if page.root is None:
        return set()
    functions = Functions(page.text, page.root, page.url)
    rows: Counter[str] = Counter()
    ways = set()
    for element in page.root.iter(*_CLICKABLE):
        effect = functions.effect(element)
        if effect is None or effect.unknown is None or effect.unknown[0] == form_pagers.POSTBACK:
            continue
        if pagers.is_next(element):
            ways.add(effect.unknown[0])
        rows[effect.unknown[0]] += bool(_TITLE.search(text_of(element)))
    request = PageRequest(url=page.url, chain="list")
    if ways and form_pagers.following(page.root, functions, page.url, request, None)[0] is not None:
        ways = set()
    return {name for name, count in rows.items() if count >= _FEWEST_ROWS} | ways


def _way(name: str, functions: Functions) -> str | None:
    """What a function opens, with its arguments by their places in braces: ``/show.do?id={1}``."""
    marks = [f"GONGKAI{place}GIVEN" for place in range(1, _MOST_ARGUMENTS + 1)]
    given = ", ".join(f"'{mark}'" for mark in marks)
    effect = functions.effect_of(f"{name}({given})")
    address = effect.address if effect is not None else None
    if address is None or re.search(r"[{}]", address):
        return None
    for place, mark in enumerate(marks, 1):
        address = address.replace(mark, f"{{{place}}}")
    return address if "{" in address else None
