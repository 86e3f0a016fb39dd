"""Lists that a page's own scripts write: document.write and document.writeln of texts and simple variables. No script is run."""

from __future__ import annotations

import re
from collections.abc import Iterator

_STRING = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
# var url = "./202602/t20260214_7.shtml" · title = "…"; · document.writeln("<a href="+url+">" + title + "</a>")
_STATEMENT = re.compile(
    rf"document\s*\.\s*write(?:ln)?\s*\((?P<written>(?:{_STRING}|[^()\"']|\([^()]*\))*)\)"
    rf"|(?P<var>\bvar\s+|\blet\s+|\bconst\s+)?(?<![\w.$])(?P<name>[A-Za-z_$][\w$]*)\s*=\s*(?P<value>{_STRING})\s*(?=[;\n\r}}]|$)"
)
_TERM = re.compile(rf"\s*(?:(?P<string>{_STRING})|(?P<name>[A-Za-z_$][\w$]*)|(?P<number>\d+))\s*(?:\+|,|$)")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "", "v": "", "0": ""}
_LARGEST = 2_000_000  # characters of a page whose scripts are read


def with_written(text: str) -> str:
    """The page with what its scripts write in their places. Scripts that write no link stay as they are."""
    if "document.write" not in text or len(text) > _LARGEST:
        return text
    known: dict[str, str] = {}
    parts: list[str] = []
    position = 0
    for start, begin, end, stop in _scripts(text):
        written = _written(text[begin:end], known)
        parts += [text[position:start], written if "<" in written else text[start:stop]]
        position = stop
    return "".join((*parts, text[position:]))


def _scripts(text: str) -> Iterator[tuple[int, int, int, int]]:
    """(start, start of its code, end of its code, end) of every script of a page."""
    lowered = text.lower()
    stop = 0
    while (start := lowered.find("<script", stop)) >= 0:
        begin, end = lowered.find(">", start) + 1, lowered.find("</script", start)
        if not 0 < begin <= end:
            return
        stop = lowered.find(">", end) + 1 or len(text)
        yield start, begin, end, stop


def _written(script: str, known: dict[str, str]) -> str:
    """What a script writes. ``known`` holds the variables of all scripts so far."""
    parts: list[str] = []
    for statement in _STATEMENT.finditer(script):
        if statement["name"] is None:
            parts.append(_evaluated(statement["written"], known) or "")
        else:
            # if (short == "") { title = "…" }: a second value counts only where the first says nothing.
            name, value = statement["name"], unquoted(statement["value"])
            if statement["var"] or not known.get(name):
                known[name] = value
    return "".join(parts)


def _evaluated(expression: str, known: dict[str, str]) -> str | None:
    """The text of a sum of strings and known variables; None where it has other parts."""
    position = 0
    parts: list[str] = []
    while position < len(expression):
        term = _TERM.match(expression, position)
        if term is None:
            return None if expression[position:].strip() else "".join(parts)
        if term["string"] is not None:
            parts.append(unquoted(term["string"]))
        elif term["name"] is not None:
            parts.append(known.get(term["name"], ""))
        else:
            parts.append(term["number"])
        position = term.end()
    return "".join(parts)


def evaluated(expression: str, known: dict[str, str]) -> str | None:
    """Like ``document.write`` of it, but None as well where a variable is not known."""
    names = [term["name"] for term in _TERM.finditer(expression) if term["name"] is not None]
    return _evaluated(expression, known) if all(name in known for name in names) else None


def unquoted(literal: str) -> str:
    """The value of a string literal of JavaScript."""

    def escape(found: re.Match[str]) -> str:
        code = found[1]
        if len(code) > 1:
            return chr(int(code[1:], 16))
        return _ESCAPED.get(code, code)

    return _ESCAPE.sub(escape, literal[1:-1])
