"""What scripts do on clicks that no element states: handlers of jQuery, by the elements that they are set on. Nothing is run. Pure.

$(".view").click(function () { window.open("view.do?id=" + $(this).attr("id")) })
$(document).on("click", ".detail", function () { var id = $(this).data("id"); location.href = "/detail.html?id=" + id })
"""

from __future__ import annotations

import json
import re
from itertools import islice

from cssselect import SelectorError
from lxml import etree

from crawler.scripts.scan import LONGEST_FUNCTION, closing
from crawler.scripts.values import scripts_of

_SET = (
    r"\$\(\s*(?:document|window|[\"'](?P<own>[^\"'\n]{{1,120}})[\"']|[\w.]{{1,30}})\s*\)\s*\.\s*"
    r"(?:(?:{event})\s*\(|(?:on|bind|live)\s*\(\s*[\"'](?:{event})(?:\.\w{{1,30}})?[\"']\s*,)\s*"
    r"(?:[\"'](?P<within>[^\"'\n]{{1,120}})[\"']\s*,\s*)?(?:function\s*\(\s*\w{{0,30}}\s*\)|\(\s*\w{{0,30}}\s*\)\s*=>)\s*\{{"
)
_OF_CLICKS, _OF_CHANGES = (re.compile(_SET.format(event=event)) for event in ("click|tap", "change"))
_ALIAS = re.compile(r"\b(?:var|let|const)\s+([\w$]{1,30})\s*=\s*\$\(\s*this\s*\)")
_READ = (
    r"(?:\$\(\s*this\s*\){aliases})\s*\.\s*(?:(?P<how>attr|data)\s*\(\s*[\"'](?P<name>[\w-]{{1,40}})[\"']\s*\))"
    r"|\bthis\s*\.\s*(?:(?P<id>id)\b|getAttribute\s*\(\s*[\"'](?P<attribute>[\w-]{{1,40}})[\"']\s*\)|dataset\s*\.\s*(?P<data>\w{{1,40}}))"
)
_NUMBER = re.compile(r"0|[1-9]\d{0,14}")
_ONE = re.compile(r"#[\w-]+")  # $("#next").click(…)
_MOST_HANDLERS = 30
_MOST_ELEMENTS = 3_000


def handlers(text: str, root: etree._Element, *, of_changes: bool = False) -> dict[etree._Element, str]:
    """Element → the body of the function that a click on it calls, where that reads something of the element or is its own.

    ``of_changes``: a choice of another of its options instead of a click.
    """
    found: dict[etree._Element, str] = {}
    for script in scripts_of(text):
        for one in islice((_OF_CHANGES if of_changes else _OF_CLICKS).finditer(script), _MOST_HANDLERS):
            selector = one["within"] or one["own"]
            body = script[one.end() : closing(script, one.end(), one.end() + LONGEST_FUNCTION)]
            if selector is None or ("this" not in body and not _ONE.fullmatch(selector)):
                continue
            try:
                elements = root.cssselect(selector)
            except SelectorError:
                continue  # :eq(0) and others of jQuery's own
            for element in elements[:_MOST_ELEMENTS]:
                found.setdefault(element, body)
    return found


def read_off(body: str, element: etree._Element) -> str:
    """A function's body with what it reads of the element that was clicked written out: ``$(this).data("id")`` → ``"7"``."""
    aliases = "".join(rf"|(?<![\w$.]){re.escape(name)}" for name in _ALIAS.findall(body))

    def value(found: re.Match[str]) -> str:
        name = found["name"] or found["attribute"] or found["id"]
        if found["how"] == "data":
            name = f"data-{name}"
        elif found["data"]:  # dataset.infoId is data-info-id
            name = "data-" + re.sub(r"[A-Z]", lambda letter: f"-{letter.group().lower()}", found["data"])
        stated = element.get(name)
        if found["how"] == "data" and stated is not None and _NUMBER.fullmatch(stated):
            return stated  # jQuery makes a number of it
        return json.dumps(stated, ensure_ascii=False) if stated is not None else found.group()

    return re.sub(_READ.format(aliases=aliases), value, body)
