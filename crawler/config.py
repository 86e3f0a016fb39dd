"""``config/settings.yml``: what holds for all sites. A missing file means the defaults."""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crawler.config_values import Address
from crawler.sites import Pace, Site
from crawler.yaml_file import is_given, read_yaml, validate


def _reachable(value: str) -> str:
    """A host name, host:port, address or network, as `allow_private` lists them."""
    if "/" in value:
        try:
            ipaddress.ip_network(value)
        except ValueError as error:
            raise ValueError(f"not a network such as 10.0.0.0/8: {error}") from error
    elif not value or any(char.isspace() for char in value):
        raise ValueError("expected a host, host:port or network")
    return value


def _header(value: str) -> str:
    """Text for a header of HTTP or mail: one line."""
    if not value.isprintable():
        raise ValueError("expected one line without control characters")
    return value


def _user_agent(value: str) -> str:
    try:
        value.format(version="", contact="")
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise ValueError(
            "only {version} and {contact} are filled in; write a brace that stays as {{ or }}"
        ) from error
    return _header(value)


# What HTML takes for an address (<input type=email>), which no mail server needs quotes or an extension for.
_MAIL_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,255}$)"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)


def check_mail_address(value: str) -> str:
    """The address, if it is one. Raises ValueError."""
    if _MAIL_ADDRESS.fullmatch(value):
        return value
    local, _, domain = value.rpartition("@")
    # 编辑@…: only servers with SMTPUTF8 take it; fullwidth letters
    if not value.isascii() and value.isprintable():
        with suppress(UnicodeError):
            if _MAIL_ADDRESS.fullmatch(plain := f"{local}@{domain.encode('idna').decode()}"):
                raise ValueError(f"write the host in ASCII: {plain}")
        raise ValueError(
            "an e-mail address is of ASCII letters, digits and signs, such as editor@example.org"
        )
    raise ValueError("expected one e-mail address such as editor@example.org")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Smtp(_Part):
    """Outgoing mail server. The password comes from the environment: GONGKAI_SMTP_PASSWORD."""

    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65535)
    tls: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None


class Settings(_Part):
    """Settings of one installation."""

    contact: Annotated[str, AfterValidator(_header)] = Field(
        default="", description="E-mail or web page of the operator, shown in the User-Agent"
    )
    user_agent: Annotated[str, AfterValidator(_user_agent)] = Field(
        default="gongkai/{version} (+{contact})", description="{version} and {contact} are filled in"
    )
    allow_private: tuple[Annotated[str, AfterValidator(_reachable)], ...] = Field(
        default=(),
        description="Hosts, host:port or networks that may be fetched although they are not public",
    )
    parallel_sites: int = Field(default=2, ge=1, le=64, description="Sites collected at the same time")
    longest_collection: float = Field(
        default=12.0, gt=0, le=168, description="Hours after which the collection of one site is stopped"
    )
    pace: Pace = Field(default=Pace(), description="Defaults for sites that set no pace of their own")
    smtp: Smtp | None = Field(default=None, description="Without it, mails are written to data/outbox/")
    mail_from: Annotated[str, AfterValidator(check_mail_address)] = Field(
        default="gongkai@localhost", description="Sender of the digests"
    )
    base_url: Address | None = Field(
        default=None, description="Address of the browse site, for links in mails"
    )
    operator: Annotated[str, AfterValidator(check_mail_address)] | None = Field(
        default=None, description="Who is told by mail, each morning at 9, what a person is needed for"
    )

    def pace_for(self, site: Site) -> Pace:
        """The pace of a site: its own values, then these settings', then polite defaults."""
        polite = {"delay": 2.0, "concurrency": 1, "daily_budget": 2000, "quiet_hours": None, "timeout": 30.0}
        own = site.pace.model_dump(exclude_none=True)
        return Pace(**{**polite, **self.pace.model_dump(exclude_none=True), **own})

    def user_agent_text(self, version: str) -> str:
        """The User-Agent header."""
        return self.user_agent.format(version=version, contact=self.contact or "no contact given")

    def robots_agent(self, version: str) -> str:
        """What robots.txt may call gongkai by: the User-Agent without a contact, whose words (…/bot.html) others are called by."""
        return self.user_agent.format(version=version, contact="")


def load_settings(config: Path) -> Settings:
    """``config/settings.yml``, or the defaults. Raises ConfigError naming every mistake."""
    path = config / "settings.yml"
    return validate(read_yaml(path), Settings) if is_given(path) else Settings()
