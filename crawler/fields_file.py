"""``config/fields.yml``, read so that every mistake in it is named by file, line and key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from crawler.extract.fields import FieldBook, FieldFileError
from crawler.yaml_file import ConfigError, Mistake, YamlFile, is_given, read_yaml, validate


def _list(value: Any) -> Any:
    if not isinstance(value, list):
        raise ValueError("expected a list of spellings")
    return value


_Spellings = Annotated[list[str | int | float | bool], BeforeValidator(_list)]


class _Shape(BaseModel):
    """What the sections hold; which of them there must be, and which names they know, is the FieldBook's to say."""

    model_config = ConfigDict(extra="allow")

    labels: dict[str, _Spellings] = {}
    ignored_labels: _Spellings = []
    meta: dict[str, _Spellings] = {}
    site_meta: dict[str, _Spellings] = {}
    api: dict[str, _Spellings] = {}
    ld_json: dict[str, _Spellings] = {}
    codes: dict[str, dict[str, _Spellings]] = {}
    junk: _Spellings = []
    not_an_issuer: _Spellings = []
    generic_headings: _Spellings = []
    containers: _Spellings = []
    noise: _Spellings = []
    noise_names: _Spellings = []


def load_fields(config: Path) -> FieldBook:
    """The book of ``config/fields.yml``. Raises ConfigError naming the mistakes in it."""
    path = config / "fields.yml"
    if not is_given(path):
        raise ConfigError(
            [Mistake(path, 1, "", "no such file; copy config/fields.yml of the project into this directory")]
        )
    file = read_yaml(path)
    validate(file, _Shape)
    try:
        return FieldBook.load(path)
    except FieldFileError as error:
        raise ConfigError([_mistake(file, str(error).removeprefix(f"{path}: "))]) from error


def _mistake(file: YamlFile, message: str) -> Mistake:
    """``labels.index_nummer: no such field …`` and ``unknown key 'labelz' …`` with the line of that key."""
    found = re.match(r"([\w.]+): (.*)", message, re.DOTALL)
    if found is not None:
        return file.mistake(tuple(found[1].split(".")), found[2])
    unknown = re.match(r"unknown key '(\w+)'; (.*)", message, re.DOTALL)
    if unknown is not None:
        return file.mistake((unknown[1],), f"unknown key; {unknown[2]}")
    return Mistake(file.path, 1, "", message)
