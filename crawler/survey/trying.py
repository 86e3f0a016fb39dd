"""Read a page of a list while looking at a site, as a collection would read it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from pydantic import ValidationError

from crawler.lists.visit_parameters import without_visit
from crawler.platforms.base import ListError, ListPage, PageRequest, Platform
from crawler.sites import Catalogue, Site
from crawler.survey.asking import Asker

_LOG = logging.getLogger(__name__)
T = TypeVar("T")


class UnfitError(Exception):
    """A catalogue cannot be read as the platform would; the message says why."""


def guarded(url: str, read: Callable[[], T]) -> T:
    """What ``read`` makes of a page. Raises UnfitError for whatever a page does to a parser: it must not end the look."""
    try:
        return read()
    except ListError as error:
        raise UnfitError(str(error)) from error
    except ValidationError as error:
        raise UnfitError(f"{url}: {error.errors()[0]['msg']}") from error
    except Exception as error:  # the boundary of one page, as in a collection
        _LOG.debug("%s could not be read", url, exc_info=True)
        raise UnfitError(
            f"{url}: gongkai failed to read it: {type(error).__name__}: {error}"[:300]
        ) from error


def site_of(platform: Platform, catalogue: Catalogue) -> Site:
    """A site of this catalogue alone, as the platform wants one."""
    return Site(
        site="draft", name="draft", url=catalogue.url, platform=platform.name, catalogues=(catalogue,)
    )


def read_list(asker: Asker, platform: Platform, catalogue: Catalogue, request: PageRequest) -> ListPage:
    """One page of a catalogue, asked for and read. Raises UnfitError where it cannot be had or read."""
    page = asker.page(request)
    if page is None:
        last = asker.steps[-1] if asker.steps else None
        why = (
            f"{last.outcome} {last.detail}".strip()
            if last and (asker.left or asker.walled)
            else "no request is left"
        )
        raise UnfitError(f"{request.url}: {why}")
    parse = partial(platform.parse_list, page.body, page.url, page.content_type, request, catalogue)
    return without_visit(guarded(request.url, parse), catalogue.visit_parameters)
