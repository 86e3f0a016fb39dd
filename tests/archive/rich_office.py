"""An office whose archive has something in every table: for tests that damage what is stored."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from archive.batch import CaptureBody, Outcome, Role, Source
from archive.model import (
    Attachment,
    AttachmentState,
    Citation,
    Disclosure,
    Evidence,
    Place,
    Problem,
    Relation,
)
from tests.archive.harness import Office, notice, url


class RichOffice(Office):
    """An office whose answers fill every table: attachments, citations, evidence, problems, certificates."""

    def _page(self, url: str, page: Disclosure | Outcome, revision: str, aliases: tuple[str, ...]):
        fetch, found = super()._page(url, page, revision, aliases)
        if found is None or not isinstance(page, Disclosure):
            return fetch, found
        certificate = hashlib.sha256(b"office").digest() * 8
        body = (
            "<html>\n" + "\n".join(f"<p>{line}。</p>" for line in str(page.body_text).split("。")) + "</html>"
        ).encode()
        capture = CaptureBody(
            sha256=hashlib.sha256(body).hexdigest(), body=body, wire_sha256=hashlib.sha256(b"w" + body).hexdigest(),
            wire_length=len(body) // 2, status=200, headers=(("Date", str(self.now)), ("Content-Type", "text/html")),
            redirects=(url + "?from=list",), request_headers=(("User-Agent", "gongkai"),), ip="203.0.113.7",
            certificate=certificate, certificate_sha256=hashlib.sha256(certificate).hexdigest(),
        )  # fmt: skip
        extraction = replace(
            found.extraction,
            evidence=(
                Evidence(field="title", label="标题", raw=str(page.title), place=Place.TABLE, chosen=True),
            ),
            problems=(
                Problem(code="conflicting_dates", message="两个日期不同", value="2026-01-01", url=url),
            ),
        )
        source = Source(url=url, sha256=capture.sha256, role=Role.PAGE, locator="div.content")
        return replace(fetch, capture=capture), replace(found, extraction=extraction, sources=(source,))


def rich_notice(n: int, text: str = "罚款5万元。") -> Disclosure:
    return notice(
        n, text, keywords=("安全", "检查"), summary="概述", validity_raw="有效", genre="通知",
        attachments=(
            Attachment(name=f"附件{n}.txt", url=f"{url(n)}.txt", sha256=f"{n:064x}", size=9, text=f"表{n}", state=AttachmentState.FETCHED),
        ),
        citations=(Citation(relation=Relation.CITES, document_number="临政发〔2025〕3号", quote="根据《办法》"),),
    )  # fmt: skip
