"""Scripts of a page in which what is made of a row's values before it stands in an address is written where it is used. Pure.

'/' + item.date.substring(0, 4) + '/'  ·  var d = item.date.split('-'); … '/' + d[0] + '/' + d[1]  ·  var no = item.id; … + no + …
'<a href="' + urlOf(item) + '">' … function urlOf(o) { return '/zw/' + o.id + '.html'; }  ·  '<a href="' + '/zw/' + item.id

What is cut out of a value becomes part of its key, in letters that no key has, see :func:`hole`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from crawler.scripts.plain import concatenated
from crawler.scripts.scan import LONGEST_FUNCTION, arguments, closing, end_of_argument
from crawler.scripts.values import STRING
from crawler.scripts.written import unquoted

_MARK = "\u0241"  # a letter
_ROW_KEY = r"(?<![\w$.\])])(?:[\w$]{1,30}(?:\[\w{1,20}\])?\.){1,3}[A-Za-z_]\w{0,100}"
_KEY = rf"(?:{_ROW_KEY}|(?<![\w$.\])\"'])[A-Za-z_]\w{{0,40}}{_MARK}\w{{1,60}})"
_TEXT = r"(?:\"[^\"\\\n()]{0,3}\"|'[^'\\\n()]{0,3}')"
_CUT = re.compile(
    rf"(?P<key>{_KEY})\s*(?:\.\s*toString\(\)\s*)?\.\s*(?:"
    r"(?P<slice>substring|slice|substr)\s*\(\s*(?P<begin>\d{1,3})\s*(?:,\s*(?P<end>\d{1,3})\s*)?\)"
    rf"|split\s*\(\s*(?P<at>{_TEXT})\s*\)\s*(?:\[\s*(?P<piece>\d{{1,2}})\s*\]|\.\s*join\s*\(\s*(?P<joined>{_TEXT})\s*\))"
    rf"|replace(?P<all>All)?\s*\(\s*(?:/(?P<pattern>\\?[-/.: ])/(?P<global>g?)|(?P<old>{_TEXT}))\s*,\s*(?P<new>{_TEXT})\s*\))"
)
_DIVIDED = re.compile(
    rf"\b(?:Math\s*\.\s*floor|parseInt)\s*\(\s*(?P<key>{_ROW_KEY})\s*/\s*(?P<by>[1-9]\d{{0,6}})\s*\)"
)
_ALIAS = re.compile(
    rf"(?:\b(?:var|let|const)\s+|,\s*)(?P<name>[A-Za-z_$][\w$]{{0,30}})\s*=\s*"
    rf"(?P<value>{_KEY}(?:\s*\.\s*split\s*\(\s*{_TEXT}\s*\))?)\s*(?=[;,\n])"
)
_FUNCTION = re.compile(
    r"\bfunction\s+(?P<named>[\w$]{1,40})\s*\((?P<a>[\w$,\s]{1,80})\)\s*\{"
    r"|(?<![\w$.])(?P<short>[\w$]{1,40})\s*(?:[:=]\s*(?:function\s*)?)?\((?P<b>[\w$,\s]{1,80})\)\s*(?:=>\s*)?\{"
    r"|(?<![\w$.])(?P<arrow>[\w$]{1,40})\s*=\s*\(?(?P<c>[\w$]{1,30})\)?\s*=>\s*(?=[\"'`])"
)
_RETURNED = re.compile(r"\breturn\b\s*")
# if (o.link) { return o.link; } return "/zw/" + o.id;
_IF_RETURNS = re.compile(
    r"\bif\s*\(([^(){};\n]{1,80})\)\s*\{?\s*return\s+([^;{}\n]{1,120});\s*\}?\s*(?:else\s*\{?\s*)?return\s+(?=[\"'`])"
)
_PARTED = re.compile(r"(?<!\\)([\"'])\s*\+\s*\1(?=[^\"']{0,300}\1)")
_HOLE = re.compile(r"\$\{([^{}]{1,300})\}|\{\{([^{}]{1,300})\}\}")
_SUM = re.compile(rf"\s*(?:(?P<text>{STRING})|(?P<key>[\w$][\w$.]{{0,120}}))\s*(?:\+|$)")
_ENCODED = re.compile(rf"{_MARK}([a-z])([0-9a-f]*)(?:x([0-9a-f]*))?")
# item["docId"]
_MEMBER = re.compile(r"(?<=[\w$\])])\[\s*(?:\"([A-Za-z_]\w{0,40})\"|'([A-Za-z_]\w{0,40})')\s*\]")
_CELL = re.compile(r"(?<=[\w$\]])\[(\d{1,2})\](?!\s*[.\[(=])")  # row[0], rows[i][0] of a row that is a list
# data-id="' + item.id + '", and what a click reads of it: $(this).data("id"), $(this).attr("data-id"), this.dataset.id
_ATTRIBUTE = re.compile(
    rf"\bdata-(?P<name>\w{{1,20}})\s*=\s*\\?[\"']?(?:[\"'`]\s*\+\s*|\$\{{|\{{\{{)\s*(?P<key>{_ROW_KEY})"
)
# ['<a href="/info/', row.id, '.html">', value, '</a>'].join('')
_JOINED = re.compile(
    rf"\[((?:\s*(?:{STRING}|[\w$][\w$.]{{0,120}})\s*,){{1,20}}\s*(?:{STRING}|[\w$][\w$.]{{0,120}})\s*)\]\s*\.\s*join\(\s*(?:''|\"\")\s*\)"
)
_PARAMETER = "gongkaiGiven."  # before a function's own parameters
_PASSES = 4  # parts of parts: date.split(' ')[0].split('-')[1]
_MOST = 60  # functions and aliases of one page
_REACH = 3_000  # characters behind an alias in which it is used
_LARGEST = 400_000  # characters of a page whose scripts are written out so


def with_derived(text: str) -> str:
    """The text of a page, see the module."""
    if len(text) > _LARGEST:
        return text
    text = concatenated(_MEMBER.sub(lambda found: f".{found[1] or found[2]}", _JOINED.sub(_joined, text)))
    text = _IF_RETURNS.sub(r"return \1 ? \2 : ", text)
    text = _with_attributes(_CELL.sub(r".\1", _with_cuts(text)))
    for _ in range(2):  # a function that calls another
        text = _with_functions(text)
    text = _HOLE.sub(_summed_hole, text)
    return _PARTED.sub("", text)


def _joined(found: re.Match[str]) -> str:
    return "+".join(one.strip() for one in arguments(f"{found[1]})", 0))


def _with_attributes(text: str) -> str:
    """With the value of a row that an attribute holds where a click reads it."""
    held: dict[str, set[str]] = {}
    for found in islice(_ATTRIBUTE.finditer(text), _MOST):
        held.setdefault(found["name"], set()).add(found["key"])
    for name, keys in held.items():
        if len(keys) == 1:
            read = (
                rf"\$\(\s*this\s*\)\s*\.\s*(?:data\(\s*[\"']{name}[\"']\s*\)|attr\(\s*[\"']data-{name}[\"']\s*\))"
                rf"|\bthis\s*\.\s*(?:dataset\s*\.\s*{name}\b|getAttribute\(\s*[\"']data-{name}[\"']\s*\))"
            )
            text = re.sub(read, keys.pop(), text)
    return text


def _with_cuts(text: str) -> str:
    """With parts of values as keys of their own, also of those to which a script gave another name."""
    for _ in range(_PASSES):
        before = text
        text = _with_aliases(_DIVIDED.sub(_divided, _CUT.sub(_cut, text)))
        if text == before:
            break
    return text


def _cut(found: re.Match[str]) -> str:
    def code(text: str) -> str:
        return "".join(f"{ord(char):02x}" for char in text)

    if found["slice"]:
        begin = int(found["begin"])
        end = int(found["end"]) if found["end"] else None
        if end is not None and found["slice"] == "substr":
            end += begin
        made = f"s{begin:x}x" + (f"{end:x}" if end is not None else "")
    elif found["piece"]:
        made = f"p{code(unquoted(found['at']))}x{int(found['piece']):x}"
    else:
        old = found["pattern"][-1] if found["pattern"] else unquoted(found["old"] or found["at"])
        everywhere = found["all"] or found["global"] or found["at"]
        made = f"{'r' if everywhere else 'o'}{code(old)}x{code(unquoted(found['new'] or found['joined']))}"
    return found.group() if made[1] == "x" else f"{found['key']}{_MARK}{made}"


def _divided(found: re.Match[str]) -> str:
    return f"{found['key']}{_MARK}d{int(found['by']):x}"


def hole(key: str) -> str:
    """A key as it stands in the braces of an address: ``date[0:4]`` for what :func:`with_derived` made of a part of it."""

    def text(code: str | None) -> str:
        return bytes.fromhex(code or "").decode("latin-1")

    def part(found: re.Match[str]) -> str:
        kind, one, other = found.groups()
        if kind == "s":
            return f"[{int(one, 16)}:{int(other, 16) if other else ''}]"
        if kind == "p":
            return f".split({text(one)})[{int(other, 16)}]"
        if kind == "d":
            return f"//{int(one, 16)}"
        return f".replace{'' if kind == 'r' else '_first'}({text(one)},{text(other)})"

    return _ENCODED.sub(part, key)


def plain_key(key: str) -> str:
    """A key without what is cut out of its value."""
    return key.partition(_MARK)[0]


def _with_aliases(text: str) -> str:
    """``var d = item.date; … d.substring(0, 4)`` → ``item.date.substring(0, 4)``, where the name has no other value."""
    position = 0
    for _ in range(_MOST):
        found = _ALIAS.search(text, position)
        if found is None:
            break
        position = found.end()
        name, end = re.escape(found["name"]), min(len(text), found.end() + _REACH)
        if re.search(rf"(?<![\w$.]){name}\s*[-+]?=(?!=)", text[position:end]):
            if (
                other := re.search(rf"(?<![\w$.]){name}\s*=\s*({_KEY})\s*[;,\n}}]", text[position:end])
            ) is not None:
                # of one key or of another
                put = "(0)" if other[1] != found["value"].strip() else found["value"].strip()
                used = re.compile(rf"(?<![\w$.\"'-]){name}(?=\s*\+|\s*\))")
                text = text[:position] + used.sub(put, text[position:end]) + text[end:]
            continue
        split = found["value"].rstrip().endswith(")")
        behind = (
            r"\s*\[\s*\d" if split else r"\s*(?:[+;,)}\]\n]|\.\s*(?:substr|slice|split|replace|toString)|$)"
        )
        used = re.compile(rf"(?<![\w$.\"'-]){name}(?={behind})")
        value = found["value"].strip().replace("\\", r"\\")
        text = text[:position] + used.sub(value, text[position:end]) + text[end:]
    return text


def _with_functions(text: str) -> str:
    """``urlOf(item)`` → ``'/zw/' + item.id + '.html'``, where that is all that the function gives back."""
    for name, parameters, expression in islice(_functions(text), _MOST):
        called = re.compile(
            rf"(?<![\w$])(?<!function )(?:(?:this|vm|that|self|_this)\.)?{re.escape(name)}\s*\("
        )
        parts, position = list[str](), 0
        for found in islice(called.finditer(text), _MOST):
            end = closing(text, found.end(), found.end() + 300)
            given = [one.strip() for one in arguments(text[: end + 1], found.end())]
            if found.start() < position or not _is_handed(given, parameters, text[end + 1 : end + 20]):
                continue
            made = expression
            for parameter, value in zip(parameters, given, strict=False):
                made = re.sub(rf"{re.escape(_PARAMETER + parameter)}(?![a-zA-Z0-9_$])", value, made)
            parts += [text[position : found.start()], made]
            position = end + 1
        text = "".join((*parts, text[position:]))
    return text


def _is_handed(given: list[str], parameters: list[str], behind: str) -> bool:
    """Whether these are a row or values of it, and not the parameters of a function that is defined."""
    defines = re.match(r"\s*(?:\{|=>)", behind) is not None
    return (
        bool(given)
        and not defines
        and all(re.fullmatch(r"[\w$.\[\]]{1,120}", one) for one in given[: len(parameters)])
    )


def _functions(text: str) -> Iterator[tuple[str, list[str], str]]:
    """(name, parameters, expression) of functions that only put an address together."""
    for found in islice(_FUNCTION.finditer(text), _MOST * 5):
        name = found["named"] or found["short"] or found["arrow"]
        parameters = [one.strip() for one in (found["a"] or found["b"] or found["c"]).split(",")]
        if found["arrow"]:
            body = f"return {text[found.end() : end_of_argument(text, found.end(), 400)]};"
        else:
            body = text[found.end() : closing(text, found.end(), found.end() + LONGEST_FUNCTION // 10)]
        own = re.compile(rf"(?<![\w$.])(?:{'|'.join(map(re.escape, parameters))})(?![\w$])")
        body = _with_cuts(own.sub(lambda one: f"{_PARAMETER}{one.group()}", body))
        returned = list(islice(_RETURNED.finditer(body), 2))
        if len(returned) != 1 or re.search(r"\b(?:if|for|while|switch)\b|\?[^\"'`]", body):
            continue
        start = returned[0].end()
        expression = _HOLE.sub(_summed_hole, body[start : end_of_argument(body, start)].strip())
        expression = _as_sum(expression)
        if (re.match(r"[\"']", expression) and "/" in expression) or re.search(r"\+\s*[\"']/", expression):
            yield name, parameters, expression


def _as_sum(expression: str) -> str:
    """A template literal as a sum of texts in single quotes."""
    if not (expression.startswith("`") and expression.endswith("`") and expression.count("`") == 2):
        quoted = (found for found in re.finditer(STRING, expression) if found.group()[0] == '"')
        for found in list(quoted)[::-1]:
            if "'" not in found.group():
                expression = (
                    f"{expression[: found.start()]}'{found.group()[1:-1]}'{expression[found.end() :]}"
                )
        return expression
    pieces = re.split(r"\$\{\s*([^{}]{1,150}?)\s*\}", expression[1:-1])
    return " + ".join(f"'{piece}'" if not place % 2 else piece for place, piece in enumerate(pieces))


def _summed_hole(found: re.Match[str]) -> str:
    """``${'/zw/' + item.id}`` → ``/zw/${item.id}``."""
    expression, opened = (found[1], "${") if found[1] else (found[2], "{{")
    if "+" not in expression or not re.search(r"[\"']", expression):
        return found.group()
    closed = "}" if opened == "${" else "}}"
    made, position = list[str](), 0
    while position < len(expression):
        term = _SUM.match(expression, position)
        if term is None or term.end() == position:
            return found.group()
        made.append(unquoted(term["text"]) if term["text"] else f"{opened}{term['key']}{closed}")
        position = term.end()
    return "".join(made)
