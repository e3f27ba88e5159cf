"""How many social enterprises there are, by how sure we are; and what was kept out, and how."""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.measures.workbench import Result, Workbench, measure
from cwb.reference import table

GRADE_NAMES = {"A": "A: certain by legal form", "B": "B: likely", "C": "C: possible"}


def social_enterprises(data: Dataset) -> pd.DataFrame:
    """Local bodies with a grade, columns as in `cwb.entities.organisations`; all of them are active."""
    return data.once("social_enterprises", _graded)


def _graded(data: Dataset) -> pd.DataFrame:
    local = data.local_organisations
    return local[local["grade"].notna()].reset_index(drop=True) if len(local) else local


@measure(
    "se_certain_count",
    "se_likely_count",
    "se_possible_count",
    "se_count",
    "se_home_count",
    needs=("organisations",),
)
def grades(data: Dataset, bench: Workbench) -> Result:
    """Social enterprises with a registered office in the local area, by grade of evidence. Never one number.

    One row per grade and place: `grade`, `place` (within the council's own district, rest of the local area),
    `organisations`. `se_count` is grades A and B together; its range runs from A alone to A, B and C.
    """
    bodies = social_enterprises(data)
    home = bodies["lad_code"] == data.settings.council.home_district
    places = ((f"Within {data.settings.home_name}", home), ("Rest of the local area", ~home))
    rows = [
        {"grade": name, "place": place, "organisations": int(((bodies["grade"] == grade) & mask).sum())}
        for grade, name in GRADE_NAMES.items()
        for place, mask in places
    ]
    a, b, c = (int((bodies["grade"] == grade).sum()) for grade in GRADE_NAMES)
    home_a, home_b, home_c = (int(((bodies["grade"] == grade) & home).sum()) for grade in GRADE_NAMES)
    return pd.DataFrame(rows), [
        bench.finding("se_certain_count", a),
        bench.finding("se_likely_count", b),
        bench.finding("se_possible_count", c),
        bench.finding("se_count", a + b, low=a, high=a + b + c),
        bench.finding("se_home_count", home_a + home_b, low=home_a, high=home_a + home_b + home_c),
    ]


@measure("se_kept_out_count", needs=("organisations",))
def kept_out(data: Dataset, bench: Workbench) -> Result:
    """Local bodies that look like social enterprises to a register and are kept out, by class.

    One row per class, in the order in which the rules are tried: `title`, `how`, `organisations`. A body that several
    rules would keep out counts in the first. "Registered twice" counts second registrations of bodies that count once.
    Only bodies of a form that could be a social enterprise count: societies, mutuals, charities, guarantee companies and
    CICs. Source: `reference/social_enterprise_rules.csv`.
    """
    local = data.local_organisations
    possible = ~local["legal_form"].isin(
        [
            "Company limited by shares",
            "Public limited company",
            "Limited liability partnership",
            "Limited partnership",
        ]
    )
    counts = local[possible]["rule"].value_counts()
    rules = table("social_enterprise_rules")
    rows = [
        {"title": row.title, "how": row.how, "organisations": int(counts.get(row.id, 0))}
        for row in rules[rules["kind"] == "kept out"].itertuples(index=False)
        if row.id != "twice"
    ]
    return pd.DataFrame(rows), [bench.finding("se_kept_out_count", sum(r["organisations"] for r in rows))]


@measure("se_largest_form_share", needs=("organisations",))
def legal_forms(data: Dataset, bench: Workbench) -> Result:
    """Social enterprises by legal form and grade.

    One row per legal form, most first: `legal_form`, `certain` (A), `likely` (B), `possible` (C), `rule` (why, for the
    form's largest part). Bodies of grade C are shown and count in no total of the pack.
    """
    bodies = social_enterprises(data)
    counts = (
        bodies.groupby(["legal_form", "grade"])
        .size()
        .unstack(fill_value=0)
        .reindex(columns=["A", "B", "C"], fill_value=0)
    )
    titles = dict(table("social_enterprise_rules")[["id", "title"]].itertuples(index=False, name=None))
    why = bodies.groupby("legal_form")["rule"].agg(lambda rules: titles.get(rules.mode().iloc[0], ""))
    made = counts.rename(columns={"A": "certain", "B": "likely", "C": "possible"}).assign(rule=why).reset_index()
    made["size"] = made["certain"] + made["likely"]
    made = made.sort_values(["size", "possible", "legal_form"], ascending=[False, False, True], ignore_index=True)
    total, first = int(made["size"].sum()), made.iloc[0] if len(made) else None
    facts = {"largest_form": str(first["legal_form"]) if first is not None else ""}
    share = bench.share("se_largest_form_share", int(first["size"]) if first is not None else 0, total)
    return made.drop(columns="size"), [share], facts
