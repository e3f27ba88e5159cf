"""Which suppliers have published a modern slavery statement on the government's registry, and what part of spend they have."""

from __future__ import annotations

from cwb.lines.registry import BY_NUMBER
from cwb.packs.exhibits import POUNDS, SUPPLIERS, counted, or_why, pounds_and_suppliers, range_text, ratio
from cwb.packs.market.rules import in_force
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import FIRST_LINE, Fact, Relation, Thing, at_most, count, mean, number, numbered, share
from cwb.sources.tabular import sql_text

_EVERY_YEAR = "The registry's files of three years would settle it."
SUPPLIER = Thing("organisation_key", "display_name", "suppliers")
_TABLES = ("spend_lines", "registry_lines", "organisations")
_SETTLES = (
    "whether suppliers are on the registry is known",
    "Company numbers of suppliers would settle it: a name alone does not tell one company from another.",
)
_STATES = (
    "Statement for this registry year",
    "Perhaps: found by name, or as the parent of a group",
    "Statement for the year before",
    "Lapsed: only older statements",
    "Not found",
    "Not matched to an organisation",
)
_FOUND, _PERHAPS, _BEFORE, _LAPSED, _NOT_FOUND, _NOT_MATCHED = range(len(_STATES))


def paid_on_registry(data: PackData) -> Relation:
    """Payments of the period with the last registry year for which the supplier has a statement: `number_year` by its company
    number, `name_year` by its name or as the parent of a group; and `is_large`, by the vendor list or else by the kind of accounts
    that its company files. A statement approved after the period does not count yet."""
    last = data.period.end
    latest = ", ".join(
        f"max(CASE WHEN found_by {sign} {sql_text(BY_NUMBER)} THEN registry_year END) AS {name}"
        for sign, name in (("=", "number_year"), ("<>", "name_year"))
    )
    found = f"""SELECT registered_supplier, {latest} FROM registry_lines
        WHERE registered_supplier IS NOT NULL AND registry_year <= {last.year}
            AND (approved_date IS NULL OR approved_date <= DATE '{last}') GROUP BY registered_supplier"""
    sizes = in_force("company_sizes", last)
    large = (
        ", ".join(sql_text(row["accounts_category"]) for row in sizes if not row["most_turnover_gbp"]) or "NULL"
    )
    smaller = ", ".join(sql_text(row["accounts_category"]) for row in sizes if row["most_turnover_gbp"]) or "NULL"
    source = f"""(SELECT l.*, number_year, name_year,
            CASE WHEN l.size IS NOT NULL THEN l.size = 'large' WHEN o.accounts_category IN ({large}) THEN TRUE
                WHEN o.accounts_category IN ({smaller}) THEN FALSE END AS is_large
        FROM spend_lines l LEFT JOIN ({found}) f ON f.registered_supplier = l.supplier_key
        LEFT JOIN organisations o ON o.org_id = l.org_id)"""
    return Relation(source, _TABLES, period=data.period, is_of_period=True)


