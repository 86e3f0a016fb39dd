"""From an answer, or the lack of one, to the one outcome of a scheduled URL. Pure functions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from archive.batch import CaptureBody, Fetch, Outcome
from archive.identity import leads_elsewhere
from archive.model import PageKind

_HOME_PATHS = frozenset(
    {"", "/", "/index.html", "/index.htm", "/index.shtml", "/index.jsp", "/index.php", "/index.aspx"}
)
_NAMES = {
    "TimeoutError": "no answer in time",
    "TCPTimedOutError": "no answer in time",
    "DownloadTimeoutError": "no answer in time",
    "CannotResolveHostError": "the host name does not resolve",
    "BadGzipFile": "the body is not the gzip that the header says",
    "EOFError": "the body's gzip is cut short",
    "ZstdError": "the body is not the zstd that the header says",
    "error": "the body is not compressed as the header says",  # of zlib and brotli
    "UnicodeDecodeError": "a header of the answer holds bytes that are no text",
    "ConnectionRefusedError": "the connection was refused",
    "ConnectionLost": "the connection was lost",
    "ConnectError": "no connection could be made",
    "NoRouteError": "no connection could be made: no route to the host",
    "ResponseDataLossError": "the body was cut short",
    "DownloadCancelledError": "the body is larger than is accepted",
}
# What no CMS answers to a GET: 405 of Aliyun, 406 of ModSecurity, 418, 493 and 567 of others
_OF_WALLS = frozenset({405, 406, 418, 493, 567})
# How Python begins to say that a Location cannot be an address: http://[x, http://host:99999/, http://host℀/
_NO_ADDRESS = ("Invalid IPv6 URL", "Port ", "netloc ", "Missing scheme in request url", "invalid hostname")
# How of_failure begins where there was no connection; whatever else was asked of the host would have met the same
_NO_CONNECTION = (
    "the host name does not resolve", "the connection was refused", "no connection could be made", "TLS failed",
)  # fmt: skip
_NOT_ASKED = "not asked for, as "
UNTIL_IT_ANSWERS = "until it answers, RFC 9309 forbids all of its host"
LET_IN = "`allow_private` in settings.yml names hosts and ports of your own that may be asked all the same"


def robots_of(url: str) -> str:
    """Where the robots.txt stands that holds for an address."""
    return urljoin(url, "/robots.txt")


class UnreachableRobotsError(Exception):
    """An address was not asked for, because its host's robots.txt could not be had (RFC 9309, 2.3.1.4)."""

    def __init__(self, robots: str, outcome: Outcome, why: str) -> None:
        """``robots``: the address of the robots.txt; ``outcome``, ``why``: what came of it."""
        super().__init__(f"{robots}: {why}")
        self.robots, self.outcome, self.why = robots, outcome, why

    @property
    def detail(self) -> str:
        """Of the outcome of the address that was not asked for. A dead host is that, and no matter of robots.txt."""
        return (
            self.why
            if is_no_connection(self.why)
            else f"{_NOT_ASKED}{self.robots} could not be had: {self.why}"
        )


def is_no_connection(detail: str) -> bool:
    """Whether a request failed before its host was asked anything."""
    return detail.startswith(_NO_CONNECTION)


def is_too_large(detail: str) -> bool:
    """Whether a request failed because its answer is larger than is accepted."""
    return detail == _NAMES["DownloadCancelledError"]


def lacks_robots(detail: str | None) -> bool:
    """Whether an address was not asked for because its host's robots.txt could not be had."""
    return (detail or "").startswith(_NOT_ASKED)


def is_private(detail: str | None) -> bool:
    """Whether an address was refused because it is no public one, and not for its scheme."""
    return "no public address" in (detail or "")


def same_host(a: str, b: str) -> bool:
    """Whether two addresses are of one site: equal hosts, with www. or without, or hosts that share their registered name (x.gov.cn)."""
    left, right = (urlsplit(u).hostname or "" for u in (a, b))
    if left.removeprefix("www.") == right.removeprefix("www."):
        return True
    if left.replace(".", "").isdecimal() or right.replace(".", "").isdecimal():
        return False
    return left.split(".")[-3:] == right.split(".")[-3:] and len(left.split(".")) > 2


def led_home(asked: str, got: str) -> bool:
    """Whether a document's address led to the site's front page; /#/detail/5 is a page that a script shows."""
    before, after = urlsplit(asked), urlsplit(got)
    is_route = after.fragment.startswith(("/", "!"))
    return before.path not in _HOME_PATHS and after.path in _HOME_PATHS and not after.query and not is_route


def led_by_home(asked: str, hops: Sequence[str]) -> bool:
    """Whether a document's address led to another page by way of the front page: / → /sites/linjiang/index.do."""
    return bool(hops) and leads_elsewhere(asked, hops[-1]) and any(led_home(asked, passed) for passed in hops)


def of_status(status: int, *, asked_for_changes: bool = True) -> tuple[Outcome, str | None] | None:
    """The outcome that a status alone decides; None for one whose body must be looked at.

    ``asked_for_changes``: the request said what is known already.
    """
    if status in (404, 410):
        return Outcome.GONE, None
    if status == 304 and asked_for_changes:
        return Outcome.NOT_MODIFIED, None
    if status == 304:
        return Outcome.FAILED, "status 304: not modified, and the request did not say since when"
    if status in (412, 521):
        return Outcome.BLOCKED, f"status {status}: an anti-bot page"
    if status in (401, 403, 451):
        return Outcome.BLOCKED, f"status {status}: access was denied"
    if status == 429:
        return Outcome.BLOCKED, "status 429: too many requests"
    if status in _OF_WALLS:
        return Outcome.BLOCKED, f"status {status}: a firewall's answer"
    if status == 206:  # no range is ever asked for: a document must not be cut to a part of it
        return Outcome.FAILED, "status 206: a part of the answer, and all of it was asked for"
    if 200 <= status < 300:
        return None
    return Outcome.FAILED, f"status {status}"


