"""Which document a page is: addresses folded to one spelling, and when two histories are one.

Pure functions; the rules are those of the design's "Same document, many addresses".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
# A body shorter than this ("见附件。") is shared by unrelated documents and proves nothing without the title.
TELLING_BODY_LENGTH = 100
_SHARED = ("index_number", "document_number", "body_sha256", "fingerprint")


@lru_cache(maxsize=4096)
def url_key(url: str) -> str:
    """The spelling under which an address is looked up within its site.

    http and https, a default port, the fragment and the host's case are folded; everything else, the
    order of the query included, stays: servers may tell them apart. A fragment that is a route (``#/detail/7`` of a page
    that scripts fill) names the document and stays. What is no http address is its own key.
    """
    bare, _, fragment = url.partition("#")
    route = f"#{fragment}" if fragment.startswith(("/", "!")) else ""
    try:
        parts = urlsplit(bare)
        port = parts.port
    except ValueError:  # "http://[::1" or port 99999: a broken link on a real page
        return bare
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        return bare
    host = parts.hostname
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port not in _DEFAULT_PORTS.values():
        host = f"{host}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"//{host}{parts.path or '/'}{query}{route}"


def leads_elsewhere(asked: str, got: str) -> bool:
    """Whether a redirect led to another page, not only to https, a session's number or a slash at the end."""
    key, other = url_key(asked), url_key(got)
    if key == other:
        return False
    before, after = urlsplit(asked), urlsplit(got)
    return (
        urlsplit(key).netloc != urlsplit(other).netloc  # host and port, as far as they mean anything
        or _bare_path(before.path) != _bare_path(after.path)
        or not set(parse_qsl(before.query)) <= set(parse_qsl(after.query))
    )


def _bare_path(path: str) -> str:
    return path.partition(";")[0].rstrip("/")


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two documents can be recognised by. ``body_length`` in characters."""

    document: int
    index_number: str | None
    issuing_body: str | None
    document_number: str | None
    title: str | None
    body_sha256: str | None
    body_length: int = 0
    files: str | None = None  # SHA-256 of its attachments, those that are known
    fingerprint: str | None = None  # of its current version


def agreement(old: Likeness, new: Likeness) -> int:
    """How strongly two descriptions say "one document": 0 not at all, else higher is stronger.

    Index number and issuer, or document number and title, or the body (a short body only with the title). Most of all where
    they say the same in everything, files and dates too: of several budgets under one title it is that one.
    """
    same_title = bool(old.title) and old.title == new.title
    score = 0
    if old.index_number and (old.index_number, old.issuing_body) == (new.index_number, new.issuing_body):
        score += 4 if old.issuing_body else 0
    if same_title and old.document_number and old.document_number == new.document_number:
        score += 4
    if old.body_sha256 and old.body_sha256 == new.body_sha256:
        is_telling = old.body_length >= TELLING_BODY_LENGTH or (
            same_title and not _have_other_files(old, new)
        )
        score += 2 if is_telling else 0
    if (
        same_title
        and (old.body_sha256 or old.files)
        and old.fingerprint
        and old.fingerprint == new.fingerprint
    ):
        score += 8
    return score + 1 if score and same_title else score


def _have_other_files(old: Likeness, new: Likeness) -> bool:
    """Whether both have files and share none: 详见附件。 under one title is last year's budget and this year's."""
    return bool(old.files and new.files) and not set((old.files or "").split(",")) & set(
        (new.files or "").split(",")
    )


def pair(old: Iterable[Likeness], new: Iterable[Likeness]) -> list[tuple[int, int]]:
    """Match vanished documents to new ones, one to one, strongest agreement first.

    Where the best agreement is shared by several (an index number given to a whole series), none of
    them is matched by it: a wrong merge is worse than a removal and an addition. Identical twins are matched in order.
    """
    old_list, new_list = list(old), list(new)
    scored = sorted(
        ((agreement(a, b), a.document, b.document) for a, b in _plausible(old_list, new_list)),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    best_old: dict[int, list[int]] = {}
    best_new: dict[int, list[int]] = {}
    for score, a, b in scored:
        if score:
            best_old.setdefault(a, []).append(score)
            best_new.setdefault(b, []).append(score)
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    pairs: list[tuple[int, int]] = []
    for score, a, b in scored:
        if not score or a in taken_old or b in taken_new:
            continue
        ambiguous = best_old[a].count(score) > 1 or best_new[b].count(score) > 1
        if ambiguous and score < 5:  # without the title: which of them it is cannot be told
            continue
        taken_old.add(a)
        taken_new.add(b)
        pairs.append((a, b))
    return pairs


def _plausible(old: list[Likeness], new: list[Likeness]) -> Iterable[tuple[Likeness, Likeness]]:
    """Pairs that share a number, a body or all that they say, without comparing all with all."""
    index: dict[tuple[str, str], list[Likeness]] = {}
    for item in old:
        for name in _SHARED:
            if value := getattr(item, name):
                index.setdefault((name, value), []).append(item)
    for item in new:
        seen: set[int] = set()
        for name in _SHARED:
            for candidate in index.get((name, getattr(item, name) or ""), ()):
                if candidate.document not in seen and candidate.document != item.document:
                    seen.add(candidate.document)
                    yield candidate, item
