"""What is odd about the ledger of a period, in sentences that stand under the first heading of every pack on it.

None of it is a mistake for certain, and nothing is left out because of it: a person looks before the figures are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from cwb.council.periods import Period, long_date
from cwb.evidence.data import PackData
from cwb.packs.compare import period_before
from cwb.packs.questions import Relation, Row, number

_JUMP = 5
_THIN = 20
# With a twentieth of the pounds it is thin where lines are few too: credits can make the pounds of a whole month small.
_FEW_LINES = 4
# A month is compared with the usual one where at least so many months are held and have at least so many lines.
_MONTHS, _LINES = 6, 40
# Net amounts of VAT at 20% are divisible by 1.2 in a third of cases, gross ones in two thirds and more.
_NET, _GROSS, _FEW = 0.42, 0.6, 100
# A column of fewer values says little. It holds what it held where half of its values were there before, and something else where a twentieth was.
_KINDS, _SAME, _OTHER = 3, 0.5, 0.05
_COLUMNS = {"department": "department", "service": "service", "own_category": "category"}


def remarks(data: PackData) -> tuple[str, ...]:
    """The remarks on the period's payments; none where there is no payment."""
    if data.why_not("spend_lines"):
        return ()
    return data.cached("remarks", lambda d: (*suggested(d), *_jump(d), *_thin_months(d), *_vat(d), *_headings(d)))


def suggested(data: PackData, paid: Relation | None = None, whose: str = "") -> tuple[str, ...]:
    """How many pounds of some payments, by default the council's of the period, may only pass through, by kind, and that nobody
    has decided it."""
    lines = (paid or data.spend()).where("suggested_as IS NOT NULL")
    whose = whose or f"the council's spend in {data.period.short_label}"
    rows = data.rows(
        f"""SELECT suggested_as AS kind, sum(amount_gbp) AS pounds FROM {lines.source} WHERE {lines.condition}
        GROUP BY suggested_as ORDER BY sum(amount_gbp) DESC, suggested_as"""
    )
    if not rows:
        return ()
    kinds = [f"{row['kind']} {number(float(row['pounds']), 'gbp')}" for row in rows]
    pounds = number(float(sum((row["pounds"] for row in rows), Decimal(0))), "gbp")
    kind = rows[0]["kind"] if len(rows) == 1 else ", ".join(kinds)
    return (
        f"At least {pounds} of {whose} may be money passed on to others, which buys nothing ({kind}). It counts as spend until a "
        "person has decided: the finance team can list it on a form and say so.",
    )


def _jump(data: PackData) -> Iterator[str]:
    """Of the months that are held of both periods: of half of them, or nothing is said."""
    then = period_before(data.period)
    by_month = [_pounds(data, period) for period in (data.period, then)]
    both = by_month[0].keys() & by_month[1].keys()
    if 2 * len(both) < data.period.months:
        return
    now_pounds, then_pounds = (sum((found[month] for month in both), Decimal(0)) for found in by_month)
    if min(now_pounds, then_pounds) <= 0:
        return
    if now_pounds >= _JUMP * then_pounds or then_pounds >= _JUMP * now_pounds:
        now_text, then_text = (number(float(pounds), "gbp") for pounds in (now_pounds, then_pounds))
        part = "" if len(both) == data.period.months else f", in the {len(both)} months that are held of both"
        yield (
            f"Spend went from {then_text} in {then.short_label} to {now_text} in {data.period.short_label}{part}. A change of five "
            "times or more is seldom one of purchases: look for money passed on, or for files of another kind."
        )


