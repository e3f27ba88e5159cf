"""What the ethical part of pack 06 may tell on the first page."""

from __future__ import annotations

from cwb.evidence.finding import number
from cwb.packs.headline import Headline

HEADLINES = (
    Headline(
        finding="pledge_evidenced_count",
        exhibit="pledges",
        subject="How many of our pledges against modern slavery have evidence",
        says=lambda _, find: (
            f"We have evidence for {find('pledge_evidenced_count')} of {number(find('pledge_evidenced_count').of or 0, 'count')} "
            "pledges against modern slavery."
        ),
        grew="we have evidence for more of our pledges against modern slavery",
        fell="we have evidence for fewer of our pledges against modern slavery",
    ),
    Headline(
        finding="registry_spend_share",
        exhibit="registry",
        subject="How much we spend with firms that report on modern slavery",
        says=lambda _, find: (
            f"{find('registry_spend_share')} of spend with firms on public registers is with firms that report on modern slavery."
        ),
        grew="more of our spend is with firms that report on modern slavery",
        fell="less of our spend is with firms that report on modern slavery",
    ),
)
