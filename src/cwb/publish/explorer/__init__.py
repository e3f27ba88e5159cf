"""explore.html: the rows of every finding of a report, to choose, group, filter, sort, search, copy and download.

`rows` collects in each pack's worker which lines its findings rest on, `store` holds each line once, `page` writes the page.
"""

from __future__ import annotations

from cwb.evidence.finding import Finding
from cwb.evidence.headcounts import is_headcount

PAGE = "explore.html"


def has_rows(finding: Finding) -> bool:
    """Whether the rows of a finding may be shown: those of a number of people may not."""
    return finding.evidence is not None and not is_headcount(finding.id)


def explore_link(finding_id: str) -> str:
    """The address, within a report, at which the explorer opens with the rows of a finding."""
    return f"{PAGE}#{finding_id}"
