"""Every raw file: rows and pounds in, kept, refused, delivered twice, and the rows in which files add themselves up."""

from __future__ import annotations

from datetime import date

import pandas as pd

from cwb.base.privacy import TEXT_WITHHELD
from cwb.packs.exhibits import silent
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, ask, measure, undefined
from cwb.packs.questions import FILE, Relation, total
from cwb.sources.refusal import TOTAL_ROW
from cwb.sources.report import FileReport, Unread
from cwb.sources.spend_reasons import NO_AMOUNT

_FINDINGS = {
    "rows_in": "rows",
    "rows_kept": "kept",
    "rows_refused": "refused",
    "rows_of_totals": "totals",
    "rows_duplicated": "duplicates",
    "pounds_in": "gbp_in",
    "pounds_kept": "gbp_kept",
    "pounds_refused": "gbp_refused",
    "pounds_of_totals": "gbp_totals",
    "pounds_duplicated": "gbp_duplicates",
}
# Longer texts are remarks, in which a name may stand.
_FEW_WORDS = 6
_UNREAD = (
    "Some rows that are counted state a value that cannot be read, such as a date in words: it is taken as not known. The "
    "table counts these values for each file."
)
_KEPT = ("rows", "kept", "duplicates", "gbp_in", "gbp_kept", "gbp_duplicates")


@measure(
    Definition(
        "rows_in", "Rows read", "count", "total",
        "Data rows of all spending files, of all periods.",
        excluded="Title rows, blank rows and repeated headers.",
    ),
    Definition(
        "rows_kept", "Rows counted", "count", "total",
        "Rows that count in this pack's measures or in those of another period.",
    ),
    Definition(
        "rows_refused", "Rows left out", "count", "total",
        "Rows not counted; the finance team has a list of them with the reason for each.",
        excluded="Rows of totals.",
        version=2,
    ),
    Definition(
        "rows_of_totals", "Rows of totals in the files", "count", "total",
        "Rows in which a file adds up its own rows. They are compared with the sum and counted no second time.",
    ),
    Definition(
        "rows_duplicated", "Repeated rows", "count", "total",
        "Rows that an earlier file holds already.",
    ),
    Definition(
        "pounds_in", "Pounds read", "gbp", "total",
        "Sum of the amounts of all rows read.",
        excluded="Rows whose amount cannot be read.",
    ),
    Definition(
        "pounds_kept", "Pounds counted", "gbp", "total",
        "Sum of the amounts of the rows counted.",
    ),
    Definition(
        "pounds_refused", "Pounds left out", "gbp", "total",
        "Sum of the amounts of the rows left out.",
        excluded="Rows of totals.",
        version=2,
    ),
    Definition(
        "pounds_of_totals", "Pounds in rows of totals", "gbp", "total",
        "Sum of the amounts of the rows in which files add up their own rows.",
    ),
    Definition(
        "pounds_duplicated", "Pounds in repeated rows", "gbp", "total",
        "Sum of the amounts of repeated rows.",
    ),
    question="Are all rows accounted for?",
    needs=(),
    pack="every",
    columns=(
        Column("file", "File"),
        Column("rows", "Rows", "count"),
        Column("kept", "Counted", "count"),
        Column("refused", "Left out", "count"),
        Column("duplicates", "Repeats", "count"),
        Column("totals", "Totals", "count"),
        Column("gbp_kept", "Counted (£)", "gbp"),
        Column("gbp_refused", "Left out (£)", "gbp"),
        Column("gbp_duplicates", "Repeats (£)", "gbp"),
        Column("gbp_totals", "Totals (£)", "gbp"),
        Column("vat_basis", "VAT"),
        Column("reasons", "Reasons"),
        Column("as_of", "A register of", missing="", on_paper=False),
        Column("unread", "Values that cannot be read", missing="", on_paper=False),
    ),
)  # fmt: skip
def coverage(data: PackData) -> Result:
    """Every raw file: rows and pounds in = kept + refused + rows of totals + delivered twice.

    One row per file: `file`, `source`, `rows`, `kept`, `duplicates`, `gbp_in`, `gbp_kept`, `gbp_duplicates`, `refused` and
    `gbp_refused` (but for totals), `totals`, `gbp_totals`, `vat_basis`, `reasons`, `as_of` (the month of a register, and where
    that is stated), `unread` (fields with values that rows kept state and that cannot be read, how many, and examples without
    addresses and names). The findings add up the spending files alone.
    """
    table = pd.DataFrame(
        [
            {name: getattr(report, name) for name in ("file", "source", *_KEPT)}
            | {
                "refused": report.truly_refused.rows,
                "gbp_refused": None if _no_pounds(report) else report.truly_refused.gbp,
                "totals": report.totals.rows,
                "gbp_totals": report.totals.gbp,
                "vat_basis": report.vat_basis or "",
                "reasons": f"not read: {report.error}"
                if report.error
                else "; ".join(
                    f"{why}: {count}" for why, count in report.refused_by_reason().items() if why != TOTAL_ROW
                ),
                "as_of": f"{date.fromisoformat(report.as_of):%B %Y}, by {report.as_of_by}" if report.as_of else "",
                "unread": "; ".join(_unread_cells(one, report.heading_of(one.column)) for one in report.unread),
            }
            for report in data.lineage.reports
        ]
    )
    if not data.lineage.of("spend"):
        return Result(undefined(data, tuple(_FINDINGS), "no spending file was supplied"), table)
    files = Relation(
        "(SELECT *, '' AS source_sheet, 1 AS source_row FROM files WHERE source = 'spend')", ("spend",)
    )
    reports = data.lineage.of("spend")
    unread = sum(
        any(one.reason in NO_AMOUNT for one in row.breaches) for report in reports for row in report.refusals
    )
    caveats = silent(
        unread,
        "row left out states",
        "rows left out state",
        "no amount that can be read, and no sum has its pounds",
    )
    answers = ask(
        data,
        *(
            total(
                name,
                of=files,
                by=column,
                per=FILE,
                caveats=caveats if name in ("pounds_in", "pounds_refused") else (),
            )
            for name, column in _FINDINGS.items()
        ),
    )
    if unread and unread == answers["rows_refused"].value:
        why = "no row left out states an amount that can be read"
        answers.findings |= undefined(data, ("pounds_refused",), why)
    return Result.of(answers, table)