@measure(
    Definition(
        "registry_found_count", "Suppliers with a modern slavery statement for this year", "count", "count",
        "Suppliers paid in the period and matched to an organisation that the public registry lists, by company number, for the "
        "registry year in which the period ends. High: also those found by name, or as the parent of a group.",
        excluded="Suppliers matched to no organisation.",
    ),
    Definition(
        "registry_spend_share", "Spend with suppliers that have a modern slavery statement for this year", "share", "share",
        "Spend with those suppliers divided by spend with matched suppliers, with the same range.",
        excluded="Suppliers matched to no organisation.",
    ),
    Definition(
        "registry_lapsed_count", "Suppliers whose statements have lapsed", "count", "count",
        "Of the suppliers found for any registry year those found for neither the current one nor the one before. High: those found by "
        "name alone have lapsed too.",
        excluded="Suppliers matched to no organisation.",
    ),
    Definition(
        "registry_topics_mean", "Topics covered by a supplier's statement", "rate", "mean",
        "Mean of how many of the six recommended topics the statements of this registry year say that they cover, of suppliers found "
        "by company number.",
        excluded="Statements that say of no topic whether it is covered.",
    ),
    Definition(
        "registry_not_found_large", "Large suppliers not found on the registry", "count", "count",
        "Large suppliers, by the vendor list or else the kind of accounts that their company files, of which no statement of any year "
        "is found. Not found is not in breach: the duty goes by turnover, which is not known. High: also those found by name alone, "
        "and those of unknown size. At most so many while files of fewer than three registry years are at hand.",
        excluded="Suppliers matched to no organisation.",
        version=2,
    ),
    question="Have our suppliers published a modern slavery statement?",
    needs=("spend_lines", "registry_lines"),
    main=("registry_found_count", "registry_spend_share"),
    columns=(Column("state", "On the registry"), SUPPLIERS, POUNDS, Column("share", "Share of spend", "share")),
)  # fmt: skip
def registry(data: PackData) -> Result:
    """Spend of the period by what the public registry of modern slavery statements has of the supplier.

    One row per state: `state`, `suppliers` (those that are named), `pounds_gbp`, `share` (of spend). The current registry year is that of the period's
    last day: statements of financial years that end from July to December belong to the next one. Raises `Undefined` without a file
    of that year. Source: formats-strategy.md 3.3.
    """
    year = data.period.end.year
    held = {row["registry_year"] for row in data.rows("SELECT DISTINCT registry_year FROM registry_lines")}
    if year not in held:
        raise Undefined(f"no file of the registry year {year} was supplied")
    paid = paid_on_registry(data)
    matched = paid.where("match_status = 'matched'")
    if not data.count(matched):
        raise Undefined("no supplier of the period is matched to an organisation")
    ever = matched.where("number_year IS NOT NULL OR name_year IS NOT NULL")
    too_few = (
        "" if {year - 1, year} <= held and min(held) < year - 1 else "files of three registry years are needed"
    )
    none_lapsed = too_few or (None if data.count(ever) else "no supplier is on the registry")
    topics = _topics(data, year)
    large = matched.where("is_large IS NOT FALSE")
    on_registry = f"CASE WHEN number_year = {year} THEN TRUE WHEN name_year = {year} THEN NULL ELSE FALSE END"
    lapsed = f"""CASE WHEN number_year >= {year - 1} THEN FALSE WHEN name_year >= {year - 1} AND number_year IS NULL THEN FALSE
        WHEN number_year IS NULL OR name_year >= {year - 1} THEN NULL ELSE TRUE END"""
    not_found = "CASE WHEN number_year IS NOT NULL THEN FALSE WHEN name_year IS NOT NULL OR is_large IS NULL THEN NULL ELSE TRUE END"
    answers = ask(
        data,
        count("registry_found_count", matched, Fact(on_registry, *_SETTLES), per=SUPPLIER),
        share("registry_spend_share", matched, Fact(on_registry, *_SETTLES), per=SUPPLIER),
        count("registry_lapsed_count", ever, Fact(lapsed, *_SETTLES), per=SUPPLIER).unless(none_lapsed),
        mean("registry_topics_mean", topics, "topics", per=SUPPLIER).if_empty(
            "no statement says which topics it covers"
        ),
        count("registry_not_found_large", large, Fact(not_found, *_SETTLES), per=SUPPLIER).if_empty(
            "no supplier is known to be large"
        ),
    )
    if too_few:
        large_missing = answers["registry_not_found_large"]
        answers.findings[large_missing.id] = at_most(large_missing, _EVERY_YEAR, too_few)
    state = f"""CASE WHEN match_status <> 'matched' THEN {_NOT_MATCHED} WHEN number_year = {year} THEN {_FOUND}
        WHEN name_year = {year} OR (number_year IS NULL AND name_year IS NOT NULL) THEN {_PERHAPS}
        WHEN number_year = {year - 1} THEN {_BEFORE} WHEN name_year = {year - 1} THEN {_PERHAPS}
        WHEN number_year IS NOT NULL THEN {_LAPSED} ELSE {_NOT_FOUND} END"""
    sql = f"""SELECT {state} AS state, count(DISTINCT CASE WHEN supplier_key IS NOT NULL THEN organisation_key END) AS suppliers, sum(amount_gbp) AS pounds
        FROM {paid.source} WHERE {paid.condition} GROUP BY {state} ORDER BY state"""
    found = data.rows(sql)
    everything = sum(row["pounds"] for row in found)
    rows = [
        [_STATES[row["state"]], row["suppliers"], float(row["pounds"]), ratio(row["pounds"], everything)]
        for row in found
    ]
    return Result.of(answers, rows, sql, facts={"year": str(year)})


