"""Which bodies look like social enterprises and are kept out, and how."""

from __future__ import annotations

from cwb.packs.account.listed import none_listed
from cwb.packs.account.register_dates import registers_missing
from cwb.packs.exhibits import bars, counted, sentence_case
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, measure
from cwb.packs.questions import HAS_LOCAL_OFFICE, Fact
from cwb.packs.social_enterprise_mapping.bodies import (
    ORGANISATIONS,
    ask_registers,
    count_of,
    counts_by,
    here,
    nearby,
)
from cwb.reference import table

# Forms in which no social enterprise of grade A or B is looked for.
_OTHER_FORMS = (
    "Company limited by shares", "Public limited company", "Limited liability partnership", "Limited partnership",
)  # fmt: skip


@measure(
    Definition(
        "se_kept_out_count", "Bodies left out", "count", "count",
        "Local societies, mutuals, charities, guarantee companies and CICs that a rule keeps out. High: also "
        "those whose office has no known place.",
        version=2,
    ),
    question="What was left out?",
    needs=("organisations",),
    main=("se_kept_out_count",),
    columns=(Column("title", "Kind"), Column("how", "How it is left out"), ORGANISATIONS),
)  # fmt: skip
def kept_out(data: PackData) -> Result:
    """Local bodies that look like social enterprises to a register and are kept out, by class.

    One row per class, in the order in which the rules are tried: `title`, `how`, `organisations` (None where none is listed and one of no
    known place is, or a register is not at hand in full). A body that several rules would keep out counts in the first. Only bodies of a
    form that could be a social enterprise count: societies, mutuals, charities, guarantee companies and CICs; of a body registered twice
    only the second registration is left out. Source: `reference/social_enterprise_rules.csv`.
    """
    rules = table("social_enterprise_rules")
    rules = rules[(rules["kind"] == "kept out") & (rules["id"] != "twice")]
    ids, forms = (", ".join(f"'{text}'" for text in texts) for texts in (rules["id"], _OTHER_FORMS))
    bodies = nearby(data).where(f"rule IN ({ids})", f"coalesce(legal_form, '') NOT IN ({forms})")
    answers = ask_registers(data, count_of("se_kept_out_count", bodies, _is_left_out(data)))
    found = counts_by(data, bodies.where("is_local"), "rule")
    unplaced = counts_by(data, bodies.where("is_local IS NULL"), "rule")
    words = [f" Names: {names}." if names else "" for names in rules["names"]]
    shown = rules.assign(how=rules["how"] + words)[["title", "how"]].assign(
        organisations=[found.get(rule, None if rule in unplaced else none_listed(data)) for rule in rules["id"]]
    )
    return Result.of(answers, shown.reset_index(drop=True))


def _is_left_out(data: PackData) -> Fact:
    """A body that is left out for it is no charity may be one while their register is missing."""
    if not (missing := registers_missing(data, ("charities",))):
        return HAS_LOCAL_OFFICE
    return Fact(
        "CASE WHEN rule = 'bodies' AND is_local THEN NULL ELSE is_local END",
        f"whether bodies are on the register of {missing} is known",
        f"The register of {missing} would settle it.",
    )


@kept_out.shown
def exhibit(m: Measured) -> Shown:
    bodies = ("body that looks like a social enterprise is", "bodies that look like social enterprises are")
    ranked = m.table.sort_values("organisations", ascending=False, kind="stable")
    return Shown(
        title=sentence_case(f"{counted(m['se_kept_out_count'], *bodies)} left out"),
        subtitle=f"Kinds of body that look like one, and how each is left out. {here(m)}",
        chart=bars(ranked["title"], ranked["organisations"], "count"),
        says=(
            "A society under an old and a new number counts once. Each rule errs on one side: a club that trades widely may "
            "be left out, and a management company with an unusual name may be counted.",
        ),
        caption="Bodies left out, by kind",
        paper=Paper.SENTENCES,
    )
