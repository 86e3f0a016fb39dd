"""What texts the archive holds, and what counts as the same: the definitions, for every kind of character."""

from __future__ import annotations

import re
import sys
import unicodedata
from itertools import chain

from archive.fingerprint import fingerprint, normalise_body, storable, storable_disclosure
from archive.model import Citation, Disclosure, Relation

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CODES = (
    *range(0x3100),
    *range(0xD700, 0x10100),
    *chain(range(0x3100, 0xD700, 61), range(0x10100, sys.maxunicode + 1, 997)),
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def test_characters_are_stored_dropped_or_replaced() -> None:
    for code in _CODES:
        character = chr(code)
        surrogate = 0xD800 <= code <= 0xDFFF
        kept = "\ufffd" if surrogate else "" if _CONTROLS.match(character) else character
        assert storable(f"办{character}法") == f"办{kept}法", hex(code)


def test_characters_are_compared_as_defined() -> None:
    for code in _CODES:
        for text in (f"办{chr(code)}法", f"办法{chr(code)}\n{chr(code)} 通知"):
            visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
            lines = [" ".join(line.split()) for line in visible.split("\n")]
            assert normalise_body(text) == "\n".join(line for line in lines if line), hex(code)


def test_bodies_that_are_nearly_normal() -> None:
    for given, normal in {
        "": "", "\n": "", " 一": "一", "一 ": "一", "一  二": "一 二", "一 \n二": "一\n二", "一\n 二": "一\n二",
        "一\n\n二": "一\n二", "一\n": "一", "一 二\n三": "一 二\n三", "e\u0301": "é",
    }.items():  # fmt: skip
        assert normalise_body(given) == normal


def test_a_fingerprint_never_changes() -> None:
    """Stored in every archive: another digest of the same record would look like an edit of all documents."""
    body = '一、“引”"号"\\\n\u200b二、\t\x1f行\x0c尾 \n\n'
    odd = Disclosure(
        title="关于\x07印发\x7f《办法》\ud800的通知", body_text=body, issuing_bodies=("临江市\x00人民政府",)
    )
    assert fingerprint(odd) == "308fed882bfeadd71913090a90656fef7d8f42d0bfa19d4c29ef2c47c83c6e39"
    odd = Disclosure(
        title="关于\x07印发\x7f《办法》的通知", body_text=f"{body}\u2028", issuing_bodies=odd.issuing_bodies
    )
    assert fingerprint(odd) == "2a90b986de1c127d9cad23d3bae5f46b7f63c0c4d68843f2180e6406fea2ea2f"


def test_a_record_is_made_storable_in_all_its_parts() -> None:
    cited = Citation(relation=Relation.IMPLEMENTS, title="办法\x00", quote="依据\ud800")
    given = Disclosure(title="通\x00知", issuing_bodies=("临江市\x1b",), citations=(cited,))
    clean = Citation(relation=Relation.IMPLEMENTS, title="办法", quote="依据\ufffd")
    assert storable_disclosure(given) == Disclosure(
        title="通知", issuing_bodies=("临江市",), citations=(clean,)
    )
    fine = Disclosure(title="通知", body_text="正文\n", citations=(clean,))
    assert storable_disclosure(fine) is fine
