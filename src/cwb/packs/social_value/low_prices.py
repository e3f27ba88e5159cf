"""Tenders won at a price far below the next one, and whether anybody asked why (Cardinal's R058)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cwb.base.days import months_after
from cwb.base.rows import place_of
from cwb.packs.exhibits import counted, or_why, plural, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import PLACE, Fact, Thing, always, as_table, count, number, share

LEAST = 10
TENDER = Thing("tender_key", "title", "tenders")
IS_LOOKED_AT = Fact(
    "is_looked_at",
    "whether a low price was looked at is known",
    "The column of the list of procurements that says whether a low price was looked at would settle it.",
)


@dataclass(frozen=True)
class Tender:
    """A tender decided in the twelve months; `is_flagged` is None where it has not both prices."""

    source_file: str
    source_sheet: str | None
    source_row: int
    tender_key: str
    title: str
    winning_gbp: Decimal | None
    second_gbp: Decimal | None
    is_flagged: bool | None
    is_looked_at: bool | None
    outcome: str | None

    @property
    def gap(self) -> Fraction | None:
        return gap_of(self.winning_gbp, self.second_gbp)


def gap_of(winning: Decimal | None, second: Decimal | None) -> Fraction | None:
    """By how much of itself the winning price lies below the second lowest: £100,000 and £115,000 are 15%."""
    if not winning or second is None or winning <= 0:
        return None
    return (Fraction(second) - Fraction(winning)) / Fraction(winning)


def upper_fence(gaps: list[Fraction]) -> Fraction:
    """The third quartile and one and a half times the distance between the quartiles: 5% and 7% give 10%.

    Quartiles as the library has them that Cardinal uses (Hyndman and Fan's eighth).
    """
    first, third = _quantile(gaps, Fraction(1, 4)), _quantile(gaps, Fraction(3, 4))
    return third + Fraction(3, 2) * (third - first)


def _quantile(gaps: list[Fraction], part: Fraction) -> Fraction:
    ranked = sorted(gaps)
    place = (len(ranked) + Fraction(1, 3)) * part + Fraction(1, 3)
    at = min(max(int(place), 1), len(ranked) - 1)
    return ranked[at - 1] + (place - at) * (ranked[at] - ranked[at - 1])


@dataclass(frozen=True)
class Prices:
    """The tenders decided in the twelve months to the end of a period; the limit, and of how many tenders it is made."""

    tenders: list[Tender]
    limit: Fraction | None
    compared: int

    @property
    def flagged(self) -> list[Tender]:
        return [tender for tender in self.tenders if tender.is_flagged]


def prices_of(data: PackData) -> Prices:
    """Tenders without a day of award or a deadline are in no twelve months, and make no limit."""
    return data.cached("low prices", _prices)


def _prices(data: PackData) -> Prices:
    last = data.period.end
    sql = f"""SELECT {PLACE}, title, winning_gbp, second_gbp, is_low_price_looked_at, look_outcome,
            coalesce(awarded_date, deadline_date) AS decided_date FROM tenders
        WHERE coalesce(awarded_date, deadline_date) <= DATE '{last}' ORDER BY {PLACE}"""
    rows = [(row, gap_of(row["winning_gbp"], row["second_gbp"])) for row in data.rows(sql)]
    gaps = [gap for _, gap in rows if gap is not None]
    limit = upper_fence(gaps) if len(gaps) >= LEAST else None
    decided = [
        Tender(
            **place_of(row),
            tender_key=" ".join(map(str, place_of(row).values())),
            title=row["title"],
            winning_gbp=row["winning_gbp"],
            second_gbp=row["second_gbp"],
            is_flagged=None if gap is None or limit is None else gap >= limit,
            is_looked_at=row["is_low_price_looked_at"],
            outcome=row["look_outcome"],
        )
        for row, gap in rows
        if row["decided_date"] > months_after(last, -12)
    ]
    return Prices(decided, limit, len(gaps))


@measure(
    Definition(
        "low_price_flagged", "Tenders won far below the next price", "count", "count",
        "Tenders decided in the twelve months to the end of the period whose winning price lies below the second lowest valid one "
        "by at least the upper fence of all such gaps on the list: the third quartile and one and a half times the distance between "
        "the quartiles. Gaps are shares of the winning price.",
        excluded="Tenders without both prices or without a day.",
    ),
    Definition(
        "low_price_challenged_share", "Low prices that were looked at", "share", "share",
        "Tenders of the twelve months whose low price was looked at divided by those that were flagged or looked at. High: those "
        "of which it is not stated were looked at.",
    ),
    question="Are abnormally low prices challenged?",
    needs=("tenders",),
    main=("low_price_flagged",),
    columns=(
        Column("title", "Tender"),
        Column("winning_gbp", "Winning price (£)", "gbp"),
        Column("second_gbp", "Second lowest (£)", "gbp"),
        Column("gap_share", "Gap", "share"),
        Column("limit_share", "Flagged from", "share"),
        Column("flag", "Flagged"),
        Column("looked", "Looked at"),
        Column("outcome", "Outcome"),
    ),
)  # fmt: skip
def low_prices(data: PackData) -> Result:
    """Tenders of the twelve months with both prices, the widest gap first.

    One row per tender: `title`, `winning_gbp`, `second_gbp`, `gap_share`, `limit_share` (from which it is flagged), `flag`,
    `looked` and `outcome` in words. Undefined where fewer than ten tenders of the list have both prices. Source: Open Contracting
    Cardinal, R058.
    """
    prices = prices_of(data)
    if prices.limit is None:
        raise Undefined(
            f"only {plural(f'{prices.compared}', 'tender')} of the list {'has' if prices.compared == 1 else 'have'} the winning and "
            f"the second lowest price, and a limit needs {LEAST}"
        )
    tenders = data.add_table("decided_tenders", as_table(Tender, prices.tenders), ("tenders",))
    both, seen = tenders.where("is_flagged IS NOT NULL"), tenders.where("is_flagged OR is_looked_at")
    answers = ask(
        data,
        count("low_price_flagged", both, always("is_flagged"), per=TENDER),
        share("low_price_challenged_share", seen, IS_LOOKED_AT, by=None, per=TENDER).if_empty(
            "no low price was flagged or looked at"
        ),
    )
    ranked = sorted((t for t in prices.tenders if t.gap is not None), key=lambda t: (-(t.gap or 0), t.title))
    rows = [
        [
            t.title,
            float(t.winning_gbp or 0),
            float(t.second_gbp or 0),
            float(t.gap or 0),
            float(prices.limit),
            "Yes" if t.is_flagged else "No",
            "Not stated" if t.is_looked_at is None else "Yes" if t.is_looked_at else "No",
            t.outcome or "",
        ]
        for t in ranked
    ]
    return Result.of(answers, rows, facts={"compared": f"{prices.compared:,}"})


@low_prices.shown
def exhibit(m: Measured) -> Shown:
    flagged, looked = m["low_price_flagged"], m["low_price_challenged_share"]
    verb = "was" if flagged.value == 1 else "were"
    limit = number(float(m.table["limit_share"].max()), "share")
    asked = f"Of low prices that were flagged or looked at, {looked} were looked at{range_text(looked)}."
    return Shown(
        title=f"{counted(flagged, 'tender', 'tenders')} of {number(flagged.of or 0, 'count')} {verb} won far below the next price",
        subtitle=f"Winning price against the second lowest, of tenders decided in twelve months. {m.where}",
        says=(
            f"A price is flagged where the next one is at least {limit} higher, which is far from what is usual in "
            f"{plural(m.facts['compared'], 'tender')} of the list with both prices.",
            or_why(looked, asked, "What part of low prices was looked at"),
            "Most low prices have a good reason. One is no sign of slavery by itself: it is a reason to ask.",
        ),
        caption="Tenders by the gap between the winning and the second lowest price",
        most_rows=10,
        paper=Paper.SENTENCES,
    )
