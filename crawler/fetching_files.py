"""The files that one document links to, while they are fetched: which are wanted, and what their answers make of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from archive.batch import MISSING, Fetch, Found, Outcome, Role, Source
from archive.fingerprint import is_bare_name
from archive.model import Attachment, AttachmentState, PageKind, Problem, Severity
from crawler import outcomes
from crawler.answers import Answer
from crawler.attachments.kinds import ending, kind_of
from crawler.attachments.names import of_disposition
from crawler.extract.characters import charset
from crawler.extract.linked_files.names import extension
from crawler.extract.no_document import blockpage

MOST_FILES = 50  # of one document
# Endings of files that are text.
_TEXTS = frozenset({"txt", "csv", "json", "xml", "md", "log", "htm", "html"})
_LONGEST_ERROR = 400  # bytes of an error that came in a file's place
_ERROR_OBJECT = re.compile(r"\s*\{\s*\"\w+\"\s*:.*\}\s*$", re.DOTALL)
# Under these endings servers hand out saved web pages; under any other, a page is an error's.
_SAVED_PAGES = frozenset({"doc", "xls", "wps", "et", "htm", "html", "mht"})


_OFFICE_TYPE = re.compile(r"msword|ms-?excel|ms-word|ms-works", re.IGNORECASE)


class PendingFiles:
    """A document whose files are being fetched."""

    def __init__(self, found: Found, hosts: frozenset[str]) -> None:
        """``hosts``: those beside the site's own from which files are fetched."""
        self._found = found
        self._attachments = list(
            found.extraction.disclosure.attachments if found.extraction.disclosure else ()
        )
        self._sources: list[Source] = []
        self._problems: list[Problem] = []
        self.wanted = list(self._wanted(hosts))
        self._left = len(self.wanted)

    def _wanted(self, hosts: frozenset[str]) -> Iterator[tuple[int, Attachment]]:
        """(place, attachment) of the files to be asked for."""
        for index, attachment in enumerate(self._attachments):
            host = (urlsplit(attachment.url).hostname or "").lower()
            if index >= MOST_FILES:
                self._say(
                    "attachment_too_many",
                    f"only {MOST_FILES} files of a document are fetched",
                    attachment.url,
                )
                return
            if outcomes.same_host(self._found.url, attachment.url) or host in hosts:
                yield index, attachment
            else:
                words = f"on another host, not fetched; attachment_hosts in the site file allows it: {host}"
                self._say("attachment_elsewhere", words, attachment.url)

    def take_page(self, answer: Answer) -> None:
        """Where the document is a file itself, the answer to its address is that file: it is not asked for again."""
        if self.wanted and self.wanted[0][1].url == self._found.url:
            index, _ = self.wanted.pop(0)
            self.take(index, answer)

    def take(self, index: int, answer: Answer, known: str | None = None) -> Fetch:
        """Put an answer in its attachment's place. Gives the fetch as it is to be accounted for.

        ``known``: SHA-256 of the file that was had at its address before.
        """
        before, fetch = self._attachments[index], answer.fetch
        self._left -= 1
        if fetch.capture is not None:
            fetch = self._got(index, before, answer, fetch, known)
        elif fetch.outcome is Outcome.NOT_MODIFIED:
            # As it came for another document, perhaps, and this one does not know it yet.
            if known is not None:
                self._attachments[index] = replace(before, sha256=known)
                self._sources.append(Source(url=fetch.url, sha256=known, role=Role.ATTACHMENT))
        elif fetch.outcome not in (Outcome.SKIPPED, Outcome.ROBOTS):
            self._attachments[index] = replace(before, state=AttachmentState.FAILED)
            if fetch.outcome in MISSING:
                self._say(
                    "attachment_gone", f"the page links to it, and it is gone ({fetch.outcome})", before.url
                )
        return fetch

    def _got(self, index: int, before: Attachment, answer: Answer, fetch: Fetch, known: str | None) -> Fetch:
        served = of_disposition(answer.disposition)
        kind = kind_of(answer.body, answer.content_type, served or ending_of(before))
        if kind == "html" and not _may_be_a_page(before, served, answer):
            if extension(before.url) is None and served is None:
                self._say(
                    "attachment_is_page",
                    "the link leads to a page, not to a file: it is listed, not kept",
                    before.url,
                )
                return replace(fetch, capture=None, detail="a page, not a file")
            self._attachments[index] = replace(before, state=AttachmentState.FAILED)
            self._say("attachment_gone", "a web page came instead of the file", before.url)
            return replace(
                fetch, outcome=Outcome.SOFT_404, capture=None, detail="a web page instead of the file"
            )
        if (
            instead := instead_of_file(answer.body, kind, ending(served or "") or ending(ending_of(before)))
        ) is not None:
            self._attachments[index] = replace(before, state=AttachmentState.FAILED)
            self._say("attachment_gone", f"{instead} came instead of the file", before.url)
            return replace(
                fetch, outcome=Outcome.SOFT_404, capture=None, detail=f"{instead} instead of the file"
            )
        assert fetch.capture is not None
        found = answer.text
        broken = (
            found is not None and found.problem is not None and found.problem.code == "attachment_damaged"
        )
        if broken and known not in (None, fetch.capture.sha256):  # cut on its way, as a cache keeps it
            self._attachments[index] = replace(before, state=AttachmentState.FAILED)
            self._say("attachment_damaged", "a damaged file came: what is known of it stays", before.url)
            return replace(fetch, outcome=Outcome.FAILED, capture=None, detail="the file is damaged")
        header = (answer.content_type or "").partition(";")[0].strip()
        self._attachments[index] = replace(
            before, name=served if served and is_bare_name(before.name, before.url) else before.name,
            sha256=fetch.capture.sha256, size=len(answer.body), state=AttachmentState.FETCHED,
            media_type=(found.media_type if found else None) or before.media_type or header or None,
            text=found.text if found else None,
        )  # fmt: skip
        self._sources.append(Source(url=fetch.url, sha256=fetch.capture.sha256, role=Role.ATTACHMENT))
        if found is not None and found.problem is not None:
            self._problems.append(
                replace(found.problem, url=before.url, field="attachments", value=before.name)
            )
        return fetch

    def _say(self, code: str, message: str, url: str) -> None:
        severity = Severity.WARNING if code == "attachment_gone" else Severity.INFO
        self._problems.append(
            Problem(code=code, message=message, severity=severity, field="attachments", url=url)
        )

    @property
    def found(self) -> Found | None:
        """The document with its files, once every wanted one has its outcome; None before."""
        extraction = self._found.extraction
        if self._left or extraction.disclosure is None:
            return None
        disclosure = replace(extraction.disclosure, attachments=tuple(self._attachments))
        problems = (*extraction.problems, *self._problems)
        return replace(
            self._found,
            extraction=replace(extraction, disclosure=disclosure, problems=problems),
            sources=(*self._found.sources, *self._sources),
        )


