"""Characters that a page must not pass on as they are: shown by their numbers, as in mails and on a terminal."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

# Controls, which XML forbids and browsers drop; overrides of direction, which show another text than the one that is kept,
# in all of the line; and what is no character.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def visible(value: Any) -> Any:
    """What a template puts out, with such characters as ``<U+202E>``."""
    if not isinstance(value, str) or _HIDDEN.search(value) is None:
        return value
    if isinstance(value, Markup):  # escaped already
        return Markup(_HIDDEN.sub(lambda m: f"&lt;U+{ord(m[0]):04X}&gt;", value))  # noqa: S704
    return _HIDDEN.sub(lambda m: f"<U+{ord(m[0]):04X}>", value)
