"""explore.html: the rows of every finding of a report, to choose, group, filter, sort, search, copy and download.

`rows` collects in each pack's worker which lines its findings rest on, `store` holds each line once, `page` writes the page.
"""

from __future__ import annotations

PAGE = "explore.html"


def explore_link(finding_id: str) -> str:
    """The address, within a report, at which the explorer opens with the rows of a finding."""
    return f"{PAGE}#{finding_id}"
