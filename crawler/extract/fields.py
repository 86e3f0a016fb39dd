"""config/fields.yml as an object: which spelling on a page means which field of the record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from archive.model import FIELD
from crawler.extract.text import CHINESE, clean, label_key

try:  # ten times faster
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

_UNFILLED = re.compile(
    r"\{\{|\}\}|\$!?\{|\{\$|<%|%>|\{(?:dede|pboot|cms|ms):|^#\w+#$|object (?:Object|Promise|HTML\w+)\b|NaN-NaN"
)
IGNORED = "ignored"  # pseudo-field of labels that only end the value before them
_SECTIONS = (
    "labels",
    "label_prefixes",
    "ignored_labels",
    "meta",
    "site_meta",
    "api",
    "ld_json",
    "codes",
    "junk",
    "not_an_issuer",
    "may_name_a_person",
    "generic_headings",
    "containers",
    "noise",
    "noise_names",
)
_OPTIONAL = ("decision_labels", "letter_parts")  # a file made for an older version has none of them
_API_EXTRA = frozenset({"repealed", "expired"})
_GAP = r"[\s\u3000]*"
_LONGEST_CACHED = 24  # characters of what may be a label
_LONGEST_LABEL = 12  # characters; nothing longer is looked up with its prefix cut off
_COLON = r"[:：︰﹕∶]"
# What else a label names in brackets: 文号（发文字号）, 发布机构（单位）, 成文（印发）日期
_ALSO = (
    r"[（(][单位机关部门构发文字号布公开时间日期印施行废止失效关键词主题状态属性类型别成生年月/-]{2,8}[）)]"
)
_IN_BRACKETS = re.compile(_ALSO)
# The same in English behind it: 索引号 Index No., 来源 Source
_ENGLISH = r"[（(/]?(?!https?\b)[A-Z][A-Za-z.]{1,12}(?: [A-Za-z.]{1,12}){0,3}[）)]?"
_CAPITAL = re.compile("[A-Z]")
_TRANSLATED = re.compile(rf"(?P<label>[^A-Za-z]{{2,16}}?){_GAP}{_ENGLISH}{_GAP}{_COLON}?")

# What stands glued before or behind a word in a name: sharebox, pagefooter, relatedList
_OF_LAYOUT = (
    "(?:box|bar|btn|button|wrap|wrapper|con|cont|content|container|area|div|list|link|icon|img|pic|nav|text|txt|title|"
    "block|item|panel|module|top|bottom|left|right|inner|page|line|main|doc|tool|code|view|info|group|article|news|"
    "site|web|wx|weixin|wechat|my)"
)
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile("[^a-z]+")
_WITH_OR_WITHOUT = frozenset({"no", "non", "not", "has", "have", "with", "without"})  # no-sidebar, hasFooter


class FieldFileError(ValueError):
    """config/fields.yml cannot be used; the message names file and key."""


def _pattern(labels: Iterable[str]) -> str:
    """An alternation of labels, the longest of those that fit, each allowing white space between its characters.

    Labels that begin alike are one branch: of hundreds one after the other each would be tried.
    """
    branches: dict[str, set[str]] = {}
    for label in labels:
        branches.setdefault(label[0], set()).add(label[1:])
    return "|".join(
        re.escape(first)
        + (f"(?:{_GAP}(?:{_pattern(rests - {''})}){'|' if '' in rests else ''})" if any(rests) else "")
        for first, rests in sorted(branches.items())
    )


def _parts(words: Iterable[str]) -> re.Pattern[str]:
    """Words of furniture in a lower-case id or class, whole: ``ewm`` is one of ewm_box, none of newmain."""
    known = "|".join(map(re.escape, words))
    return re.compile(f"(?<![a-z]){_OF_LAYOUT}?(?:{known})s?{_OF_LAYOUT}{{0,2}}(?![a-z])")


def _has_part(parts: re.Pattern[str], name: str) -> bool:
    """Whether an id or class, as written, has a word of furniture that it does not say to be beside or missing.

    toolBar and copyRight are written together elsewhere, socialShare is not: both ways are looked at.
    """
    return any(
        _WITH_OR_WITHOUT.isdisjoint(_NO_WORD.split(spelled[: found.start()]))
        for spelled in (name.lower(), _CAMEL.sub("-", name).lower())
        for found in parts.finditer(spelled)
    )


@dataclass(frozen=True)
class FieldBook:
    """Spellings of labels, meta names, JSON keys; codes; junk; containers. Load it once and share it."""

    labels: Mapping[str, str]  # label without white space → field, or IGNORED
    label_prefixes: tuple[str, ...]  # words that may stand before a label: 公文生成日期, 文件发布日期
    meta: Mapping[str, str]  # lower-case meta name → field
    site_meta: Mapping[str, str]
    api: Mapping[str, tuple[str, ...]]  # field → keys in order of preference
    ld_json: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Mapping[str, str]]  # field → spelling → code
    junk: frozenset[str]
    not_an_issuer: tuple[str, ...]
    may_name_a_person: frozenset[str]  # label keys
    generic_headings: frozenset[str]
    containers: Mapping[str, int]  # lower-case id or class → rank, best first
    noise: re.Pattern[str]  # words in ids and classes of page furniture, lower case
    noise_names: frozenset[str]  # whole ones
    decision_labels: Mapping[str, str]  # labels of a text that is the card of one decision → field
    letter_parts: frozenset[str]  # label keys of what stands over a letter and over its answer
    firsts: frozenset[str]  # characters that a label may begin with
    digest: str

    # Patterns of hundreds of labels are compiled where a page is read, not in each process that holds a book.

    @cached_property
    def _words(self) -> str:
        prefixes = "|".join(_GAP.join(map(re.escape, p)) for p in self.label_prefixes)
        return f"(?:(?:{prefixes}){_GAP})?(?:{_pattern(self.labels)})"

    @cached_property
    def any_label(self) -> re.Pattern[str]:
        """A label with a colon, anywhere a value may end, glued to a day too; [索引号] and 【索引号】 with a colon or none."""
        return re.compile(
            rf"(?:(?P<open>[【\[［]){_GAP}|^|(?<=[\s|\]】)）(\[【,，;；丨│｜┃︱·•*＊])|(?<=[-/.:：]\d\d)|(?<=\d日))(?P<label>{self._words}){_GAP}"
            rf"(?(open)[】\]］]{_GAP}{_COLON}?|(?:{_ALSO}|{_GAP}{_ENGLISH})?[】\])）]?{_GAP}{_COLON})"
        )

    @cached_property
    def glued_label(self) -> re.Pattern[str]:
        """A label with a colon, whatever stands before it: for what follows the colon of another, 索引号：LJ-1文号：…"""
        return re.compile(rf"(?P<label>{self._words}){_GAP}{_COLON}")

    @cached_property
    def first_label(self) -> re.Pattern[str]:
        """A label at the start."""
        return re.compile(
            rf"[\s【\[•·*＊]*+(?P<label>{self._words}){_GAP}(?P<close>[】\]]?){_GAP}(?P<colon>{_COLON}?)"
        )

    @cached_property
    def bare_label(self) -> re.Pattern[str]:
        """A label between white space, colon or none."""
        return re.compile(rf"(?:^|(?<=[\s|｜丨│]))(?P<label>{self._words}){_GAP}(?:{_COLON}|(?=\s|$))")

    @cached_property
    def decision_label(self) -> re.Pattern[str]:
        """A label of the card of a decision with a colon, anywhere in a line; at its start without one too."""
        words = _pattern(self.decision_labels)
        return re.compile(rf"^(?P<first>{words})(?:{_GAP}{_COLON})?|(?P<label>{words}){_GAP}{_COLON}")

    @staticmethod
    def load(path: Path) -> FieldBook:
        """Read fields.yml. Raises FieldFileError (names the key) or OSError."""
        data = path.read_bytes()
        try:
            raw = yaml.load(data, _Loader)
        except yaml.YAMLError as error:
            raise FieldFileError(f"{path}: not valid YAML: {error}") from error
        if not isinstance(raw, dict):
            raise FieldFileError(f"{path}: expected the keys {', '.join(_SECTIONS)}")
        for key in raw:
            if key not in _SECTIONS and key not in _OPTIONAL:
                known = ", ".join((*_SECTIONS, *_OPTIONAL))
                raise FieldFileError(f"{path}: unknown key {key!r}; known keys: {known}")
        for key in _SECTIONS:
            if key not in raw:
                raise FieldFileError(f"{path}: key {key!r} is missing")
        return _build(raw, str(path), hashlib.sha256(data).hexdigest())

    def with_labels(self, extra: Mapping[str, str]) -> FieldBook:
        """The same book with a site's own labels added (label → field, or ``ignored``).

        Raises FieldFileError where a field does not exist.
        """
        return _extended(self, tuple(sorted(extra.items()))) if extra else self

    @cached_property
    def furniture(self) -> Callable[[str], tuple[bool, bool]]:
        """Whether ids and classes, as they stand, have a part, or are a name, of page furniture. A site has few of them."""

        @lru_cache(maxsize=4096)
        def judge(names: str) -> tuple[bool, bool]:
            by_part = any(_has_part(self.noise, name) for name in names.split())
            return by_part, not self.noise_names.isdisjoint(names.lower().split())

        return judge

    @cached_property
    def container_rank(self) -> Callable[[str], int | None]:
        """The rank of an element whose classes these are among the known containers of texts; None for none."""

        @lru_cache(maxsize=4096)
        def judge(names: str) -> int | None:
            ranks = (self.containers.get(name) for name in names.lower().split())
            return min((rank for rank in ranks if rank is not None), default=None)

        return judge

    def field_of(self, text: str) -> str | None:
        """The field that a text names if it is a label and nothing else (IGNORED included), else None."""
        return _field_of(self, text) if len(text) <= _LONGEST_CACHED else _look_up(self, text)

    def preference(self, field: str, label: str) -> int:
        """Where a label stands among those of its field, best first; 0 for what has no label."""
        return _preference(self, field, label) if label else 0

    def with_api(self, extra: Mapping[str, tuple[str, ...]]) -> FieldBook:
        """The same book with a site's own keys of JSON records (field → keys) before the known ones."""
        return _with_api(self, tuple(sorted(extra.items()))) if extra else self

    def is_junk(self, value: str) -> bool:
        """Whether a cleaned value says that there is none: empty, "null", 无, dashes, brackets around nothing.

        Or what a character set without Chinese left of it, ``????5G?????``, or a template that nobody filled in, ``{{ no }}``.
        """
        if "???" in value and not CHINESE.search(value):
            return True
        if _UNFILLED.search(value):
            return True
        return value.strip("()（）[]【】").casefold() in self.junk or not any(map(str.isalnum, value))

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldBook) and self.digest == other.digest