def _topics(data: PackData, year: int) -> Relation:
    """One row per supplier of the period found by company number, with the topics of its fullest statement of a registry year."""
    paid = data.spend()
    lines = f"""(SELECT r.source_file, r.source_sheet, r.source_row, p.organisation_key, p.display_name, r.topics
        FROM registry_lines r JOIN (SELECT DISTINCT supplier_key, organisation_key, display_name FROM {paid.source}
            WHERE {paid.condition} AND match_status = 'matched') p ON p.supplier_key = r.registered_supplier
        WHERE r.registry_year = {year} AND r.topics IS NOT NULL AND r.found_by = {sql_text(BY_NUMBER)}
            AND (r.approved_date IS NULL OR r.approved_date <= DATE '{data.period.end}'))"""
    source = f"""(SELECT {FIRST_LINE}, organisation_key, min(display_name) AS display_name, max(topics) AS topics
        FROM {numbered(lines, "organisation_key", "topics DESC")} t GROUP BY organisation_key)"""
    return Relation(source, ("registry_lines", "spend_lines"), period=None)


@registry.shown
def exhibit(m: Measured) -> Shown:
    found, spend, lapsed, topics, large = (
        m[name]
        for name in (
            "registry_found_count", "registry_spend_share", "registry_lapsed_count", "registry_topics_mean",
            "registry_not_found_large",
        )
    )  # fmt: skip
    year = m.facts["year"]
    who = counted(found, "supplier", "suppliers")
    has = "has" if found.value == 1 else "have"
    title = f"{spend} of matched spend is with suppliers that have a modern slavery statement"
    if spend.value is None:
        title = f"{who} {has} a modern slavery statement for {year}"
    covers = f"{'Its' if found.value == 1 else 'Their'} statements say that they cover {topics} of six recommended topics on average."
    old = f"{counted(lapsed, 'supplier has', 'suppliers have')} only statements older than the year before{range_text(lapsed)}."
    missing = (
        f"{counted(large, 'large supplier is', 'large suppliers are')} not found, of {number(large.of or 0, 'count')} that are or may be large"
        f"{range_text(large)}. Not found is not in breach: the law asks firms with a turnover of £36 million or more, and turnover is "
        "not known."
    )
    return Shown(
        title=title,
        subtitle=f"Spend by what the public registry has of the supplier for {year}. {m.where}",
        chart=pounds_and_suppliers(m.table, "state"),
        says=(
            f"{who[:1].upper()}{who[1:]} of {number(found.of or 0, 'count')} matched to an organisation {has} a statement for "
            f"{year}{range_text(found)}; of spend with those matched they have {spend}{range_text(spend)}. "
            + or_why(topics, covers, "How much the statements cover")
            + ("" if m.data.period.end.month == 12 else f" More may come until the end of {year}."),
            f"{or_why(lapsed, old, 'How many statements have lapsed')} {or_why(large, missing, 'How many large suppliers are not found')}",
        ),
        caption="Spend by what the registry of modern slavery statements has of the supplier",
    )
