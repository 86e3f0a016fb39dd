"""Site files: one YAML file per site (``config/sites/**/<key>.yml``), validated whole before anything runs.

docs/site-file.md is the reference for people; this module is the definition.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from crawler.config_values import (
    Address,
    Count,
    Cron,
    FieldName,
    HostName,
    Interval,
    LabelField,
    Pattern,
    QuietHours,
    Selector,
    TimeOfDay,
    one_of,
)  # fmt: skip
from crawler.extract.rules import ExtractionRules
from crawler.yaml_file import ConfigError, Mistake, YamlFile, mistakes_in, read_yaml, validate

PLATFORMS_DIRECTORY = Path(__file__).parent / "platforms"
Level = Literal["national", "provincial", "municipal", "district", "department", "unknown"]
LEVELS: tuple[Level, ...] = get_args(Level)
_KEY = r"^[a-z0-9][a-z0-9-]{0,62}$"


def platforms() -> tuple[str, ...]:
    """Names of the platforms that a site file may choose: the modules of crawler/platforms."""
    return tuple(
        sorted(p.stem for p in PLATFORMS_DIRECTORY.glob("*.py") if p.stem not in ("__init__", "base"))
    )


def _platform(value: str) -> str:
    return one_of(value, platforms(), "platform")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Catalogue(_Part):
    """One catalogue (目录, 栏目) of a site."""

    key: str = Field(pattern=_KEY, description="Short name of the catalogue, unique within the site")
    name: str | None = Field(default=None, description="Its Chinese name, as the site shows it")
    url: Address = Field(description="Address of its first page")
    options: dict[str, Any] = Field(
        default_factory=dict, description="Facts that the platform needs, see its page"
    )
    include: tuple[Pattern, ...] = Field(
        default=(), description="Only document addresses that match one of these"
    )
    exclude: tuple[Pattern, ...] = Field(
        default=(), description="No document address that matches one of these"
    )
    visit_parameters: tuple[str, ...] = Field(
        default=(),
        description="Parameters of document addresses that change at every visit (a session, the time), and are left out",
    )


class Schedule(_Part):
    """When to collect; exactly one of the three. Asia/Shanghai."""

    daily: TimeOfDay | None = Field(default=None, description="Once a day at this time")
    cron: Cron | None = Field(default=None, description="Five fields as in crontab(5); 0 and 7 are Sunday")
    every: Interval | None = Field(
        default=None, description="An interval that divides an hour or a day: 15m, 6h, 1d"
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(value is not None for value in (self.daily, self.cron, self.every)) != 1:
            raise ValueError("give exactly one of daily, cron, every")
        return self


class Pace(_Part):
    """How politely to ask. Unset values come from settings.yml."""

    delay: float | None = Field(
        default=None, ge=0, le=3600, description="Least seconds between requests; robots.txt may ask for more"
    )
    concurrency: int | None = Field(default=None, ge=1, le=16, description="Connections to the host at once")
    daily_budget: Count | None = Field(default=None, ge=1, description="Requests per collection and day")
    quiet_hours: QuietHours | None = Field(
        default=None, description='No request between these times: "23:00-06:00"'
    )
    timeout: float | None = Field(
        default=None, ge=1, le=600, description="Seconds until a request is given up"
    )


class RobotsPolicy(_Part):
    """What a robots.txt means that cannot be had."""

    unreachable: Literal["forbid", "allow"] = Field(
        default="forbid",
        description="Whether a robots.txt that cannot be had (5xx, no answer) forbids all of its host, as RFC 9309 wants;"
        " `allow` for a server that answers so for good",
    )


class Confirm(_Part):
    """When an absent document counts as removed."""

    checks: int = Field(
        default=3, ge=1, le=1000, description="At least this many observations of its absence"
    )
    days: float = Field(default=2.0, ge=0, le=3650, description="Over at least this many days")


class Expect(_Part):
    """What a healthy collection looks like; a breach holds its removals and mass edits."""

    minimum: Count | None = Field(default=None, ge=0, description="Documents in a full walk, at least")
    maximum: Count | None = Field(default=None, ge=1, description="Documents in a full walk, at most")
    fill: dict[FieldName, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict, description="Field → share of the documents that have it"
    )

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum} is more than maximum {self.maximum}")
        return self


class Extract(_Part):
    """Help for pages that the extractor does not understand by itself."""

    body: tuple[Selector, ...] = Field(
        default=(), description="List of CSS selectors of the body's container; the first that matches counts"
    )
    remove: tuple[Selector, ...] = Field(
        default=(), description="List of CSS selectors of parts of the body that are not the document"
    )
    labels: dict[str, LabelField] = Field(
        default_factory=dict, description="Label on the page → field of the record"
    )

    def rules(self) -> ExtractionRules:
        """These facts as the extractor takes them."""
        return ExtractionRules(body=self.body, remove=self.remove, labels=self.labels)


class Site(_Part):
    """One site file."""

    site: str = Field(pattern=_KEY, description="Key of the site: the file's name without .yml")
    formerly: tuple[Annotated[str, Field(pattern=_KEY)], ...] = Field(
        default=(), description="Keys that it had before: the history under them goes on under this one"
    )
    name: str = Field(min_length=1, description="Chinese name of the publishing body")
    name_en: str | None = Field(default=None, description="Its English name")
    province: str = Field(
        default="unknown", description="Province-level unit, in Chinese; 中央 for national bodies"
    )
    level: Level = Field(default="unknown", description="Level of government")
    url: Address = Field(description="Front page")
    platform: Annotated[str, AfterValidator(_platform)] = Field(
        description="CMS platform: a module of crawler/platforms"
    )
    enabled: bool = Field(default=True, description="Whether `gongkai collect` without a name takes it")
    tested_live: date | None = Field(
        default=None, description="When this file was last seen to work on the real site"
    )
    broken_until: date | None = Field(
        default=None,
        description="Known to be broken until this day: collected all the same, and until it is over no alarm of its own",
    )
    hosts: tuple[HostName, ...] = Field(
        default=(), description="Other hosts that hold documents of these catalogues"
    )
    catalogues: tuple[Catalogue, ...] = Field(min_length=1, description="What to walk")
    schedule: Schedule = Field(default=Schedule(daily="07:30"), description="When to collect")
    pace: Pace = Field(default=Pace(), description="How politely to ask")
    robots: RobotsPolicy = Field(
        default=RobotsPolicy(),
        description="What a robots.txt means that cannot be had; one that can is always obeyed",
    )
    confirm: Confirm = Field(default=Confirm(), description="When an absence is a removal")
    expect: Expect = Field(default=Expect(), description="What a healthy collection looks like")
    attachment_hosts: tuple[HostName, ...] = Field(
        default=(), description="Other hosts whose files are fetched when a document links to them"
    )
    extract: Extract = Field(default=Extract(), description="Help for the extractor")

    def rules(self) -> ExtractionRules:
        """What the site file says about reading its pages, `fields` of its catalogues' options included."""
        api: dict[str, tuple[str, ...]] = {}
        for catalogue in self.catalogues:
            fields = catalogue.options.get("fields")
            for path, name in fields.items() if isinstance(fields, dict) else ():
                api[name] = tuple(dict.fromkeys((*api.get(name, ()), str(path))))
        return replace(self.extract.rules(), api=api)

    def addresses(self) -> tuple[str, ...]:
        """Addresses whose hosts may hold the site's documents."""
        return (self.url, *(f"http://{host}/" for host in self.hosts))

    @field_validator("catalogues")
    @classmethod
    def _distinct(cls, catalogues: tuple[Catalogue, ...]) -> tuple[Catalogue, ...]:
        keys = [catalogue.key for catalogue in catalogues]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice:
            raise ValueError(f"the key {twice!r} stands twice")
        return catalogues


