"""What a site file may say about its pages: the ``extract`` key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class ExtractionRules:
    """Facts about one site's pages, all optional. ``body`` and ``remove`` are CSS selectors.

    ``api``: field of the record → paths (crawler/json_paths.py) in the site's JSON records, in order of preference.
    """

    body: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)  # extra label → field of the record
    api: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def key(self) -> tuple[object, ...]:
        """A hashable form, equal for equal rules."""
        return (self.body, self.remove, tuple(sorted(self.labels.items())), tuple(sorted(self.api.items())))
