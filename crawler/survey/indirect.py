"""Rows that lead to their documents indirectly: to the issues of a gazette, which list them, or to pages that a script fills with
data of its own. For ``sites add``.

detail.html?id=33 asks /api/content/detail?id=33
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archive.batch import Role
from archive.model import PageKind
from crawler.extract.fields import FieldBook
from crawler.outcomes import same_host
from crawler.paging import query_of, with_query
from crawler.platforms.base import ListRow, PageRequest
from crawler.scripts.requests import other_requests
from crawler.survey.asking import Asker
from crawler.survey.findings import Page
from crawler.survey.outcome import Survey
from crawler.survey.proposals import Proposal
from crawler.survey.sampling import ISSUES, sample_document

_MOST_ASKED = 2  # requests of one page
# the one part of a row that its document's address is made of: /detail.html?id={id}
_MADE_OF = re.compile(r"[^{}]*[?&](?P<name>[\w.-]{1,40})=(?P<path>\{[^{}]{1,60}\})[^{}]*")
_GIVEN = "GONGKAIGIVEN"


def indirectly(survey: Survey, asker: Asker, book: FieldBook) -> Proposal | None:
    """The lists of a survey as they lead to documents, where none of those that were tried could be read; else None."""
    platform = survey.platform.value if survey.platform is not None else ""
    more: dict[str, object] = {}
    if platform == "static_list" and {document.kind for document in survey.documents} == {PageKind.LIST}:
        more = {ISSUES: True}
    elif platform == "json_api" and not any(d.read for d in survey.documents) and _may_have_detail(survey):
        shell = next((document.page for document in survey.documents if document.page is not None), None)
        made_of = str(survey.lists[0].options["url"])
        detail = _detail(shell, made_of, asker, book) if shell is not None else None
        more = {"detail": detail} if detail is not None else {}
    if not more:
        return None
    catalogues = tuple((one.key, one.name, one.url, {**one.options, **more}) for one in survey.lists)
    return Proposal(platform, 0.0, (), (), catalogues)


def _may_have_detail(survey: Survey) -> bool:
    return len(survey.lists) == 1 and not {"whole", "url_where", "detail"} & set(survey.lists[0].options)


def _detail(shell: Page, made_of: str, asker: Asker, book: FieldBook) -> str | None:
    """The address of the data that the script in a document's page asks for, with what is taken of a row in braces; None where it
    asks for none that is a document. ``made_of``: the page's own address so written."""
    own = _MADE_OF.fullmatch(made_of)
    value = query_of(shell.url).get(own["name"]) if own is not None else None
    if own is None or not value:
        return None
    asked = [one for one in other_requests(shell.text, shell.url) if same_host(shell.url, one)]
    for address in asked[:_MOST_ASKED]:
        stated = next((name for name, held in query_of(address).items() if held == value), own["name"])
        url = with_query(address, stated, value)
        answer = asker.page(PageRequest(url=url), Role.PAGE)
        if (
            answer is not None
            and answer.root is None
            and sample_document(ListRow(url=url), answer, "", book).read
        ):
            template = urlsplit(with_query(address, stated, _GIVEN))
            return f"{template.path}?{template.query}".replace(_GIVEN, own["path"])
    return None