def of_redirect(status: int, location: str) -> tuple[Outcome, str]:
    """The outcome of a redirect that was not followed: it leads nowhere, or out of http."""
    scheme = location.partition(":")[0].strip().lower() if re.match(r"\s*[a-zA-Z][\w+.-]*:", location) else ""
    if scheme not in ("", "http", "https"):
        return Outcome.REFUSED, f"only http and https are fetched, and it led to {location[:200]}"
    return Outcome.FAILED, f"status {status} that leads {f'to {location[:200]}' if location else 'nowhere'}"


def of_list_page(fetch: Fetch, *, optional: bool) -> Fetch:
    """A page of a list that was asked for to see whether it is there (``optional``) is not, whatever the server says."""
    if optional and fetch.outcome is Outcome.FAILED and fetch.status is not None:
        return replace(fetch, outcome=Outcome.SOFT_404, detail=f"no such page of the list: {fetch.detail}")
    return fetch


def of_page_kind(kind: PageKind | None) -> tuple[Outcome, str] | None:
    """The outcome of a body that only pretends to be a page."""
    if kind is PageKind.BLOCKED:
        return Outcome.BLOCKED, "an anti-bot, error or maintenance page"
    if kind is PageKind.SOFT_404:
        return Outcome.SOFT_404, "the page says that it does not exist"
    if kind is PageKind.EMPTY_SHELL:
        return Outcome.FAILED, "the page is empty without JavaScript"
    return None


def of_failure(error: BaseException) -> tuple[Outcome, str]:
    """The outcome of a request that got no answer."""
    if isinstance(error, UnreachableRobotsError):
        return error.outcome, error.detail
    name, text = type(error).__name__, str(error)
    causes = list(_causes(error))
    if "DOWNLOAD_MAXSIZE" in text:  # a bomb: small as sent, too large as decoded
        return Outcome.FAILED, _NAMES["DownloadCancelledError"]
    if name == "IgnoreRequest":
        if "robots.txt" in text:
            return Outcome.ROBOTS, "robots.txt forbids it"
        if text.startswith("refused:"):
            return Outcome.REFUSED, text.removeprefix("refused:").strip()
        return Outcome.FAILED, text or "the request was dropped"
    known = next((_NAMES[n] for n in (type(c).__name__ for c in reversed(causes)) if n in _NAMES), None)
    if known is None and any(type(c).__name__ == "ConnectionDone" for c in causes):
        known = "the connection was closed before there was an answer"  # it stands beside other causes too
    # Two lengths that differ, one below zero.
    if known is None and type(causes[-1]) is ValueError and len(causes) > 1:
        known = f"the answer is not HTTP: {causes[-1]}"
    return Outcome.FAILED, (_told(causes) or known or f"{name}: {text}")[:300]


def _told(causes: list[BaseException]) -> str | None:
    """What the cause itself says where it is of TLS or no HTTP: the errors around it only say that there is one."""
    for cause in causes:
        if (module := type(cause).__module__) == "OpenSSL.SSL":
            # [('SSL routines', '', 'wrong version number')]: a plain http server where https is expected
            said = "; ".join(str(error[-1]) for error in cause.args[0]) if cause.args else ""
            return f"TLS failed: {said or 'the connection was closed'}"
        if module == "twisted.web._newclient" and type(cause).__name__ == "ParseError":
            return f"the answer is not HTTP: {cause.args[0] if cause.args else cause}"
        if type(cause).__name__ == "InvalidHeaderName":
            return f"the answer is not HTTP: {cause} is no name of a header"
        if type(cause) is KeyError and cause.args and isinstance(cause.args[0], bytes):
            return f"the answer's transfer coding is not known: {cause.args[0].decode('latin-1')}"
        if type(cause) is ValueError and str(cause).startswith(_NO_ADDRESS):
            return f"the answer leads to what is no address: {cause}"
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what lies behind it, outermost first: Twisted's Failures, lists of them, chained exceptions."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < 50:
        item = waiting.pop(0)
        if isinstance(item, list | tuple):
            waiting.extend(item)
            continue
        cause = getattr(item, "value", item)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [getattr(cause, "reasons", None), cause.args, cause.__cause__, cause.__context__]


def capture_of(
    body: bytes,
    status: int,
    headers: tuple[tuple[str, str], ...],
    *,
    wire: tuple[str, int] | None,
    method: str,
    redirects: tuple[str, ...],
    request_headers: Mapping[str, str],
    ip: str | None,
    certificate: bytes | None,
) -> CaptureBody:
    """An answer as evidence."""
    sha256 = hashlib.sha256(body).hexdigest()
    return CaptureBody(
        sha256=sha256, body=body, wire_sha256=wire[0] if wire else None, wire_length=wire[1] if wire else None,
        status=status, headers=headers, redirects=redirects, request_method=method,
        request_headers=tuple(request_headers.items()), ip=ip,
        certificate=certificate, certificate_sha256=hashlib.sha256(certificate).hexdigest() if certificate else None,
    )  # fmt: skip
