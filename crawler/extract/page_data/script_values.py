"""Values that a page's own scripts write where they stand: ``var no='湘政发〔2009〕30号';document.write(no)``.

Templates of some CMS wrap single values so, to leave out what is "null". Only scripts that write one literal, under
no condition but that it is not empty, are read: what depends on the address or the browser stays unread.
"""

from __future__ import annotations

import re

from lxml import etree

_LONGEST = 600  # characters of a script that writes one value
_TEXT = r"'(?:[^'\\\n<>]|\\['\"/])*'|\"(?:[^\"\\\n<>]|\\['\"/])*\""
_NOTHING = rf"(?:{_TEXT}|null|undefined)"
_WRITES = re.compile(
    rf"\s*(?:<!--|//\s*<!\[CDATA\[)?\s*"
    rf"(?:(?:var|let|const)\s+(?P<name>\w+)\s*=\s*(?P<value>{_TEXT})\s*;?\s*"
    rf"(?P<test>if\s*\(\s*(?P=name)\s*!==?\s*{_NOTHING}(?:\s*&&\s*(?P=name)\s*!==?\s*{_NOTHING})*\s*\)\s*\{{?)?"
    rf"\s*document\.write(?:ln)?\(\s*(?P=name)\s*\)|document\.write(?:ln)?\(\s*(?P<literal>{_TEXT})\s*\))"
    rf"\s*;?\s*\}}?\s*;?\s*(?://\s*(?:-->|\]\]>)|-->)?\s*"
)
_TESTED = re.compile(_NOTHING)
_ESCAPED = re.compile(r"\\(['\"/])")


def show(root: etree._Element) -> None:
    """Put in the place of each script that writes one value an element that holds it."""
    for script in list(root.iter("script")):
        code = script.text
        if code and len(code) <= _LONGEST and "document.write" in code and not script.get("src"):
            value = written(code)
            if value is not None:
                script.tag = "span"
                script.attrib.clear()
                script.text = value


def written(code: str) -> str | None:
    """The text that a script writes; None where it does anything else.

    >>> written("var d='某发〔2031〕3号';if(d!='null'){document.write(d)}")
    '某发〔2031〕3号'
    """
    match = _WRITES.fullmatch(" ".join(code.split()))  # runs of white space would be tried in every way
    if match is None:
        return None
    value = match["literal"] or match["value"]
    left_out = _TESTED.findall(match["test"].partition("(")[2]) if match["test"] else []
    return (
        "" if value in left_out or value.replace('"', "'") in left_out else _ESCAPED.sub(r"\1", value[1:-1])
    )
