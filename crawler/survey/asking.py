"""Ask for pages while looking at a site: each once, within a budget, each step told to whoever waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.batch import Fetch, Outcome, Role
from crawler.extract.characters.charset import decode
from crawler.lists.rows import parse_html
from crawler.lists.xml_values import xml_root
from crawler.platforms.base import PageRequest
from crawler.survey.findings import Page

MOST_REQUESTS = 30  # of one look at a site; a minute at the default pace
Fetcher = Callable[[PageRequest, Role], Fetch]
Headers = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Step:
    """One page that was asked for, and what became of it, in words."""

    url: str
    outcome: Outcome
    detail: str = ""


class Asker:
    """Pages by address. ``steps`` says what was asked, in order; ``say`` is called with each step as it ends."""

    def __init__(self, fetch: Fetcher, say: Callable[[Step], None], most: int = MOST_REQUESTS) -> None:
        self._fetch, self._say, self._most = fetch, say, most
        self._seen: dict[tuple[str, str, bytes, Role, Headers], Page | None] = {}
        self.steps: list[Step] = []

    @property
    def left(self) -> int:
        """Requests that the budget still allows; none behind a wall, which two answers in a row tell from a forbidden page."""
        return 0 if self.walled else self._most - len(self.steps)

    @property
    def walled(self) -> bool:
        """Whether the site has begun to refuse what it is asked: one address alone may want what a script sends along."""
        blocked = [step for step in self.steps[-2:] if step.outcome is Outcome.BLOCKED]
        return len({urlsplit(step.url).path for step in blocked}) > 1

    def page(self, request: PageRequest, role: Role = Role.LIST) -> Page | None:
        """The page; None where there is none to be had (``steps[-1]`` says why) or the budget is used up."""
        key = (request.url, request.method, request.body, role, frozenset(request.headers.items()))
        if key in self._seen:
            return self._seen[key]
        page = self.again(request, role)
        self._seen[key] = page
        if page is not None and request.method == "GET":
            self._seen.setdefault((page.url, "GET", b"", role, frozenset()), page)
        return page

    def again(self, request: PageRequest, role: Role = Role.LIST) -> Page | None:
        """The page as it is now, were it asked for before."""
        if self.left <= 0:
            return None
        fetch = self._fetch(request, role)
        step = Step(request.url, fetch.outcome, fetch.detail or "")
        self.steps.append(step)
        self._say(step)
        return page_of(fetch)


def page_of(fetch: Fetch) -> Page | None:
    """A fetched page, decoded and parsed; None where nothing was fetched."""
    if fetch.capture is None or fetch.outcome is not Outcome.OK:
        return None
    headers = {name.lower(): value for name, value in fetch.capture.headers}
    content_type = headers.get("content-type")
    text = decode(fetch.capture.body, content_type).text
    data = text.lstrip()[:1] in ("{", "[") or xml_root(text) is not None
    root = None if data else parse_html(text)
    return Page(fetch.final_url or fetch.url, fetch, fetch.capture.body, content_type, text, root)
