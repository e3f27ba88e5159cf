"""Who is there: local organisations by industry, beside those we know and the official count of businesses."""

from __future__ import annotations

from cwb.packs.account.listed import as_far_as_listed, least_listed, none_listed
from cwb.packs.account.register_dates import old_registers, registers_shown
from cwb.packs.exhibits import bars, counted, or_why, range_sentence, range_text, sentence_case
from cwb.packs.market.industry import NOT_STATED, section_name
from cwb.packs.market.supply import in_business, paid_lately
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import HAS_LOCAL_OFFICE, IS_LOCAL, LINE, ORGANISATION, Relation, Row, Thing, count, total
from cwb.sources.tabular import sql_text

_SHOWN = 12
_SURE = "grade IN ('A', 'B')"
_COUNT = Thing(LINE.key, "section", "counts")


@measure(
    Definition(
        "local_organisation_count", "Local organisations in business", "count", "count",
        "Active organisations of the registers whose office is in the local area, without dormant companies and"
        " management companies of flats and estates. High: those too whose office's place is not known.",
        excluded="Sole traders and others on no register.",
        version=2,
    ),
    Definition(
        "known_local_supplier_count", "Local suppliers known", "count", "count",
        "Local suppliers paid in the 36 months up to the end of the period. High: those too whose place is not "
        "known.",
        excluded="Withheld and missing names.",
        version=2,
    ),
    Definition(
        "business_unit_count", "Businesses by the official count", "count", "total",
        "Enterprises registered for VAT or PAYE in the districts of the local area, newest year supplied, "
        "rounded to 5 by the publisher.",
    ),
    question="Who is there to supply it?",
    needs=("organisations",),
    main=("local_organisation_count",),
    columns=(
        Column("section", "Industry"),
        Column("registered", "Registered office here", "count"),
        Column("social", "Social enterprises", "count"),
        Column("known", "Known to us", "count"),
        Column("units", "Official count", "count"),
    ),
)  # fmt: skip
def supply(data: PackData) -> Result:
    """Active local organisations by industry.

    One row per SIC section, most organisations first: `section`, `registered` (registered office in the local area),
    `social` (grades A and B among them; both None where none is listed and one of no known place is, or a register is not at hand in full),
    `known` (local suppliers paid in three years, matched or not; None without a ledger, and where none is known and the place or industry
    of some is not), `units` (businesses by the ONS count, rounded to 5 by the publisher; None where no count was supplied). A body
    counts in the section of its first code.
    """
    bodies, paid, counts = in_business(data), paid_lately(data), newest_counts(data)
    columns = {
        "registered": f"""SELECT section, count(*) AS n FROM organisations WHERE {bodies.where("is_local").condition}
            GROUP BY section ORDER BY section""",
        "social": f"""SELECT section, count(*) AS n FROM organisations
            WHERE {bodies.where("is_local", _SURE).condition} GROUP BY section ORDER BY section""",
        "known": f"""SELECT s.section, count(*) AS n FROM suppliers s JOIN (SELECT DISTINCT supplier_key FROM spend_lines
            WHERE {paid.where("is_local").condition}) l ON l.supplier_key = s.supplier_key
            GROUP BY s.section ORDER BY s.section""",
        "units": f"""SELECT section, sum(units) AS n FROM business_counts WHERE {counts.condition}
            GROUP BY section ORDER BY section""",
    }
    cells = {
        name: {row["section"] or NOT_STATED: int(row["n"]) for row in data.rows(sql)}
        for name, sql in columns.items()
    }
    unplaced = bodies.where("is_local IS NULL")
    is_every_industry_known = NOT_STATED not in cells["known"] and not data.count(paid.where("is_local IS NULL"))
    none = {
        "registered": None if data.count(unplaced) else none_listed(data),
        "social": None if data.count(unplaced.where(_SURE)) else none_listed(data),
        "known": 0 if data.has("spend_lines") and is_every_industry_known else None,
        "units": 0 if data.has("business_counts") else None,
    }
    sections = sorted({section for counted_by_section in cells.values() for section in counted_by_section})
    rows: list[Row] = [
        {"section": section}
        | {name: counted_by_section.get(section, none[name]) for name, counted_by_section in cells.items()}
        for section in sections
    ]
    rows.sort(key=lambda row: (-(row["registered"] or 0), row["section"]))
    missing = {
        table: None if data.has(table) else data.why_not(table) for table in ("spend_lines", "business_counts")
    }
    answers = ask(
        data,
        count(
            "local_organisation_count",
            of=bodies,
            where=HAS_LOCAL_OFFICE,
            per=ORGANISATION,
            caveats=old_registers(data),
        ),
        count("known_local_supplier_count", of=paid, where=IS_LOCAL).unless(missing["spend_lines"]),
        total("business_unit_count", of=counts, by="units", per=_COUNT).unless(missing["business_counts"]),
    )
    least_listed(data, answers, "local_organisation_count")
    return Result.of(answers, rows, *columns.values())


def newest_counts(data: PackData) -> Relation:
    """The newest ONS count of businesses of all sizes in the districts of the local area."""
    newest = data.rows("SELECT max(counted_on) AS day FROM business_counts")[0]["day"]
    return data.relation("business_counts").where(
        f"counted_on = {sql_text(newest or '')}", "size_band = 'Total'", "is_local"
    )


@supply.shown
def exhibit(m: Measured) -> Shown:
    registered, known, units = (
        m[name] for name in ("local_organisation_count", "known_local_supplier_count", "business_unit_count")
    )
    drawn = m.table.head(_SHOWN)
    suppliers = counted(known, "local supplier", "local suppliers")
    return Shown(
        title=sentence_case(
            counted(
                registered,
                "organisation in business has its office in the local area",
                "organisations in business have their office in the local area",
            )
        ),
        subtitle=f"Active organisations by the industry they state first. {m.data.settings.local.name}, {registers_shown(m.data)}{as_far_as_listed(m.data)}",
        chart=bars(drawn["section"].map(section_name), drawn["registered"], "count"),
        says=(
            or_why(
                known,
                f"We know {suppliers} from three years of payments{range_text(known)}.",
                "How many of them we know",
            )
            + " "
            + or_why(
                units,
                f"The official count of businesses gives {units} in the same districts: it counts only those registered for VAT "
                "or as employers.",
                "The official count of businesses",
            ),
            *range_sentence("How many have their office here", registered),
            "An office is evidence of registration, not of where the work is done: many are accountants' addresses.",
            *old_registers(m.data),
        ),
        caption="Local organisations by industry",
    )
