"""All of a configuration, and every mistake in it: what ``sites check`` and ``doctor`` look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from crawler.config import Settings, load_settings
from crawler.fields_file import load_fields
from crawler.regions import load_regions
from crawler.sites import SiteFiles, read_sites
from crawler.yaml_file import ConfigError, Mistake
from scheduler.alerts.subscriptions import load_subscriptions

_Loaded = TypeVar("_Loaded")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What could be read. ``files`` and ``settings`` are None where they could not be read at all."""

    files: SiteFiles | None
    settings: Settings | None
    mistakes: tuple[Mistake, ...]


def read_all(config: Path) -> Configuration:
    """Every file of a configuration directory, which is there."""
    mistakes: list[Mistake] = []

    def loaded(load: Callable[[Path], _Loaded]) -> _Loaded | None:
        try:
            return load(config)
        except ConfigError as error:
            mistakes.extend(error.mistakes)
            return None

    files = loaded(read_sites)
    mistakes += files.mistakes if files is not None else ()
    settings = loaded(load_settings)
    loaded(load_fields)
    loaded(load_regions)
    keys = files.keys_now if files is not None else None
    loaded(lambda where: load_subscriptions(where, keys))
    return Configuration(files, settings, tuple(mistakes))
