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
# var ly='';if(ly==''){document.write('某厅')}else{document.write(ly)}
_WRITES_EITHER = re.compile(
    rf"\s*(?:var|let|const)\s+(?P<name>\w+)\s*=\s*(?P<value>{_TEXT})\s*;?\s*"
    rf"if\s*\(\s*(?P=name)\s*(?P<is>[!=])==?\s*(?P<nothing>{_NOTHING})\s*\)\s*\{{?\s*document\.write\(\s*(?P<then>{_TEXT}|\w+)\s*\)\s*;?\s*\}}?"
    rf"\s*else\s*\{{?\s*document\.write\(\s*(?P<otherwise>{_TEXT}|\w+)\s*\)\s*;?\s*\}}?\s*;?\s*"
)
# var ly='某厅';if(ly!=''){document.write('<b>来源：</b>'+ly)}, or with the value once more in the markup; if('某厅'!=''){…}
_MARKED = r"'(?:[^'\\\n]|\\['\"/])*'|\"(?:[^\"\\\n]|\\['\"/])*\""
_WRITES_MARKED = re.compile(
    rf"\s*(?:(?:var|let|const)\s+(?P<name>\w+)\s*=\s*(?P<value>{_TEXT})\s*;?\s*if\s*\(\s*(?P=name)|if\s*\(\s*(?P<tested>{_TEXT}))"
    rf"\s*!==?\s*(?P<nothing>{_NOTHING})\s*\)\s*\{{?\s*"
    rf"document\.write\(\s*(?P<pieces>(?:{_MARKED}|(?P=name))(?:\s*\+\s*(?:{_MARKED}|(?P=name))){{0,3}})\s*\)\s*;?\s*\}}?\s*;?\s*"
)
_PIECE = re.compile(rf"{_MARKED}|\w+")
_PLAIN_TAG = re.compile(r"</?(?:span|b|i|em|font|strong|label|p|div|br)\b[^<>]*>", re.IGNORECASE)
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
    told = " ".join(code.split())  # runs of white space would be tried in every way
    match = _WRITES.fullmatch(told)
    if match is None:
        return _either(told) if "else" in told else _marked(told)
    value = match["literal"] or match["value"]
    left_out = _TESTED.findall(match["test"].partition("(")[2]) if match["test"] else []
    return (
        "" if value in left_out or value.replace('"', "'") in left_out else _ESCAPED.sub(r"\1", value[1:-1])
    )


def _either(code: str) -> str | None:
    """What is written of two texts, one of which stands in for a value that is empty."""
    match = _WRITES_EITHER.fullmatch(code)
    if match is None:
        return None
    is_empty = match["value"][1:-1] == match["nothing"].strip("'\"")
    chosen = match["then"] if is_empty == (match["is"] == "=") else match["otherwise"]
    chosen = match["value"] if chosen == match["name"] else chosen
    return _ESCAPED.sub(r"\1", chosen[1:-1]) if chosen[:1] in "'\"" else None


def _marked(code: str) -> str | None:
    """The words of plain markup that is written around a value, where that is not empty."""
    match = _WRITES_MARKED.fullmatch(code)
    if match is None:
        return None
    value = (match["value"] or match["tested"])[1:-1]
    if not value or value == match["nothing"].strip("'\""):
        return ""
    pieces = [value if piece == match["name"] else piece[1:-1] for piece in _PIECE.findall(match["pieces"])]
    words = _PLAIN_TAG.sub("", _ESCAPED.sub(r"\1", "".join(pieces)))
    return words if value in words and "<" not in words else None
