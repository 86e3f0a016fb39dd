"""What the end-to-end tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.fake_sites.editable import LoopbackSite


@pytest.fixture
def site() -> Iterator[Callable[..., LoopbackSite]]:
    made: list[LoopbackSite] = []

    def make(count: int, **options: int) -> LoopbackSite:
        made.append(LoopbackSite(count, **options))
        return made[-1]

    yield make
    for one in made:
        one.server.shutdown()
        one.server.server_close()
