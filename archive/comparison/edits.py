"""A difference between two versions, as it is told."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from archive.diff import Comparison, FieldChange
from archive.fingerprint import storable_json
from archive.model import ChangeKind
from archive.significance import Judgement, judge_comparison

_OF_FIELDS = ("party_or_name_changed", "document_number_changed")  # reasons that a value of the record gives


@dataclass(frozen=True, slots=True)
class Edit:
    """A difference between the stored version and what was found."""

    kind: ChangeKind
    judgement: Judgement
    fields: tuple[FieldChange, ...]
    from_version: int
    to_version: int
    fingerprint: str  # of the version that it leads to
    reverted: bool  # to what an earlier version said
    # There is no difference to what readers know, or none but what another extractor may make of the same page.
    nothing: bool = False

    @property
    def only_empties(self) -> bool:
        """Whether nothing happened but that values of the record went, as a template or a database that fails leaves them out."""
        of_fields = all(
            reason.startswith("field: ") or reason in _OF_FIELDS for reason in self.judgement.reasons
        )
        return bool(self.fields) and of_fields and all(change.new is None for change in self.fields)


@dataclass(frozen=True, slots=True)
class Astray:
    """Another page at a document's address: no edit until it has stayed there."""

    # The fingerprint of a page like nothing known; None for that of another known document.
    strange: str | None


def told_as(edit: Edit, comparison: Comparison) -> Edit:
    """An edit as it is told by this comparison."""
    judgement = judge_comparison(comparison)
    reverted = (reason for reason in edit.judgement.reasons if reason.startswith("reverted: "))
    judgement = replace(judgement, reasons=(*judgement.reasons, *reverted))
    return replace(
        edit, judgement=judgement, fields=comparison.fields, nothing=edit.nothing or comparison.empty
    )


def fields_json(fields: tuple[FieldChange, ...]) -> str:
    """Field differences as `changes.fields` holds them."""
    return storable_json([asdict(f) for f in fields])