def _no_pounds(report: FileReport) -> bool:
    """Whether no row left out of a file has pounds that can be read."""
    return 0 < report.refused_without_pounds == report.truly_refused.rows


def _unread_cells(unread: Unread, heading: str) -> str:
    """A column's count, and its examples but for addresses and whatever may hold a name."""
    is_place = "post" in unread.column.lower()
    harmless = [text for text in unread.examples if text != TEXT_WITHHELD and len(text.split()) <= _FEW_WORDS]
    shown = "" if is_place else ", ".join(f"“{text}”" for text in harmless)
    return f"{heading}: {unread.rows:,}" + (f" ({shown})" if shown else "")


@coverage.shown
def exhibit(m: Measured) -> Shown:
    kept, rows_in = m["rows_kept"], m["rows_in"]
    says: tuple[str, ...] = ()
    title = "No spending file was supplied; other files are listed here"
    if rows_in.value is not None:
        title = f"{kept} of {rows_in} ledger rows are counted; every other row has a reason"
        refused = f"{m['pounds_refused']} left out"
        if m["pounds_refused"].value is None:
            refused = "what rows left out do not state in numbers"
        says = (
            f"Rows: {rows_in} read = {kept} counted + {m['rows_refused']} left out + {m['rows_duplicated']} repeated + "
            f"{m['rows_of_totals']} of the files' own totals. Pounds: {m['pounds_in']} read = {m['pounds_kept']} counted + "
            f"{refused} + {m['pounds_duplicated']} repeated + {m['pounds_of_totals']} of totals, which "
            "would count twice. All periods of the files are counted here.",
            *m["pounds_refused"].caveats,
        )
    if (m.table["unread"] != "").any():
        says += (_UNREAD,)
    return Shown(
        title=title,
        subtitle=f"Rows and pounds of every file supplied. {m.data.settings.council.name}, all periods",
        says=says,
        caption="Every file supplied: rows and pounds read, counted, left out, repeated, and rows of totals",
        paper=Paper.ALL_ROWS,
    )
