"""Lists that a page's own scripts write: texts and simple variables in document.write, innerHTML, append. No script is run."""

from __future__ import annotations

import re
from collections.abc import Iterator

_STRING = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
# var url = "./202602/t20260214_7.shtml" · title = "…"; · document.writeln("<a href="+url+">" + title + "</a>")
_SUM = rf"(?:{_STRING}|[\w$]+)(?:\s*\+\s*(?:{_STRING}|[\w$]+))*"
# document.writeln("<a href="+url+">" + title + "</a>") · list.innerHTML += row · $("#list").append("<li>…</li>")
# var url = "./202602/t20260214_7.shtml" · title = "…"; · row += "<span>" + date + "</span>";
_STATEMENT = re.compile(
    rf"document\s*\.\s*write(?:ln)?\s*\((?P<written>(?:{_STRING}|[^()\"']|\([^()]*\))*)\)"
    rf"|\.\s*(?:innerHTML\s*\+?=|(?:html|append)\s*\()\s*(?P<put>{_SUM})\s*(?=[;)\n\r}}]|$)"
    rf"|(?P<var>\bvar\s+|\blet\s+|\bconst\s+)?(?<![\w.$])(?P<name>[A-Za-z_$][\w$]*)\s*(?P<more>\+?)=\s*"
    rf"(?P<value>{_SUM})\s*(?=[;\n\r}}]|$)"
)
_TERM = re.compile(rf"\s*(?:(?P<string>{_STRING})|(?P<name>[A-Za-z_$][\w$]*)|(?P<number>\d+))\s*(?:\+|,|$)")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "", "v": "", "0": ""}
_WRITES = re.compile(r"document\s*\.\s*write|\.\s*innerHTML|\.\s*(?:html|append)\s*\(")
_UNKNOWN = "\ufffc"  # stands for what cannot be told
_UNKNOWN_TAG = re.compile(r"<[^<>\ufffc]*\ufffc[^<>]*>")  # a link to somewhere is no link
_LARGEST = 2_000_000  # characters of a page whose scripts are read
_LONGEST_VALUE = 300_000  # characters of a variable: what doubles itself in a loop must end


def with_written(text: str) -> str:
    """The page with what its scripts write behind them."""
    if len(text) > _LARGEST or not _WRITES.search(text):
        return text
    known: dict[str, str] = {}
    parts: list[str] = []
    position, size = 0, 0
    for begin, end, stop in places_of_scripts(text):
        written = _UNKNOWN_TAG.sub("", _written(text[begin:end], known)).replace(_UNKNOWN, "")
        size += len(written)
        if size > _LARGEST:
            return text
        parts += [text[position:stop], written if "<" in written else ""]
        position = stop
    return "".join((*parts, text[position:]))


def places_of_scripts(text: str) -> Iterator[tuple[int, int, int]]:
    """(start of its code, end of its code, end) of every script of a page."""
    lowered = text.lower()
    stop = 0
    while (start := lowered.find("<script", stop)) >= 0:
        begin, end = lowered.find(">", start) + 1, lowered.find("</script", start)
        if not 0 < begin <= end:
            return
        stop = lowered.find(">", end) + 1 or len(text)
        yield begin, end, stop


def _written(script: str, known: dict[str, str]) -> str:
    """What a script writes. ``known`` holds the variables of all scripts so far."""
    parts: list[str] = []
    depth, position, size = 0, 0, 0
    for statement in _STATEMENT.finditer(script):
        size += len(parts[-1]) if parts else 0
        if size > _LARGEST:
            break
        between = script[position : statement.start()]
        depth += between.count("{") - between.count("}")
        position = statement.end()
        if statement["written"] is not None:
            parts.append(_evaluated(statement["written"], known) or "")
        elif statement["put"] is not None:
            parts.append(evaluated(statement["put"], known) or "")
        else:
            _assign(statement, known, conditional=depth > 0)
    return "".join(parts)


def _assign(statement: re.Match[str], known: dict[str, str], *, conditional: bool) -> None:
    """Note the new value of a variable; one that cannot be told makes it unknown.

    if (short == "") { title = "…" }: within braces a second value counts only where the first says nothing.
    """
    name, value = statement["name"], evaluated(statement["value"], known)
    if "+" in statement["value"] and not re.search(r"[\"']", statement["value"]):
        value = None  # numbers, perhaps: nextPage = currentPage + 1
    if statement["more"]:
        before = known.get(name)
        if before is None or value is None or len(before) + len(value) > _LONGEST_VALUE:
            known.pop(name, None)
        else:
            known[name] = before + value
    elif value is None:
        known.pop(name, None)
    elif statement["var"] or not conditional or not known.get(name):
        known[name] = value


def _evaluated(expression: str, known: dict[str, str]) -> str | None:
    """The text of a sum of strings and known variables; None where it has other parts."""
    position, length = 0, 0
    parts: list[str] = []
    while position < len(expression):
        length += len(parts[-1]) if parts else 0
        if length > _LONGEST_VALUE:
            return None
        term = _TERM.match(expression, position)
        if term is None:
            return None if expression[position:].strip() else "".join(parts)
        if term["string"] is not None:
            parts.append(unquoted(term["string"]))
        elif term["name"] is not None:
            parts.append(known.get(term["name"], _UNKNOWN))
        else:
            parts.append(term["number"])
        position = term.end()
    return "".join(parts)


def evaluated(expression: str, known: dict[str, str]) -> str | None:
    """Like ``document.write`` of it, but None as well where a variable is not known."""
    names = [term["name"] for term in _TERM.finditer(expression) if term["name"] is not None]
    return _evaluated(expression, known) if all(name in known for name in names) else None


def literal_value(literal: str) -> str:
    """The value of a string or a number of JavaScript, as text."""
    return literal if literal.isdecimal() else unquoted(literal)


def unquoted(literal: str) -> str:
    """The value of a string literal of JavaScript."""

    def escape(found: re.Match[str]) -> str:
        code = found[1]
        if len(code) > 1:
            return chr(int(code[1:], 16))
        return _ESCAPED.get(code, code)

    return _ESCAPE.sub(escape, literal[1:-1])
