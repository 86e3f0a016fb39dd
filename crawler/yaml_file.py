"""Read a YAML file so that every mistake in it can be named by file, line and key."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

try:  # libyaml reads ten times faster, which hundreds of site files are worth
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without it
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

Path_ = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a configuration file: where it stands and what would be right."""

    file: Path
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        key = f" {self.key}:" if self.key else ""
        return f"{self.file}:{self.line}:{key} {self.message}"

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {"file": str(self.file), "line": self.line, "key": self.key, "message": self.message}


class ConfigError(Exception):
    """Configuration files are wrong; ``mistakes`` lists all of them."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(m) for m in mistakes))
        self.mistakes = tuple(mistakes)


class _PlainScalars(_Loader):
    """YAML without the traps: ``07:30`` is text, not 450 minutes; ``no`` is text; dates stay text."""


_PlainScalars.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if not tag.endswith((":timestamp", ":int", ":float", ":bool"))
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _pattern, _firsts in (
    ("tag:yaml.org,2002:bool", r"^(?:true|True|false|False)$", "tTfF"),
    ("tag:yaml.org,2002:int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"^[-+]?[0-9]+\.[0-9]+$", "-+0123456789"),
):
    _PlainScalars.add_implicit_resolver(_tag, re.compile(_pattern), list(_firsts))


_TEXT_OR_MERGE = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:merge")
_MOST_REPEATED = 10_000  # values that aliases repeat; a file of hundreds of catalogues with common options has a few thousand


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A parsed file: its data, and the line (from 1) of every key in it."""

    path: Path
    data: Any
    lines: Mapping[Path_, int]

    def line(self, where: Sequence[str | int]) -> int:
        """The line of a key, or of the nearest key around it."""
        place = tuple(where)
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def mistake(self, where: Sequence[str | int], message: str) -> Mistake:
        """What is wrong at a key, with its line."""
        return Mistake(self.path, self.line(where), _dotted(where), message)


def _dotted(where: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where).lstrip(".")


def is_given(path: Path) -> bool:
    """Whether there is such a file, or anything else by its name: a link that leads nowhere is not a file that nobody wrote."""
    return os.path.lexists(path)


def _unreadable(path: Path, error: OSError) -> str:
    if path.is_symlink() and not path.exists():
        return f"a link to {path.readlink()}, where no file is"
    advice = "; a file is needed there" if path.is_dir() else ""
    return f"{error.strerror or error}{advice}"


def read_yaml(path: Path) -> YamlFile:
    """Parse one file. Raises ConfigError when it cannot be read, is not UTF-8 or not YAML, or repeats a key."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError([Mistake(path, 1, "", _unreadable(path, error))]) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        message = "not UTF-8; save the file as UTF-8 (Windows editors may have written GBK)"
        raise ConfigError([Mistake(path, line, "", message)]) from error
    loader = _PlainScalars(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return YamlFile(path, {}, {(): 1})
        walk = _Walk()
        wrong = [Mistake(path, line, _dotted(where), what) for where, line, what in walk.wrong(node, ())]
        if wrong:
            raise ConfigError(wrong)
        return YamlFile(path, loader.construct_document(node), walk.lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        lines_of_text = text.splitlines()
        shown = lines_of_text[line - 1] if line <= len(lines_of_text) else ""
        hint = " (indent with spaces, not tabs)" if "\t" in shown else ""
        raise ConfigError([Mistake(path, line, "", f"not YAML: {_words(error)}{hint}")]) from error
    except yaml.reader.ReaderError as error:
        # The error's own position is no place in the text.
        found = yaml.reader.Reader.NON_PRINTABLE.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        what = f"the character U+{ord(found[0]):04X} is not allowed" if found else str(error)
        raise ConfigError([Mistake(path, line, "", f"not YAML: {what}")]) from error
    except RecursionError as error:
        message = "not usable: it is nested too deep, or an alias (*name) refers to itself"
        raise ConfigError([Mistake(path, 1, "", message)]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigError([Mistake(path, 1, "", f"not YAML: {error}")]) from error
    finally:
        loader.dispose()


def _words(error: yaml.MarkedYAMLError) -> str:
    """PyYAML's words; "but found another document" needs the context before it."""
    problem = str(error.problem or error.context)
    return f"{error.context} {problem}" if problem.startswith("but ") and error.context else problem


