"""Pack 06: social value that contracts promised and delivered, jobs and skills, and how ethically the council buys."""

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.exhibits import counted, sentence_case
from cwb.packs.pack import Pack
from cwb.packs.social_value.delivered import delivered
from cwb.packs.social_value.headlines import HEADLINES
from cwb.packs.social_value.jobs import jobs
from cwb.packs.social_value.low_prices import low_prices
from cwb.packs.social_value.plans import plans
from cwb.packs.social_value.pledges import pledges
from cwb.packs.social_value.progress import progress
from cwb.packs.social_value.registry import registry
from cwb.packs.social_value.scope import scope
from cwb.packs.social_value.small import small
from cwb.packs.social_value.statement import statement
from cwb.packs.social_value.waste import waste


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or of those that are known."""
    done, committed, work = (found[name] for name in ("sv_delivered", "sv_committed", "jobs_supported"))
    if done.value is not None:
        of = f" of {committed} promised over whole contracts" if committed.value is not None else ""
        return f"{sentence_case(f'{done}')} of social value delivered{of}"
    if work.value is not None:
        return f"{counted(work, 'job was', 'jobs were')} supported in {data.period.short_label}"
    return "What social value contracts deliver is not known"


PACK = Pack(
    id="social_value",
    notebook="06_social_value.ipynb",
    question="What social value was promised, what was delivered, and do we buy ethically?",
    measures=(delivered, progress, scope, small, jobs, plans, waste, statement, pledges, registry, low_prices),
    headline="sv_verified_share",
    first=(
        "sv_delivered", "sv_committed", "sv_pace", "sv_verified_share", "jobs_supported", "esp_on_target_share",
        "pledge_evidenced_count", "registry_spend_share",
    ),
    title=title,
    headlines=HEADLINES,
    on_spend=False,
    on_place=False,
)  # fmt: skip
