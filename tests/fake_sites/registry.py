"""Every fake site: the subclasses of FakeSite in the modules of this directory."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.fake_sites.office import FakeSite


def all_sites() -> list[type[FakeSite]]:
    """The classes that imitate a platform, by name."""
    here = Path(__file__).parent
    for path in here.glob("*.py"):
        if path.stem not in ("office", "registry"):
            importlib.import_module(f"tests.fake_sites.{path.stem}")
    found: list[type[FakeSite]] = []
    waiting = list(FakeSite.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting.extend(one.__subclasses__())
        if one.platform and not one.__name__.startswith("_"):
            found.append(one)
    return sorted(found, key=lambda c: c.__name__)