def _pounds(data: PackData, period: Period) -> dict[int, Decimal]:
    """Pounds by the number of the month within the period, from 0."""
    lines, first = data.spend(period), period.start.year * 12 + period.start.month
    rows = data.rows(
        f"""SELECT payment_month, sum(amount_gbp) AS pounds FROM {lines.source} WHERE {lines.condition}
        GROUP BY payment_month ORDER BY payment_month"""
    )
    return {row["payment_month"] // 100 * 12 + row["payment_month"] % 100 - first: row["pounds"] for row in rows}


def _months(data: PackData) -> list[Row]:
    """Every month up to the end of the period: `payment_month`, lines (`n`), `pounds`, how many of the lines are `divisible` by 1.2,
    and whether the month `is_now` of the period."""
    return data.rows(
        f"""SELECT payment_month, count(*) AS n, sum(amount_gbp) AS pounds, sum(CASE WHEN is_divisible THEN 1 ELSE 0 END) AS divisible,
        max(CASE WHEN {data.spend().condition} THEN 1 ELSE 0 END) AS is_now FROM spend_lines
        WHERE payment_date <= DATE '{data.period.end}' GROUP BY payment_month ORDER BY payment_month"""
    )


def _thin_months(data: PackData) -> Iterator[str]:
    """Months of the period with a twentieth of the lines, or of the pounds, of a usual month, or fewer; and one that is cut short."""
    stopped = data.ledger_months.cut_short
    if stopped and data.period.contains(stopped):
        yield (
            f"The last payment is of {long_date(stopped)}, and in months before they went on to the end: a file may be missing or cut "
            "short. The month is taken as missing."
        )
    rows = _months(data)
    usual, usual_pounds = _usual(rows, "n"), _usual(rows, "pounds")
    if len(rows) < _MONTHS or usual < _LINES:
        return
    for row in rows:
        lines = "1 line" if row["n"] == 1 else f"{row['n']:,} lines"
        if row["is_now"] and row["n"] * _THIN <= usual:
            held, usually = lines, f"{usual:,}"
        elif row["is_now"] and row["n"] * _FEW_LINES <= usual and row["pounds"] * _THIN <= usual_pounds:
            held, usually = f"{lines} of {_gbp(row['pounds'])}", f"{usual:,} of {_gbp(usual_pounds)}"
        else:
            continue
        yield f"{_month(row['payment_month'])} holds {held}, and a usual month {usually}: a file may be missing or cut short."


def _usual(rows: Sequence[Row], column: str) -> int | Decimal:
    """What the month in the middle has."""
    return sorted(row[column] for row in rows)[len(rows) // 2] if rows else 0


def _gbp(pounds: int | Decimal) -> str:
    return number(float(pounds), "gbp")


def _month(year_and_month: int) -> str:
    return f"{date(year_and_month // 100, year_and_month % 100, 1):%B %Y}"


def _vat(data: PackData) -> Iterator[str]:
    """A change of what the amounts are, from net of VAT to gross or back: the first month of the period that shows it."""
    rows = _months(data)
    for place, row in enumerate(rows):
        before, here = rows[max(0, place - 12) : place], [row]
        # Where months hold few lines, those after it speak too.
        for later in rows[place + 1 :]:
            if sum(r["n"] for r in here) < _FEW:
                here.append(later)
        lines, lines_now = (sum(r["n"] for r in part) for part in (before, here))
        if not row["is_now"] or min(lines_now, lines) < _FEW:
            continue
        then, now = sum(r["divisible"] for r in before) / lines, sum(r["divisible"] for r in here) / lines_now
        own = row["divisible"] / row["n"]
        if (then <= _NET and min(now, own) >= _GROSS) or (then >= _GROSS and max(now, own) <= _NET):
            change = "include VAT from then on" if now > then else "leave VAT out from then on"
            yield (
                f"From {_month(row['payment_month'])} amounts look as if they {change}: {now:.0%} of them can be divided by 1.2, "
                f"and {then:.0%} in the twelve months before. Spend of the two is not comparable."
            )
            return


def _headings(data: PackData) -> Iterator[str]:
    """Columns that hold other values than before, where they used to hold the same ones from period to period."""
    now = data.period
    then = period_before(now)
    earlier = period_before(then)
    for column, words in _COLUMNS.items():
        usual, found = _overlap(data, column, column, then, earlier), _overlap(data, column, column, now, then)
        if usual is None or found is None or usual < _SAME or found > _OTHER:
            continue
        others = (
            (other, _overlap(data, column, other, now, then) or 0.0) for other in _COLUMNS if other != column
        )
        other, share = max(others, key=lambda pair: pair[1])
        elsewhere = f" It holds what was under {_COLUMNS[other]}." if share >= _SAME else ""
        yield (
            f"The column {words} holds other values than in {then.short_label}: {found:.0%} of payments have one that was used "
            f"then; the year before it was {usual:.0%}.{elsewhere} The heading may have changed its meaning."
        )


def _overlap(data: PackData, column: str, other: str, now: Period, then: Period) -> float | None:
    """Of the lines of a period that state a column, the share whose value another column held in the period before."""
    here, before = _values(data, column, now), _values(data, other, then)
    lines = sum(here.values())
    is_enough = lines >= _FEW and len(before) >= _KINDS
    return sum(n for value, n in here.items() if value in before) / lines if is_enough else None


def _values(data: PackData, column: str, period: Period) -> Counter[str]:
    """The values of a column with their lines; upper case and small letters are one."""
    lines = data.spend(period)
    found: Counter[str] = Counter()
    for row in data.rows(
        f"SELECT {column} AS value, count(*) AS n FROM {lines.source} WHERE {lines.condition} AND {column} IS NOT NULL GROUP BY 1"
    ):
        found[" ".join(row["value"].casefold().split())] += row["n"]
    return found
