"""From one of Scrapy's answers to a :class:`archive.batch.Fetch`: its outcome, and the capture when it is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding
from scrapy.http import Headers, Response

from archive.batch import Fetch, Outcome, Role
from archive.model import PageKind
from crawler import outcomes
from crawler.attachments.kinds import kind_of
from crawler.attachments.result import AttachmentText
from crawler.extract.characters import charset
from crawler.extract.characters.charset import Decoded
from crawler.extract.linked_files.file_page import may_be_document
from crawler.extract.no_document import blockpage, stand_in
from crawler.middlewares.capture import BROKEN, WIRE
from crawler.middlewares.file_text import TEXT

CONDITIONAL = "gongkai_conditional"  # key of Request.meta: the request carried validators
HOSTS = "gongkai_hosts"  # key of Request.meta: hosts beside its own that an address may lead to


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome with what is needed to understand the answer. ``decoded`` is None for files and failures."""

    fetch: Fetch
    body: bytes = b""
    content_type: str | None = None
    disposition: str | None = None  # the Content-Disposition header
    decoded: Decoded | None = None
    text: AttachmentText | None = None  # of a file whose text is not known already
    answered: str | None = None  # the Date header
    shell: bool = False  # nothing to see without JavaScript; the text may yet be in the page's JSON

    @property
    def refuses(self) -> bool:
        """Whether an interface says itself that there is no such thing: a server in trouble, or a wall, does not say so in JSON."""
        return self.fetch.status == HTTPStatus.BAD_REQUEST and "json" in (self.content_type or "").lower()


def read_answer(response: Response, url: str, role: Role, at: datetime) -> Answer:
    """The outcome of an answer to ``url`` (as scheduled), with its capture when it is one. ``at`` is UTC."""
    request = response.request
    meta = request.meta if request else {}
    headers = header_texts(response.headers)
    led = bool(meta.get("redirect_urls")) or (request is not None and request.method != "GET")
    fetch = Fetch(
        url=url, role=role, outcome=Outcome.OK, at=at, status=response.status,
        final_url=response.url if led else url,  # what Scrapy writes in another way led nowhere else
        etag=headers.get("Etag"), last_modified=headers.get("Last-Modified"),
        unconditional=not meta.get(CONDITIONAL),
    )  # fmt: skip
    content_type = headers.get("Content-Type")
    verdict = _of_headers(response, url, role, meta.get(BROKEN), meta.get(HOSTS, frozenset()))
    decoded, kind = None, None
    file = role is Role.PAGE and may_be_document(response.body, url)
    # A page in a file's place is mostly a wall's or an error's, and looked at as one.
    if (
        verdict is None
        and not file
        and (role is not Role.ATTACHMENT or kind_of(response.body, content_type, "") == "html")
    ):
        decoded = charset.decode(response.body, content_type)
        kind = blockpage.classify(response.status, headers, decoded.text, response.url)
        # A shell may hold its text as JSON, which the extractor sees; a short JSON answer is none.
        if kind is not PageKind.EMPTY_SHELL or role is Role.ATTACHMENT:
            verdict = outcomes.of_page_kind(kind)
        if role is Role.PAGE and kind is not PageKind.BLOCKED:
            verdict = _by_home(url, response, decoded.text if kind is PageKind.EMPTY_SHELL else "") or verdict
    if verdict is not None:
        return Answer(replace(fetch, outcome=verdict[0], detail=verdict[1]), content_type=content_type)
    capture = outcomes.capture_of(
        response.body, response.status, tuple(headers.items()), wire=meta.get(WIRE),
        redirects=tuple(meta.get("redirect_urls", ())), method=request.method if request else "GET",
        request_headers=header_texts(request.headers) if request else {},
        ip=str(response.ip_address) if response.ip_address else None, certificate=der_of(response.certificate),
    )  # fmt: skip
    return Answer(
        replace(fetch, capture=capture),
        response.body,
        content_type,
        headers.get("Content-Disposition"),
        decoded,
        meta.get(TEXT),
        headers.get("Date"),
        shell=kind is PageKind.EMPTY_SHELL,
    )


def _of_headers(
    response: Response, url: str, role: Role, broken: str | None, hosts: frozenset[str]
) -> tuple[Outcome, str | None] | None:
    """What is decided before the body is looked at."""
    request = response.request
    verdict = outcomes.of_status(
        response.status, asked_for_changes=request is None or bool(request.meta.get(CONDITIONAL))
    )
    if response.status == 405 and request is not None and request.method != "GET":
        return Outcome.FAILED, f"status 405: {request.method} is not what is asked for here"
    if verdict is not None and 300 <= response.status < 400 and response.status != 304:
        return outcomes.of_redirect(
            response.status, (response.headers.get("Location") or b"").decode("latin-1")
        )
    if verdict is not None:
        return verdict
    if broken:
        return Outcome.FAILED, broken
    if not outcomes.same_host(url, response.url) and urlsplit(response.url).hostname not in hosts:
        return Outcome.FAILED, f"led to another site: {response.url}"
    if role in (Role.PAGE, Role.PART) and outcomes.led_home(url, _reached(response)):
        return Outcome.REDIRECTED_HOME, f"led to {response.url}"
    return None


def _by_home(url: str, response: Response, text: str) -> tuple[Outcome, str] | None:
    """The outcome of a page to which the front page led, or which is nothing but a jump to it."""
    passed = response.request.meta.get("redirect_urls", ())[1:] if response.request else ()
    led = stand_in.jump(text, response.url)
    if led is not None and outcomes.same_host(url, led) and outcomes.led_home(url, led):
        return Outcome.REDIRECTED_HOME, f"its page leads to {led}"
    if outcomes.led_by_home(url, [*passed, _reached(response)]):
        return Outcome.REDIRECTED_HOME, f"led by the front page to {response.url}"
    return None


def _reached(response: Response) -> str:
    """The address that answered, with the fragment of the redirect that led there: /#/detail/5 is a route of a page's script."""
    return response.request.url if response.request else response.url


def header_texts(headers: Headers) -> dict[str, str]:
    """Headers as text; bytes beyond ASCII as Latin-1, which loses nothing."""
    return {k.decode("latin-1"): b", ".join(v).decode("latin-1") for k, v in headers.items()}


def der_of(certificate: Any) -> bytes | None:
    """The server's certificate in DER, where there is one (Twisted wraps pyOpenSSL's)."""
    return (
        certificate.original.to_cryptography().public_bytes(Encoding.DER) if certificate is not None else None
    )