def ending_of(attachment: Attachment) -> str:
    """A name from which a reader can tell the ending: ``.pdf`` of the address, else the attachment's own name."""
    found = extension(attachment.url)
    return f"file.{found}" if found else attachment.name


def instead_of_file(body: bytes, kind: str, end: str) -> str | None:
    """What a server sent that is no file, in words: nothing, or the few words of an error; None where it may be the file.

    ``end`` is the file's ending as it is known, ``kind`` what the bytes are. Download programs answer with status 200 and
    ``{"code":500,"msg":"文件不存在"}`` or File not found, for a while or for good.
    """
    if not body.strip(b"\x00 \t\r\n"):
        return "an empty answer"
    if kind != "txt" or end in _TEXTS or len(body) > _LONGEST_ERROR:
        return None
    text = charset.decode(body, None).text
    if _ERROR_OBJECT.match(text):
        return "an error in JSON"
    if _is_table(text):
        return None
    told = blockpage.classify(200, {}, text, "")
    return "a line of text" if end or told in (PageKind.SOFT_404, PageKind.BLOCKED) else None


def _may_be_a_page(attachment: Attachment, served: str | None, answer: Answer) -> bool:
    """Whether a web page can be the file itself: saved by Word, a table that a system exports as .xls, or one that the
    server says is Word's or Excel's; no login form."""
    if (ending(served or "") or extension(attachment.url) or "") not in _SAVED_PAGES:
        return False
    if b"urn:schemas-microsoft-com:office" in answer.body:
        return True
    declared = _OFFICE_TYPE.search(answer.content_type or "") is not None
    return (declared or b"<table" in answer.body.lower()) and b"<form" not in answer.body.lower()


def _is_table(text: str) -> bool:
    """Whether a few words are rows: 单位\\t数量, which systems export as .xls."""
    lines = [line for line in text.splitlines() if line.strip()]
    return any(
        len(lines) > 1 and lines[0].count(mark) and len({line.count(mark) for line in lines}) == 1
        for mark in "\t,"
    )
