"""From a survey to the text of a site file: commented, valid, and honest about how sure each part is. Pure functions."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import yaml

from crawler.survey.findings import Finding
from crawler.survey.outcome import Survey
from crawler.survey.sampling import SampledList

_PLAIN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9_/][\u4e00-\u9fffA-Za-z0-9_/.\-（）〔〕、·]*")
_LINE = 108  # characters of a comment's line
_LONGEST_KEY = 63
_NUMBERLIKE = re.compile(r"[-+.\d_:eE]+|true|false|null|yes|no|on|off|y|n|~", re.I)
# What is no part of a key that a person would type.
_NO_KEY = frozenset({"www", "gov", "cn", "com", "org", "net", "edu", "ac"})
_FILE_WORD = re.compile(r"(?:(?:common_)?list|index|default|home|main)(?:[_-]\w+)?", re.I)


def draft(survey: Survey, key: str, *, today: date, without_robots: bool = False) -> str:
    """The site file. Without a platform or catalogues it is a form to be completed, which `sites check` refuses.

    ``without_robots``: the site is asked though its robots.txt cannot be had, as a person said.
    """
    lines = [*_head(survey, key, today), f"site: {scalar(key)}"]
    name, province, level = (survey.part(part) for part in ("name", "province", "level"))
    for finding in (name, province, level):
        lines += [*_about(finding), f"{finding.part}: {scalar(finding.value)}"]
    parts = urlsplit(survey.landed or survey.url)
    lines.append(f"url: {scalar(f'{parts.scheme}://{parts.netloc}/')}")
    if survey.platform is not None:
        lines += [*_about(survey.platform), f"platform: {survey.platform.value}"]
    else:
        lines += comment("platform: not recognised; `gongkai sites list --help` names those there are")
        lines.append("platform: unknown")
    if not survey.is_certain:
        lines += comment(
            "A collection of all sites leaves this one out until you have looked at it and write true."
        )
        lines.append("enabled: false")
    if without_robots:
        lines.append("robots: {unreachable: allow}")
    lines += ["catalogues:", *_catalogues(survey)]
    lines += _expectation(survey)
    if survey.can_tell:
        lines += comment("tested_live: write the date when you have looked at a collection of the real site")
    lines += _documents(survey)
    return "\n".join(lines) + "\n"


def _head(survey: Survey, key: str, today: date) -> list[str]:
    said = f"Drafted by `gongkai sites add {survey.url}` on {today} from {len(survey.steps)} pages."
    lines = comment(said)
    if survey.can_tell:
        lines += comment("Beside each part stands how sure it is, and why. What is not sure, look at; then:")
        lines += comment(f"gongkai sites check, and gongkai collect {key} --budget 30")
    else:
        lines += comment(f"It could not be told how to collect it: {survey.problem}")
        lines += comment("Complete it by hand: docs/site-file.md")
    for note in survey.notes:
        lines += comment(f"- {note}")
    return lines


def _about(finding: Finding) -> list[str]:
    why = f": {'; '.join(finding.why)}" if finding.why else ""
    lines = comment(f"{finding.part}, {finding.word}{why}")
    for look in finding.look:
        lines += comment(f"  look: {look}")
    return lines


def catalogue_keys(survey: Survey) -> list[str]:
    """The keys that the file gives the survey's lists, and behind them those that were not tried."""
    taken: set[str] = set()
    named = [*((one.key, one.url) for one in survey.lists), *((key, url) for key, _, url, _ in survey.unseen)]
    return [_list_key(key, url, taken) for key, url in named]


def _catalogues(survey: Survey) -> Iterator[str]:
    keys = iter(catalogue_keys(survey))
    for one in survey.lists:
        yield from _indented(_list_comment(one))
        yield from _catalogue(next(keys), one.name, one.url, one.options)
        if one.visit_parameters:
            yield from _indented(
                comment("  these differ from visit to visit, or from page to page of the list")
            )
            yield f"    visit_parameters: [{', '.join(json.dumps(name) for name in one.visit_parameters)}]"
    if survey.unseen:
        yield from _indented(
            comment(f"The {len(survey.unseen)} below were not tried; their page names them.")
        )
    for _, name, url, options in survey.unseen:
        yield from _catalogue(next(keys), name, url, options)
    if not survey.lists:
        yield from _catalogue("list", None, survey.url, {})
    told = (
        (
            "Not collected, though the page leads to them (in columns, no list of this platform was seen):",
            survey.left_out,
        ),
        ("Also linked, and not looked at:", survey.others),
    )
    for words, posts in told:
        yield from _indented(comment(words)) if posts else ()
        for post in posts:
            yield from _indented(comment(f"- {post.words} {post.url}"))


