"""What a script sends, as jQuery writes it into forms and addresses. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.paging import FormValue


def bracketed(held: Mapping[str, Any]) -> dict[str, Any]:
    """Lists under the names that jQuery gives them in a form: ``channelCode: ['a']`` is sent as ``channelCode[]=a``."""
    return {f"{name}[]" if isinstance(value, list) else name: value for name, value in held.items()}


def is_plain(value: Any) -> bool:
    """Whether a value has one form in an address or a form: no object, no list of other things than plain values."""
    inner = value if isinstance(value, list) else [value]
    return not any(isinstance(item, dict | list) for item in inner)


def form_value(value: Any) -> FormValue:
    """A value that a script sends, as a field of a form; a list of several becomes several values of the field."""
    sent = [text(item) for item in value] if isinstance(value, list) else [text(value)]
    return sent[0] if len(sent) == 1 else tuple(sent)


def text(value: Any) -> str:
    """A plain value as jQuery writes it into a form or an address."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
