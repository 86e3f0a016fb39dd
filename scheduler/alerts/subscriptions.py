"""``config/subscriptions.yml``: who is told what, and when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from archive.feed import ChangeRow
from archive.model import SHANGHAI, ChangeKind, Significance
from crawler.config import check_mail_address
from crawler.config_values import TimeOfDay
from crawler.yaml_file import ConfigError, Mistake, is_given, read_yaml, validate

_ENTRY = re.compile(r"subscriptions\[(\d+)\]")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


Address = Annotated[str, AfterValidator(check_mail_address)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DigestTime(_Part):
    """When a digest is due; without ``daily`` and ``weekly`` at every `alerts send`. Asia/Shanghai."""

    daily: TimeOfDay | None = None
    weekly: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] | None = None
    at: TimeOfDay = "08:00"

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.daily is not None and self.weekly is not None:
            raise ValueError("give daily or weekly, not both")
        return self

    def last_due(self, now: datetime) -> datetime:
        """The latest instant at or before ``now`` at which a digest was due."""
        local = now.astimezone(SHANGHAI)
        if self.daily is None and self.weekly is None:
            return now
        hour, minute = (int(part) for part in (self.daily or self.at).split(":"))
        due = datetime.combine(local.date(), time(hour, minute), SHANGHAI)
        if self.weekly is not None:
            due -= timedelta(days=(due.weekday() - _WEEKDAYS.index(self.weekly)) % 7)
        step = timedelta(days=7 if self.weekly is not None else 1)
        return due if due <= local else due - step


class Subscription(_Part):
    """One subscription: its filters are conditions that all must hold."""

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    to: Address
    sites: tuple[str, ...] | Literal["all"] = "all"
    kinds: tuple[ChangeKind, ...] = tuple(k for k in ChangeKind if k is not ChangeKind.BASELINE)
    significance: Literal["substantive", "any"] = "substantive"
    keywords: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    schedule: DigestTime = DigestTime(daily="08:00")
    language: Literal["zh", "en", "both"] = "both"

    @field_validator("sites")
    @classmethod
    def _some_site(cls, sites: tuple[str, ...] | Literal["all"]) -> tuple[str, ...] | Literal["all"]:
        if not sites:
            raise ValueError("an empty list tells of no site; write all, or leave the key out")
        return sites

    @field_validator("kinds")
    @classmethod
    def _some_news(cls, kinds: tuple[ChangeKind, ...]) -> tuple[ChangeKind, ...]:
        if not set(kinds) - {ChangeKind.BASELINE}:
            raise ValueError("these tell of nothing: the baseline, what a first collection finds, is no news")
        return kinds

    def wants(self, change: ChangeRow, text: Callable[[], str]) -> bool:
        """Whether a change is for this subscription. ``text`` gives all that it says, where keywords are looked for."""
        if change.kind is ChangeKind.BASELINE or change.kind not in self.kinds:
            return False
        if self.sites != "all" and change.site not in self.sites:
            return False
        if self.significance == "substantive" and change.significance is Significance.COSMETIC:
            return False
        if not self.keywords:
            return True
        said = text().casefold()
        return any(word.casefold() in said for word in self.keywords)


class _File(_Part):
    subscriptions: tuple[Subscription, ...] = ()


@dataclass(frozen=True, slots=True)
class SubscriptionFile:
    """What the file says: the subscriptions that can be used, and the mistakes of the others."""

    subscriptions: tuple[Subscription, ...]
    mistakes: tuple[Mistake, ...] = ()
    wrong_keys: frozenset[str] = frozenset()  # of the others, as far as they have one


def load_subscriptions(config: Path, sites: Mapping[str, str] | None = None) -> tuple[Subscription, ...]:
    """The subscriptions; none when there is no file. Raises ConfigError naming every mistake."""
    found = read_subscriptions(config, sites)
    if found.mistakes:
        raise ConfigError(found.mistakes)
    return found.subscriptions


def read_subscriptions(config: Path, sites: Mapping[str, str] | None = None) -> SubscriptionFile:
    """The subscriptions, right and wrong ones told apart: one reader's wrong address is no reason to tell nobody.

    Of those that claim one key none is believed: the cursor is known by it.
    ``sites``: every key that a site has or had → the one it has now. What stands under a former key in this file, or in the
    archive until the next collection, is of the site as well.
    Raises ConfigError where the file as a whole cannot be read.
    """
    path = config / "subscriptions.yml"
    if not is_given(path):
        return SubscriptionFile(())
    file = read_yaml(path)
    stated = file.data.get("subscriptions") if isinstance(file.data, dict) else None
    entries: list[object] = stated if isinstance(stated, list) else []
    wrong: dict[int, list[Mistake]] = {}
    try:
        right = dict(enumerate(validate(file, _File).subscriptions))
    except ConfigError as error:
        for mistake in error.mistakes:
            place = _ENTRY.match(mistake.key)
            if place is None:
                raise
            wrong.setdefault(int(place[1]), []).append(mistake)
        kept = {index: entry for index, entry in enumerate(entries) if index not in wrong}
        others = replace(file, data={**file.data, "subscriptions": list(kept.values())})
        right = dict(zip(kept, validate(others, _File).subscriptions, strict=True))
    names = [entry.get("key") if isinstance(entry, dict) else None for entry in entries]
    keys = Counter(key for key in names if isinstance(key, str))
    for index, subscription in right.items():
        if keys[subscription.key] > 1:
            wrong.setdefault(index, []).append(
                file.mistake(
                    ("subscriptions", index, "key"),
                    f"{subscription.key!r} stands {_times(keys[subscription.key])}",
                )
            )
        for at, site in enumerate(subscription.sites if subscription.sites != "all" else ()):
            if sites is not None and site not in sites:
                wrong.setdefault(index, []).append(
                    file.mistake(("subscriptions", index, "sites", at), f"no site file has the key {site!r}")
                )
    return SubscriptionFile(
        tuple(
            _by_all_keys(subscription, sites or {})
            for index, subscription in right.items()
            if index not in wrong
        ),
        tuple(mistake for index in sorted(wrong) for mistake in wrong[index]),
        frozenset(key for index in wrong if isinstance(key := names[index], str)),
    )


def _by_all_keys(subscription: Subscription, sites: Mapping[str, str]) -> Subscription:
    """With the keys that its sites have or had beside those it names."""
    if subscription.sites == "all":
        return subscription
    meant = {sites.get(site) for site in subscription.sites}
    others = [key for key, now in sites.items() if now in meant and key not in subscription.sites]
    return subscription.model_copy(update={"sites": (*subscription.sites, *others)})


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"
