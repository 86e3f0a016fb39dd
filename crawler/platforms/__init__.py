"""CMS platforms, one module each, chosen by the ``platform`` key of a site file."""

from __future__ import annotations

import importlib
from typing import cast

from crawler.platforms.base import Platform


def platform_of(name: str) -> Platform:
    """The platform with this name. ``crawler.sites`` has checked that it exists."""
    return cast(Platform, importlib.import_module(f"crawler.platforms.{name}").PLATFORM)
