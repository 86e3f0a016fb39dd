"""What every command is given: where configuration and data lie, and the clock."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.store import Paths
from scheduler.terminal import clean

if TYPE_CHECKING:
    from crawler.config import Settings
    from crawler.extract.fields import FieldBook
    from crawler.extract.rules import ExtractionRules
    from crawler.sites import Site, SiteFiles


class UsageProblem(click.ClickException):
    """Wrong usage or configuration: exit status 2."""

    exit_code = 2


@dataclass(frozen=True)
class Context:
    """Configuration directory, data directory, and the clock (timezone-aware UTC)."""

    config: Path
    data: Path
    clock: Callable[[], datetime]

    @property
    def paths(self) -> Paths:
        """The files of the data directory, which need not be there yet. Raises UsageProblem where it can be none."""
        _check_directory("--data", self.data)
        return Paths(self.data)

    @property
    def command_line(self) -> str:
        """``gongkai`` with the options that name these directories where they are not the usual ones, to be copied."""
        given = (("--config", self.config, "config"), ("--data", self.data, "data"))
        named = [f"{option} {shlex.quote(str(path))}" for option, path, usual in given if str(path) != usual]
        return " ".join(["gongkai", *named])

    def site_files(self) -> SiteFiles:
        """What the files of ``config/sites`` say, the wrong ones too. Raises UsageProblem where there are none to look at."""
        from crawler.sites import read_sites  # noqa: PLC0415 — reading commands need no pydantic
        from crawler.yaml_file import ConfigError  # noqa: PLC0415

        self.require_config()
        try:
            return read_sites(self.config)
        except ConfigError as error:
            raise UsageProblem(str(error)) from error

    def sites(self) -> list[Site]:
        """Every site of ``config/sites``. Raises UsageProblem naming file, line and key of each mistake."""
        files = self.site_files()
        if files.wrong:
            raise UsageProblem("\n".join(map(str, files.mistakes)))
        return list(files.sites)

    def described(self, keys: Collection[str]) -> list[Site]:
        """The sites with these keys whose files can be read: for commands that look at the archive, and need no configuration."""
        from crawler.sites import load_site, site_files  # noqa: PLC0415
        from crawler.yaml_file import ConfigError  # noqa: PLC0415

        sites = []
        with suppress(ConfigError):
            for path in site_files(self.config):
                if path.stem in keys:
                    with suppress(ConfigError):
                        sites.append(load_site(path))
        return sites

    def site(self, key: str) -> Site:
        """The site with this key. Raises UsageProblem when no file has it, or the one that has it is wrong."""
        files = self.site_files()
        for site in files.sites:
            if site.site == key:
                return site
        if key in files.wrong:
            raise UsageProblem("\n".join(map(str, files.wrong[key])))
        raise UsageProblem(f"no site file has the key {clean(key)!r}; `gongkai sites list` shows all")

    def extraction_rules(self, key: str) -> ExtractionRules:
        """The extraction keys of a site file."""
        return self.site(key).extract.rules()

    def settings(self) -> Settings:
        """``settings.yml``, or the defaults. Raises UsageProblem naming file, line and key of each mistake."""
        from crawler.config import load_settings  # noqa: PLC0415
        from crawler.yaml_file import ConfigError  # noqa: PLC0415

        try:
            return load_settings(self.config)
        except ConfigError as error:
            raise UsageProblem(str(error)) from error

    def fields(self) -> FieldBook:
        """``fields.yml``. Raises UsageProblem naming file, line and key of each mistake."""
        from crawler.fields_file import load_fields  # noqa: PLC0415
        from crawler.yaml_file import ConfigError  # noqa: PLC0415

        self.require_config()
        try:
            return load_fields(self.config)
        except ConfigError as error:
            raise UsageProblem(str(error)) from error

    def require_config(self) -> None:
        """Raises UsageProblem when there is no configuration directory."""
        _check_directory("--config", self.config)
        if not self.config.is_dir():
            raise UsageProblem(
                f"{self.config}: no such configuration directory; give --config DIR or set GONGKAI_CONFIG"
            )


def _check_directory(option: str, path: Path) -> None:
    """Raises UsageProblem where something else has the name of a directory: it would be taken for one that is missing."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise UsageProblem(
            f"{option} {clean(str(path))}: this name is no UTF-8 here; rename the directory, or set LC_ALL=C.UTF-8"
        ) from error
    there = next((p for p in (path, *path.parents) if os.path.lexists(p)), None)
    if there is None or there.is_dir():
        return
    what = "this is a file" if there.exists() else f"this is a link to {there.readlink()}, which is not there"
    raise UsageProblem(f"{clean(f'{there}: {what}')}; {option} names a directory")
