"""Withdrawn documents that stand in an answer beside others."""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive.addresses import Addresses
from archive.batch import CaptureBody, Fetch, Outcome, Role, Source
from archive.captures import CaptureStore
from archive.model import Disclosure
from archive.proofs import ProofError, write_proof
from archive.store import open_for_reading
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url
from tests.archive.test_withdraw import SECRET, TITLE, damages, take_out
from tests.archive.test_withdrawn_in_any_order import exported

API = "http://linjiang.example/api/rows?page="


class AnsweringOffice(Office):
    """Its documents have no pages: they stand in answers, ``split`` of them in each."""

    split = 2

    def _page(self, address: str, page: Disclosure | Outcome, *rest: object):
        if isinstance(page, Outcome):
            return super()._page(address, page, *rest)
        place = list(self.shown).index(address)
        number, row = divmod(place, self.split)
        shown = list(self.shown.values())[number * self.split : (number + 1) * self.split]
        body = json.dumps([{"title": p.title, "text": p.body_text} for p in shown]).encode()
        sha256 = hashlib.sha256(body).hexdigest()
        capture = CaptureBody(
            sha256=sha256, body=body, wire_sha256=sha256, wire_length=1, status=200, headers=()
        )
        api = f"{API}{number}"
        _, found = super()._page(address, page, *rest)
        source = Source(url=api, sha256=sha256, role=Role.API, locator=f"[{row}]")
        fetch = Fetch(url=api, role=Role.API, outcome=Outcome.OK, at=self.now, status=200, capture=capture)
        return fetch, replace(found, sources=(source,))

    def answer(self, pages: dict) -> None:
        self.shown = pages
        self.collect(pages)


def test_an_answer_that_holds_others_too_is_in_no_export_before_and_after(tmp_path: Path) -> None:
    """The one that the version was read from was left out; those that repeated it beside an edit of another were not."""
    office = AnsweringOffice(tmp_path / "data", SitePolicy())
    secret = {**site_of(4), url(0): notice(0, SECRET, title=TITLE)}
    office.answer(secret)
    office.answer({**secret, url(1): notice(1, "又改。")})  # the answer is needed by another's second version
    office.answer(
        {
            url(8): notice(8),
            url(9): notice(9),
            **secret,
            url(1): notice(1, "又改。"),
            url(3): notice(3, "也改。"),
        }
    )  # on page 1 now
    take_out(office, 1)
    office.answer({**secret, url(1): notice(1, "再改。")})
    whole = exported(office, tmp_path / "a.warc")
    assert json.dumps(SECRET)[1:-1].encode() not in whole
    assert json.dumps("第3号。罚款5万元")[1:-1].encode() in whole
    assert damages(office) == []
    with office.read() as db, closing(open_for_reading(office.paths.captures)) as captures:
        for number in (1, 2, 3):
            with pytest.raises(ProofError, match="shown to nobody"):
                write_proof(db, CaptureStore(captures), 2, number, tmp_path / f"p{number}", now=office.now)
        assert write_proof(db, CaptureStore(captures), 4, 1, tmp_path / "q", now=office.now).observations


@pytest.mark.parametrize("number", [1, None])
def test_a_document_in_an_answer_is_asked_for_at_no_page_when_it_is_withdrawn(
    tmp_path: Path, number: int | None
) -> None:
    """Its address is for people: what it answers told each week that the document was gone, and the day after that it was back."""

    class Located(AnsweringOffice):
        def _page(self, address: str, page: Disclosure | Outcome, *rest: object):
            fetch, found = super()._page(address, page, *rest)
            return fetch, replace(found, context=json.dumps({"locator": found.sources[0].locator}))

    office = Located(tmp_path / "data", SitePolicy())
    secret = {**site_of(4), url(0): notice(0, SECRET, title=TITLE)}
    office.answer(secret)
    take_out(office, number)
    for _ in range(2):
        with office.read() as db:
            known = [one.context for one in Addresses(db, "linjiang").known() if one.url == url(0)]
        assert known == ['{"locator":"[0]"}']
        office.answer(secret)
    assert damages(office) == []