class _Walk:
    """The lines of a file's keys, and what is wrong with them whatever they are for."""

    def __init__(self) -> None:
        self.lines: dict[Path_, int] = {}
        self._seen: set[int] = set()  # nodes; one that comes again stands at an alias
        self._repeated = 0

    def wrong(self, node: yaml.Node, where: Path_) -> Iterator[tuple[Path_, int, str]]:
        """Place, line and words of each mistake. No further than the bound of what aliases repeat."""
        self.lines.setdefault(where, node.start_mark.line + 1)
        self._repeated += id(node) in self._seen
        self._seen.add(id(node))
        if self._repeated > _MOST_REPEATED:
            return
        if isinstance(node, yaml.MappingNode):
            yield from self._mapping(node, where)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self.lines[(*where, index)] = value.start_mark.line + 1
                yield from self.wrong(value, (*where, index))
                if self._repeated > _MOST_REPEATED:
                    return

    def _mapping(self, node: yaml.MappingNode, where: Path_) -> Iterator[tuple[Path_, int, str]]:
        seen = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                kind = "a list" if isinstance(key, yaml.SequenceNode) else "a mapping"
                yield where, line, f"a key must be text, and this is {kind}"
                continue
            place = (*where, str(key.value))
            if key.tag not in _TEXT_OR_MERGE:
                yield place, line, f"a key must be text; put it into quotes: '{key.value}'"
            if place in seen:
                yield place, line, "the key stands twice"
            seen.add(place)
            self.lines[place] = line
            yield from self.wrong(value, place)
            if self._repeated > _MOST_REPEATED:
                if not where:  # an alias has no line of its own, the key at the file's top has
                    bound = f"{_MOST_REPEATED:,}"
                    yield (
                        place,
                        line,
                        f"its aliases (*name) repeat more than {bound} values; write out what is meant",
                    )
                return


def validate(file: YamlFile, model: type[ModelT]) -> ModelT:
    """The file's data as ``model``. Raises ConfigError naming every mistake and what would be right."""
    if not isinstance(file.data, dict):
        what = {"list": "a list", "str": "text"}.get(type(file.data).__name__, repr(file.data))
        message = f"expected keys and values, found {what}"
        raise ConfigError([Mistake(file.path, 1, "", message)])
    try:
        return model.model_validate(file.data)
    except ValidationError as error:
        raise ConfigError(_explained(file, model, error)) from error


def mistakes_in(
    file: YamlFile, where: Path_, data: Mapping[str, Any], model: type[BaseModel]
) -> list[Mistake]:
    """What is wrong with a part of a file, which stands at ``where``, as ``model``."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        return _explained(file, model, error, where)
    return []


def _explained(
    file: YamlFile, model: type[BaseModel], error: ValidationError, where: Path_ = ()
) -> list[Mistake]:
    errors = error.errors(include_url=False)
    # A list whose one element is wrong is not too short as well.
    inner = [e["loc"] for e in errors if e["type"] != "too_short"]
    errors = [
        e
        for e in errors
        if e["type"] != "too_short" or not any(i[: len(e["loc"])] == e["loc"] for i in inner)
    ]
    found = [_explain(file, model, e, where) for e in errors]
    return sorted(found, key=lambda mistake: mistake.line)


# Pydantic's words for programmers → words for whoever edits the file
_PLAIN = {
    "too_short": "at least {min_length} is needed, found {actual_length}",
    "string_pattern_mismatch": "must match {pattern}",
    "model_type": "expected keys and values",
    "dict_type": "expected keys and values",
    "tuple_type": "expected a list",
    "string_type": "expected text",
    "string_too_short": "must not be empty",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_type": "expected a number",
    "float_parsing": "expected a number such as 2 or 0.5",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "greater_than_equal": "must be at least {ge:g}",
    "greater_than": "must be more than {gt:g}",
    "less_than_equal": "must be at most {le:g}",
    "literal_error": "expected one of {expected}",
    "enum": "expected one of {expected}",
    "date_parsing": "expected a date such as 2026-03-31",
    "date_from_datetime_parsing": "expected a date such as 2026-03-31",
}


def _explain(file: YamlFile, model: type[BaseModel], error: Any, outer: Path_) -> Mistake:
    inner = tuple(part for part in error["loc"] if part != "[key]")
    where = (*outer, *inner)
    if error["type"] == "extra_forbidden":
        allowed = _keys_at(model, inner[:-1])
        close = get_close_matches(str(inner[-1]), allowed, n=1)
        known = f"known keys: {', '.join(allowed)}" if allowed else "no key is known here"
        right = f"did you mean {close[0]}?" if close else known
        return file.mistake(where, f"unknown key; {right}")
    if error["type"] == "missing":
        return file.mistake(where, "this key is required")
    if error["type"] in _PLAIN:
        message = _PLAIN[error["type"]].format(**error.get("ctx", {}))
    else:
        message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    value = error.get("input")
    shown = "" if isinstance(value, dict | list) or value is None else f" (found {value!r})"
    return file.mistake(where, f"{message}{shown}")


def _keys_at(model: type[BaseModel], where: Sequence[str | int]) -> list[str]:
    """Names of the keys that the model knows at a place inside it."""
    current: type[BaseModel] | None = model
    for part in where:
        if isinstance(part, int) or current is None:
            continue
        field = current.model_fields.get(str(part))
        if field is not None:
            current = _model_in(field.annotation)
    return list(current.model_fields) if current else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