def _list_comment(one: SampledList) -> list[str]:
    rows = f"{len(one.rows)} rows were seen" if one.rows else "it lists nothing today"
    stated = f", {one.pages} page{'s are' if one.pages > 1 else ' is'} stated" if one.pages else ""
    lines = comment(f"{rows}{stated}")
    return [*lines, *_about(one.paging)]


def _indented(lines: list[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _catalogue(key: str, name: str | None, url: str, options: Mapping[str, Any]) -> Iterator[str]:
    yield f"  - key: {scalar(key)}"
    if name:
        yield f"    name: {scalar(name)}"
    yield f"    url: {scalar(url)}"
    if options:
        text = yaml.safe_dump(dict(options), allow_unicode=True, sort_keys=False, width=1000)
        yield "    options:"
        yield from (f"      {line}" for line in text.splitlines())


def _list_key(key: str, url: str, taken: set[str]) -> str:
    """The platform's key, or one from the address where it gives none; unique within the file."""
    made = slug(key) if key != "list" else _of_path(url) or "list"
    unique, number = made, 2
    while unique in taken:
        unique, number = f"{made[: _LONGEST_KEY - 4]}-{number}", number + 1
    taken.add(unique)
    return unique


def _of_path(url: str) -> str:
    pieces = [re.sub(r"\.\w+$", "", piece) for piece in urlsplit(url).path.split("/") if piece]
    while len(pieces) > 1 and _FILE_WORD.fullmatch(pieces[-1]):
        pieces.pop()
    last = pieces[-1] if pieces else ""
    if re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{20,}", last, re.I):
        last = last[:8]
    return slug(last) if slug(last) != "site" else ""


def _expectation(survey: Survey) -> list[str]:
    """A suggestion, never a setting: one look is no experience."""
    known = [one for one in survey.lists if one.pages and one.pages > 1]
    if not known or len(known) != len(survey.lists) or survey.unseen:
        return []
    least = sum((one.pages or 0) // 2 * max(1, len(one.rows) // 2) for one in known)
    return comment(
        f"expect: {{minimum: {least}}}  a full walk with fewer would be held back; half of what is stated"
    )


def _documents(survey: Survey) -> list[str]:
    if not survey.documents:
        return []
    tried = [line for d in survey.documents for line in comment(f"  - {d.url}")]
    return [*_about(survey.part("documents")), *tried]


def comment(text: str) -> list[str]:
    """Lines of a YAML comment; nothing that a page said can end it."""
    lead = "# " + " " * (len(text) - len(text.lstrip(" ")))
    return textwrap.wrap(
        _one_line(text), _LINE, initial_indent=lead, subsequent_indent=f"{lead}  ",
        break_long_words=False, break_on_hyphens=False,
    ) or ["#"]  # fmt: skip


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def scalar(text: str) -> str:
    """Text as a YAML scalar: plain where it cannot be taken for anything else, else in double quotes."""
    clean = _one_line(text)
    if _PLAIN.fullmatch(clean) and not _NUMBERLIKE.fullmatch(clean):
        return clean
    if re.fullmatch(r"https?://[A-Za-z0-9._~:/?=&%+,;@!$()*\[\]-]*[A-Za-z0-9_/=&%-]", clean):
        return clean
    return json.dumps(clean, ensure_ascii=False)


def slug(text: str) -> str:
    """A key: lower-case letters, digits and dashes."""
    made = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return made[:_LONGEST_KEY].strip("-") or "site"


def site_key(url: str, taken: Collection[str]) -> str:
    """A key from the host, the place first: fgw.sz.gov.cn → sz-fgw. A number is added where it is taken."""
    host = urlsplit(url).hostname or ""
    labels = [] if re.fullmatch(r"[\d.:]+", host) else [one for one in host.split(".") if one not in _NO_KEY]
    made = slug("-".join(reversed(labels))) if labels else slug(f"site-{urlsplit(url).netloc}")
    key, number = made, 2
    while key in taken:
        key, number = f"{made[: _LONGEST_KEY - 4]}-{number}", number + 1
    return key