def _look_up(book: FieldBook, text: str) -> str | None:
    key = label_key(text)
    found = book.labels.get(key)
    if found is None and len(key) <= _LONGEST_LABEL and key not in book.generic_headings:
        prefix = next(filter(key.startswith, book.label_prefixes), None)
        found = book.labels.get(key[len(prefix) :]) if prefix else None
    if found is None and (also := _IN_BRACKETS.search(text)) is not None:
        return _look_up(book, text[: also.start()] + text[also.end() :])
    if found is None and _CAPITAL.search(text) and (translated := _TRANSLATED.fullmatch(text.strip())):
        return _look_up(book, translated["label"])
    return found


@lru_cache(maxsize=4096)
def _preference(book: FieldBook, field: str, label: str) -> int:
    key = label_key(label)
    prefix = next((p for p in book.label_prefixes if key not in book.labels and key.startswith(p)), "")
    same = [spelling for spelling, name in book.labels.items() if name == field]
    bare = key.removeprefix(prefix)
    return same.index(bare) if bare in same else len(same)


# A site says the same short things on every page: its menu, its labels.
_field_of = lru_cache(maxsize=4096)(_look_up)


@lru_cache(maxsize=512)
def _extended(book: FieldBook, extra: tuple[tuple[str, str], ...]) -> FieldBook:
    labels = dict(book.labels)
    for label, name in extra:
        if name not in FIELD and name != IGNORED:
            raise FieldFileError(
                f"extract.labels: {label!r} names the unknown field {name!r}; fields: {', '.join(FIELD)}"
            )
        labels[label_key(label)] = name
    digest = hashlib.sha256(repr((book.digest, extra)).encode()).hexdigest()
    return replace(book, labels=labels, firsts=book.firsts | {label[0] for label in labels}, digest=digest)


