"""What pack 06 may tell on the first page."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.packs.headline import Find, Headline


def _delivered(data: PackData, find: Find) -> str:
    done, committed, verified = find("sv_delivered"), find("sv_committed"), find("sv_verified_share")
    of = f" of {committed} promised over whole contracts" if committed.value is not None else ""
    checked = f" Evidence is verified for {verified} of it." if verified.value is not None else ""
    return f"Contracts have delivered {done} of social value{of}.{checked}"


HEADLINES = (
    Headline(
        finding="sv_delivered",
        exhibit="delivered",
        subject="How much social value contracts have delivered",
        says=_delivered,
        grew="contracts delivered more social value",
        fell="contracts delivered less social value",
    ),
    Headline(
        finding="esp_on_target_share",
        exhibit="plans",
        subject="Whether developers keep their plans for jobs and skills",
        says=lambda _, find: (
            f"{find('esp_on_target_share')} of the measures in developers' plans for jobs and skills are on target."
        ),
        grew="more measures of developers' skills plans are on target",
        fell="fewer measures of developers' skills plans are on target",
    ),
    Headline(
        finding="jobs_supported",
        exhibit="jobs",
        subject="How many jobs our contracts and programmes support",
        says=lambda _, find: f"Contracts, developers and programmes supported {find('jobs_supported')} jobs.",
        grew="more jobs were supported",
        fell="fewer jobs were supported",
    ),
)
