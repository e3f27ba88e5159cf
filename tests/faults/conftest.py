"""For faults of the network: a line to the publisher of this machine that never waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cwb.sources.fetch.line import Line, open_line


@pytest.fixture
def line() -> Iterator[Line]:
    with open_line(timeout=2, loopback=True) as opened:
        opened.wait = lambda _: None
        yield opened