@lru_cache(maxsize=512)
def _with_api(book: FieldBook, extra: tuple[tuple[str, tuple[str, ...]], ...]) -> FieldBook:
    keys = dict(extra)
    merged = {name: (*keys.get(name, ()), *book.api.get(name, ())) for name in (*book.api, *keys)}
    digest = hashlib.sha256(repr((book.digest, extra)).encode()).hexdigest()
    return replace(book, api=merged, digest=digest)


def _names(raw: Any, where: str, allowed: frozenset[str]) -> dict[str, tuple[str, ...]]:
    if not isinstance(raw, dict):
        raise FieldFileError(f"{where}: expected field names with lists of spellings")
    for name, spellings in raw.items():
        if name not in FIELD and name not in allowed:
            raise FieldFileError(f"{where}.{name}: no such field; fields: {', '.join(FIELD)}")
        if not isinstance(spellings, list):
            raise FieldFileError(f"{where}.{name}: expected a list of spellings, got {spellings!r}")
    return {name: tuple(str(s) for s in spellings) for name, spellings in raw.items()}


def _build(raw: Mapping[str, Any], path: str, digest: str) -> FieldBook:
    labels: dict[str, str] = {}
    for name, spellings in _names(raw["labels"], f"{path}: labels", frozenset()).items():
        for spelling in spellings:
            key = label_key(spelling)
            if key in labels and labels[key] != name:
                raise FieldFileError(
                    f"{path}: labels: {spelling!r} stands under {labels[key]} and {name}; keep one"
                )
            labels[key] = name
    for spelling in raw["ignored_labels"]:
        labels.setdefault(label_key(str(spelling)), IGNORED)
    meta = _names(raw["meta"], f"{path}: meta", frozenset())
    decisions = _names(raw.get("decision_labels", {}), f"{path}: decision_labels", frozenset())
    codes = {
        name: {clean(str(spelling)): code for code, spellings in table.items() for spelling in spellings}
        for name, table in raw["codes"].items()
    }
    prefixes = tuple(label_key(str(p)) for p in raw["label_prefixes"])
    return FieldBook(
        labels=labels,
        label_prefixes=prefixes,
        decision_labels={label_key(s): name for name, spellings in decisions.items() for s in spellings},
        letter_parts=frozenset(label_key(str(s)) for s in raw.get("letter_parts", ())),
        firsts=frozenset(word[0] for word in (*labels, *prefixes)),
        meta={str(s).lower(): name for name, spellings in meta.items() for s in spellings},
        site_meta={str(s).lower(): name for name, spellings in raw["site_meta"].items() for s in spellings},
        api=_names(raw["api"], f"{path}: api", _API_EXTRA),
        ld_json=_names(raw["ld_json"], f"{path}: ld_json", frozenset()),
        codes=codes,
        junk=frozenset(clean(str(s)).casefold() for s in raw["junk"]),
        not_an_issuer=tuple(str(s) for s in raw["not_an_issuer"]),
        may_name_a_person=frozenset(label_key(str(s)) for s in raw["may_name_a_person"]),
        generic_headings=frozenset(label_key(str(s)) for s in raw["generic_headings"]),
        containers={str(s).lower(): rank for rank, s in reversed(list(enumerate(raw["containers"])))},
        noise=_parts(str(s).lower() for s in raw["noise"]),
        noise_names=frozenset(str(s).lower() for s in raw["noise_names"]),
        digest=digest,
    )