def load_site(path: Path) -> Site:
    """One site file. Raises ConfigError naming every mistake in it."""
    file = read_yaml(path)
    mistakes = _mistakes_in_options(file)
    try:
        site = validate(file, Site)
    except ConfigError as error:
        raise ConfigError(sorted((*error.mistakes, *mistakes), key=lambda mistake: mistake.line)) from error
    if mistakes:
        raise ConfigError(mistakes)
    if site.site != path.stem:
        raise ConfigError(
            [file.mistake(("site",), f"must be the file's name: {path.stem!r} (found {site.site!r})")]
        )
    return site


def _mistakes_in_options(file: YamlFile) -> list[Mistake]:
    """What the platform does not know in the catalogues' ``options``. Other mistakes are :func:`validate`'s to find."""
    from crawler.platforms import platform_of  # noqa: PLC0415 — platforms are written in terms of this module

    data = file.data if isinstance(file.data, dict) else {}
    catalogues = data.get("catalogues")
    if data.get("platform") not in platforms() or not isinstance(catalogues, list):
        return []
    model = platform_of(data["platform"]).options
    mistakes = []
    for index, catalogue in enumerate(catalogues):
        options = catalogue.get("options", {}) if isinstance(catalogue, dict) else {}
        if isinstance(options, dict):
            mistakes.extend(mistakes_in(file, ("catalogues", index, "options"), options, model))
    return mistakes


