"""What pack 06 may tell on the first page."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.evidence.finding import number
from cwb.packs.exhibits import range_text
from cwb.packs.headline import Find, Headline


def _delivered(data: PackData, find: Find) -> str:
    done, committed, verified = find("sv_delivered"), find("sv_committed"), find("sv_verified_share")
    of = f" of {committed} promised over whole contracts" if committed.value is not None else ""
    checked = (
        f" Evidence is verified for {verified} of it{range_text(verified)}." if verified.value is not None else ""
    )
    return f"Contracts have delivered {done} of social value{of}.{checked}"


def _pledges(_: PackData, find: Find) -> str:
    evidenced = find("pledge_evidenced_count")
    return f"We have evidence for {evidenced} of {number(evidenced.of or 0, 'count')} pledges against modern slavery{range_text(evidenced)}."


HEADLINES = (
    Headline(
        finding="sv_delivered",
        exhibit="delivered",
        subject="How much social value contracts have delivered",
        says=_delivered,
        moved="contracts delivered more/less social value",
    ),
    Headline(
        finding="esp_on_target_share",
        exhibit="plans",
        subject="Whether developers keep their plans for jobs and skills",
        says="{esp_on_target_share} of the measures in developers' plans for jobs and skills are on target.",
        moved="more/fewer measures of developers' skills plans are on target",
    ),
    Headline(
        finding="jobs_supported",
        exhibit="jobs",
        subject="How many jobs our contracts and programmes support",
        says="Contracts, developers and programmes supported {jobs_supported} jobs.",
        moved="more/fewer jobs were supported",
    ),
    Headline(
        finding="pledge_evidenced_count",
        exhibit="pledges",
        subject="How many of our pledges against modern slavery have evidence",
        says=_pledges,
        moved="we have evidence for more/fewer of our pledges against modern slavery",
    ),
    Headline(
        finding="registry_spend_share",
        exhibit="registry",
        subject="How much we spend with firms that report on modern slavery",
        says="{registry_spend_share} of spend with firms on public registers is with firms that report on modern slavery.",
        moved="more/less of our spend is with firms that report on modern slavery",
    ),
)
