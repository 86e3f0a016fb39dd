"""Objects that the scripts of a page give names to, with what is put into them later. Read off the script, never run. Pure.

var query = {pageNo: 1, cat: 7}; query.pageNo = n;  ·  var form = new FormData(); form.append("page", n);
{params: encodeURIComponent(JSON.stringify(query))}
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import islice
from urllib.parse import quote, urlencode

from crawler.paging import json_text
from crawler.scripts.beginnings import at_first, given
from crawler.scripts.objects import members, names_page, values
from crawler.scripts.scan import LONGEST_FUNCTION, arguments, closing, end_of_argument, statement
from crawler.scripts.values import STRING, Value

_TEXT_OF = re.compile(
    r"(?P<query>(?!))?(?P<encoded>(?:\bencodeURI(?:Component)?\s*\(\s*){1,2})?\bJSON\s*\.\s*stringify\s*\("
)
_FUNCTION = re.compile(r"(?:async\s+)?function\b|\(?[\w$,\s]{0,60}\)?\s*=>")
_RETURNED = re.compile(
    r"(?:\breturn|=>)\s*\(?\s*(?:(?=\{\s*(?:[\w$]+|[\"'][^\"'\n]{1,60}[\"'])\s*[:,}])|(?P<name>[\w$]{1,40})\s*[;}\n])"
)
_TEXT_NAMED = re.compile(
    r"(?<![\w$.])([\w$]{1,40})\s*=\s*(?:JSON\s*\.\s*stringify|(?P<query>new\s+URLSearchParams|[qQ]s\s*\.\s*stringify|\$\s*\.\s*param))\s*\("
)
_FILLED = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]{0,40})\s*=\s*new\s+URLSearchParams\s*\(\s*\)")
# what is sent as a query that a function makes of an object
_QUERY_OF = re.compile(
    r"(?P<encoded>(?!))?(?P<query>\bnew\s+URLSearchParams|\b[qQ]s\s*\.\s*stringify|\$\s*\.\s*param)\s*\("
)
_NAMED = re.compile(
    r"(?P<stringified>JSON\s*\.\s*stringify\s*\(\s*)?(?P<name>[A-Za-z_$][\w$.]{0,60})\s*(?(stringified)\)|)"
)
_SPREAD = re.compile(r"(?<=[{,\s])\.\.\.\s*([A-Za-z_$][\w$.]{0,60})(?=\s*[,}])")
_PLAIN_NAME = re.compile(r"[A-Za-z_$][\w$]{0,40}")
_LONGEST_PUT = 300  # characters of what is put into an object later
_MOST_NAMES = 20  # of objects of one script
_MOST_MEMBERS = 60


class Objects:
    """The objects that a script gives names: ``var query = {pageNo: 1, cat: 7}``, ``queryParams: {pageNum: 1}`` of a component."""

    def __init__(self, script: str) -> None:
        self._script = script
        self._known: dict[str, str | None] = {}

    def spelled(self, expression: str) -> str:
        """An expression with the object written out for which it stands: ``this.queryParams``, ``JSON.stringify(query)``.

        Also objects that are spread in it: ``{...this.queryParams, pageNum: 1}``.
        """
        named = _NAMED.fullmatch(expression)
        if named is None:
            return _SPREAD.sub(self._spread, expression)
        name = named["name"].removesuffix(".value").rpartition(".")[2]
        if name not in self._known and len(self._known) < _MOST_NAMES:
            found = re.search(
                rf"(?<![\w$]){re.escape(name)}\s*[:=]\s*(?:(?:Vue\.)?(?:reactive|ref)\(\s*)?(?=\{{)",
                self._script,
            )
            end = end_of_argument(self._script, found.end()) if found is not None else 0
            written = self._script[found.end() : end].rstrip() if found is not None else self._made(name)
            told = self._filled(self._completed(written, name)) if written.endswith("}") else None
            self._known[name] = None  # it may spread itself
            self._known[name] = _SPREAD.sub(self._spread, told) if told is not None else None
        code = self._known.get(name)
        if code is None:
            return expression
        return f"JSON.stringify({code})" if named["stringified"] else code

    def returned(self, expression: str) -> str:
        """The object that a function gives back: ``function (p) { return {no: p.pageNumber} }``, ``(p) => ({…})``, its name."""
        named = re.fullmatch(r"(?:[\w$]{1,40}\.){0,2}([\w$]{1,40})", expression)
        name = re.escape(named[1]) if named is not None else ""
        defined = re.search(
            rf"\bfunction\s+{name}\s*\(|(?<![\w$]){name}\s*[:=]\s*(?=function\b|\(?[\w$,\s]{{0,60}}\)?\s*=>\s*\{{)",
            self._script,
        )
        if name and defined is not None:
            start = defined.start() if defined.group().startswith("function") else defined.end()
            end = closing(self._script, self._script.find("{", defined.end()) + 1)
            expression = self._script[start : end + 1]
        if _FUNCTION.match(expression) is None:
            return expression
        given = _RETURNED.search(expression)
        if given is None:
            return expression
        if given["name"] is None:
            return expression[given.end() : end_of_argument(expression, given.end())].rstrip(")").strip()
        found = re.search(rf"(?<![\w$]){re.escape(given['name'])}\s*=\s*(?=\{{)", expression)
        end = end_of_argument(expression, found.end()) if found is not None else 0
        written = expression[found.end() : end].rstrip() if found is not None else ""
        return self._completed(written, given["name"], expression) if written.endswith("}") else expression

    def texts(self, names: Mapping[str, Value]) -> dict[str, Value]:
        """Variables that hold an object as a text: ``var params = JSON.stringify({…})``."""
        found = islice(_TEXT_NAMED.finditer(self._script), _MOST_NAMES)
        told = [(one[1], self._text(one, self._script, names)[0]) for one in found]
        filled = islice(_FILLED.findall(self._script), _MOST_NAMES)  # "/list?" + params.toString()
        held = ((name, values(made, names)) for name in filled if (made := self._made(name)))
        told += [(name, urlencode(sent, doseq=True)) for name, sent in held if sent]
        return {name: text for name, text in told if text is not None}

    def with_texts(self, expression: str, names: Mapping[str, Value]) -> str:
        """An expression with objects that are sent as the text of a parameter as such texts: ``{params: JSON.stringify(query)}``."""
        parts, position = list[str](), 0
        texts = (*_QUERY_OF.finditer(expression), *_TEXT_OF.finditer(expression, 1))
        for found in sorted(texts, key=lambda one: one.start())[:_MOST_NAMES]:
            text, end = self._text(found, expression, names)
            if text is not None and found.start() >= position:
                times = (found["encoded"] or "").count("(")
                for _ in range(times):
                    text, end = quote(text, safe=""), expression.find(")", end) + 1
                parts += [expression[position : found.start()], json.dumps(text, ensure_ascii=False)]
                position = end
        return "".join((*parts, expression[position:]))

    def _text(self, found: re.Match[str], code: str, names: Mapping[str, Value]) -> tuple[str | None, int]:
        """The object between the parenthesis at the end of ``found`` and the one that closes it, and the position behind.

        As JSON, or as a query.
        """
        end = closing(code, found.end(), found.end() + LONGEST_FUNCTION)
        held = values(self.spelled(code[found.end() : end].strip()), names)
        if not held:
            return None, end + 1
        return (urlencode(held, doseq=True) if found["query"] else json_text(held)), end + 1

    def is_form(self, expression: str) -> bool:
        """Whether a name stands for a form that a script fills: ``var form = new FormData()``."""
        name = re.escape(expression.strip())
        made = rf"(?<![\w$.]){name}\s*=\s*new\s+(?:FormData|URLSearchParams)\s*\("
        return _PLAIN_NAME.fullmatch(expression.strip()) is not None and bool(re.search(made, self._script))

    def assigned(self, expression: str) -> str:
        """The sum for which a name stands that is given a value once: ``var url = "/list?params=" + JSON.stringify(query)``."""
        if _PLAIN_NAME.fullmatch(expression) is None:
            return expression
        given = list(islice(re.finditer(rf"(?<![\w$.]){re.escape(expression)}\s*=(?!=)", self._script), 2))
        return statement(self._script, given[0].end()).strip() if len(given) == 1 else expression

    def _spread(self, found: re.Match[str]) -> str:
        code = self.spelled(found[1]).strip()
        return code[1:-1].strip(" ,\n\r\t") if code.startswith("{") and code.endswith("}") else found.group()

    def _filled(self, code: str) -> str:
        """An object with the lists and objects written out for which its members stand: ``{queryParam: conditions}``."""
        held = members(code, lower=False) or {}
        written = {
            name: self._declared(value)
            for name, value in held.items()
            if _PLAIN_NAME.fullmatch(value.strip())
        }
        if not any(written.values()):
            return code
        told = (f"{json.dumps(name)}: {written.get(name) or value}" for name, value in held.items())
        return f"{{{', '.join(told)}}}"

    def _declared(self, name: str) -> str:
        """The list or object with which a name is declared, where nothing is put into it later."""
        key = re.escape(name.strip())
        found = re.search(rf"\b(?:var|let|const)\s+{key}\s*=\s*(?=[\[{{])", self._script)
        if found is None or re.search(rf"(?<![\w$.]){key}\s*(?:\.|\[)", self._script):
            return ""
        return self._script[found.end() : end_of_argument(self._script, found.end())].strip()

    def _made(self, name: str) -> str:
        """An object that is made empty, or as a form that is filled: ``var query = new FormData(); query.append("page", n)``."""
        made = re.search(
            rf"(?<![\w$.]){re.escape(name)}\s*=\s*new\s+(?:Object|(?P<form>FormData|URLSearchParams))\s*\(\s*\)",
            self._script,
        )
        if made is None or made["form"] is None:
            return "{}" if made is not None else ""
        put = re.finditer(
            rf"(?<![\w$.]){re.escape(name)}\s*\.\s*(?:append|set)\s*\(\s*(?={STRING})", self._script
        )
        given = (list(arguments(self._script, found.end())) for found in islice(put, _MOST_NAMES))
        return f"{{{', '.join(f'{one[0].strip()}: {one[1].strip()}' for one in given if len(one) > 1)}}}"

    def _completed(self, code: str, name: str, script: str = "") -> str:
        """An object with what is put into it later: ``query.pageNo = n``; as the page opens, in place of what it held."""
        script, key = script or self._script, re.escape(name)
        put = re.finditer(rf"(?<![\w$.]){key}\s*\.\s*(\w{{1,40}})\s*=(?!=)", script)
        told = ((found[1], statement(script, found.end()).strip()) for found in islice(put, _MOST_MEMBERS))
        more = {
            name: value for name, value in told if f"{name}:" not in code and 0 < len(value) <= _LONGEST_PUT
        }
        owner = rf"(?<![\w$.])(?:[\w$]{{1,20}}\.){{0,2}}{key}\s*\.\s*(\w{{1,40}})"
        more |= {name: value for name, value in given(owner, at_first(script)) if not names_page(name)}
        added = "".join(f", {name}: {value}" for name, value in list(more.items())[:_MOST_NAMES])
        return f"{code[:-1]}{added}}}"