def site_files(config: Path) -> list[Path]:
    """Every YAML file below ``config/sites``, whatever directories group them, by name. Hidden ones are not ours.

    Raises ConfigError naming a directory that cannot be read.
    """

    def refuse(error: OSError) -> None:
        if isinstance(error, FileNotFoundError):  # a new configuration, or one that changes as we look
            return
        raise ConfigError(
            [Mistake(Path(str(error.filename)), 1, "", error.strerror or str(error))]
        ) from error

    found: list[Path] = []
    seen: set[str] = set()  # of directories, which links may lead to twice, and into each other
    for where, directories, names in os.walk(config / "sites", onerror=refuse, followlinks=True):
        if (real := os.path.realpath(where)) in seen:
            directories.clear()
            continue
        seen.add(real)
        directories[:] = sorted(name for name in directories if not name.startswith("."))
        found += [Path(where, name) for name in names if not name.startswith(".")]
    files = (p for p in found if p.suffix in (".yml", ".yaml") and (p.is_file() or not p.exists()))
    return sorted(files, key=lambda p: (p.stem, p))


@dataclass(frozen=True, slots=True)
class SiteFiles:
    """What the files below ``config/sites`` say.

    ``wrong`` has the mistakes of those that cannot be used, by the key that the file's name gives. Where two files claim a
    key neither is believed: nobody knows which is meant.
    """

    sites: tuple[Site, ...]
    wrong: Mapping[str, tuple[Mistake, ...]]

    @property
    def keys(self) -> list[str]:
        """Of right and wrong files."""
        return sorted({site.site for site in self.sites} | self.wrong.keys())

    @property
    def keys_now(self) -> dict[str, str]:
        """Every key that a site has or had → the one it has now."""
        former = {old: site.site for site in self.sites for old in site.formerly}
        return former | {key: key for key in self.keys}

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Of all files, by the files' keys."""
        return tuple(mistake for key in sorted(self.wrong) for mistake in self.wrong[key])


def read_sites(config: Path) -> SiteFiles:
    """Every file below ``config/sites``, right or wrong. Raises ConfigError where the files cannot be looked for."""
    directory = config / "sites"
    if not directory.is_dir():
        raise ConfigError([Mistake(directory, 1, "", "no such directory; it holds one YAML file per site")])
    sites: dict[str, Site] = {}
    wrong: dict[str, list[Mistake]] = {}
    first: dict[str, Path] = {}
    for path in site_files(config):
        mistakes: Sequence[Mistake] = ()
        if path.suffix == ".yaml":
            mistakes = [Mistake(path, 1, "", f"site files end in .yml: rename it to {path.stem}.yml")]
        elif (other := first.setdefault(path.stem, path)) is not path:
            mistakes = [Mistake(path, 1, "site", f"{other} has this key already; give one another name")]
        else:
            try:
                sites[path.stem] = load_site(path)
            except ConfigError as error:
                mistakes = error.mistakes
        if mistakes:
            wrong.setdefault(path.stem, []).extend(mistakes)
    for key, mistake in _former_keys_in_use(sites, first):
        wrong.setdefault(key, []).append(mistake)
    right = tuple(site for key, site in sites.items() if key not in wrong)
    return SiteFiles(right, {key: tuple(mistakes) for key, mistakes in wrong.items()})


def _former_keys_in_use(
    sites: Mapping[str, Site], files: Mapping[str, Path]
) -> Iterator[tuple[str, Mistake]]:
    """Former keys that another file has, or states as well: nobody knows whose history it is. ``files``: by their keys."""
    stated = Counter(old for site in sites.values() for old in site.formerly)
    for key, site in sites.items():
        for at, old in enumerate(site.formerly):
            if old not in files and stated[old] == 1:
                continue
            where = files.get(old) or "another file's `formerly`, or this one's twice,"
            message = (
                f"{where} has this key: a key that is given up has no file, and one site goes on with it"
            )
            yield key, read_yaml(files[key]).mistake(("formerly", at), message)


def load_sites(config: Path) -> list[Site]:
    """Every file below ``config/sites``, by key. Raises ConfigError naming the mistakes of all of them at once."""
    files = read_sites(config)
    if files.wrong:
        raise ConfigError(files.mistakes)
    return list(files.sites)
