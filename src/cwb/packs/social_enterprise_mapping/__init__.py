"""Pack 03: the social enterprises of the local area, by graded evidence; what they do, what we buy from them, what we could."""

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.pack import Pack
from cwb.packs.social_enterprise_mapping.ages import ages
from cwb.packs.social_enterprise_mapping.births import births
from cwb.packs.social_enterprise_mapping.bought import bought
from cwb.packs.social_enterprise_mapping.by_district import by_district
from cwb.packs.social_enterprise_mapping.contestable import contestable
from cwb.packs.social_enterprise_mapping.employee_owned import employee_owned
from cwb.packs.social_enterprise_mapping.geographies import geographies
from cwb.packs.social_enterprise_mapping.grades import grades
from cwb.packs.social_enterprise_mapping.headlines import HEADLINES
from cwb.packs.social_enterprise_mapping.kept_out import kept_out
from cwb.packs.social_enterprise_mapping.legal_forms import legal_forms
from cwb.packs.social_enterprise_mapping.sensitivity import sensitivity
from cwb.packs.social_enterprise_mapping.services import services
from cwb.packs.social_enterprise_mapping.targets import targets


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or of those that are known."""
    count, share = found["se_count"], found["se_spend_share"]
    if count.value is not None and share.value is not None:
        return f"{count} certain or likely social enterprises are local; such bodies receive {share} of spend"
    if count.value is not None:
        return f"{count} social enterprises, certain or likely, have their office in the local area"
    return "How many social enterprises there are is not known"


PACK = Pack(
    id="social_enterprise_mapping",
    notebook="03_social_enterprise_mapping.ipynb",
    question="How many social enterprises are there, and do we buy from them?",
    measures=(
        grades,
        kept_out,
        legal_forms,
        by_district,
        services,
        ages,
        births,
        bought,
        employee_owned,
        contestable,
        targets,
        geographies,
        sensitivity,
    ),
    headline="se_spend_share",
    first=(
        "se_count",
        "se_certain_count",
        "se_home_count",
        "se_spend",
        "se_spend_share",
        "se_supplier_count",
        "se_contestable_share",
        "se_target_count",
    ),
    title=title,
    headlines=HEADLINES,
    chosen=(("se_count", "organisations"), ("se_spend", "pounds_gbp"), ("se_spend_share", "share")),
)
