"""Pack 06, how ethically the council buys: statement, pledges, low prices and the public registry."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

from oracle.answers import FEWER, NOTHING, UNDEFINED, Answer, between, counted, exactly, mean, part, part_of
from oracle.council import Council, Period, named, things
from oracle.forms import Row, day, in_period, is_in_year_to, log, months_before, number, sure_day, tenders, yes
from oracle.places import Supplier, number_of
from oracle.reading import plain, pounds_of

STAFF = 6


def figures(council: Council, period: Period) -> dict[str, Answer]:
    return {**_ethics(council, period), **_registry(council, period)}


def _ethics(council: Council, period: Period) -> dict[str, Answer]:
    raw, end = council.raw, period.end
    statements = [sure_day(row, "Date") for row in log(raw, "statement") if sure_day(row, "Date") <= end]
    trained = [
        number(row["Of whom in procurement"]) or NOTHING
        for row in log(raw, "training")
        if "ethical" in row["Title"].lower() and months_before(end, 24) < sure_day(row, "Date") <= end
    ]
    awarded = [row for row in tenders(raw) if is_in_year_to(day(row, "Awarded on"), end)]
    referrals = [row for row in log(raw, "referral") if in_period(period)(day(row, "Date"))]
    age = (end - statements[-1]).days if statements else None
    due = (months_before(statements[-1], -12) - end).days if statements else None
    best = Fraction(max(trained)) / STAFF if trained else None
    return {
        "statement_age_days": exactly(age),
        "statement_due": exactly(due),
        "procurement_trained_share": UNDEFINED
        if best is None
        else between(best, best, min(sum(trained, NOTHING) / STAFF, Fraction(1))),
        "termination_clause_share": part(yes(row["Slavery clause used"]) for row in awarded),
        # Each of one contractor or more; too few to be told.
        "referral_count": FEWER if len(referrals) < 5 else exactly(len(referrals)),
        **_low_prices(raw, end, awarded),
    }


def _low_prices(raw: Path, end: date, awarded: list[Row]) -> dict[str, Answer]:
    """The gap of the second lowest price to the winning one against the upper fence of all gaps told of so far."""

    def gap(row: Row) -> Fraction | None:
        won, second = pounds_of(row["Winning price"]), pounds_of(row["Second lowest valid price"])
        return (second - won) / won if won and second else None

    def decided(row: Row) -> bool:
        last = day(row, "Awarded on") or day(row, "Deadline")
        return last is not None and last <= end

    gaps = sorted(found for row in tenders(raw) if decided(row) and (found := gap(row)) is not None)
    if len(gaps) < 10:
        return dict.fromkeys(("low_price_flagged", "low_price_challenged_share"), UNDEFINED)

    def quartile(quarters: int) -> Fraction:
        place = Fraction(quarters * (len(gaps) - 1), 4)
        whole = int(place)
        after = gaps[min(whole + 1, len(gaps) - 1)]
        return gaps[whole] + (place - whole) * (after - gaps[whole])

    fence = quartile(3) + Fraction(3, 2) * (quartile(3) - quartile(1))
    flagged = {row["Reference"] for row in awarded if (found := gap(row)) is not None and found >= fence}
    looked = {row["Reference"]: yes(row["Low price looked at"]) for row in awarded}
    return {
        "low_price_flagged": counted(row["Reference"] in flagged for row in awarded if gap(row) is not None),
        "low_price_challenged_share": part(
            looked[name] for name in looked if name in flagged or looked[name] is True
        ),
    }


# --- the public registry of statements ----------------------------------------------------------------------------

TOPICS = ("OrgStructure", "Policies", "RisksAssessment", "DueDiligence", "Training", "Goals")


def _statements(raw: Path, year: int) -> list[Row]:
    """The statements of a registry year; quotes within quotes are not doubled, and lines break within quotes."""
    return [row for path in sorted((raw / "modern_slavery").glob(f"*{year}.csv")) for row in _lenient(path)]


def _lenient(path: Path) -> list[Row]:
    """Fields of a file whose writer does not double the quotes inside a quoted field; a comma of prose has a blank after it."""
    text = path.read_bytes().decode("utf-8-sig")
    found, row, cell, is_quoted = list[list[str]](), list[str](), "", False
    for at, sign in enumerate(text):
        after = text[at + 1 : at + 3]
        if sign == '"' and not is_quoted and not cell:
            is_quoted = True
        elif sign == '"' and is_quoted and after[:1] in ("", ",", "\r", "\n") and after != ", ":
            is_quoted = False
        elif sign in ",\n" and not is_quoted:
            row.append(cell.strip())
            cell = ""
            if sign == "\n":
                found.append(row)
                row = []
        else:
            cell += sign
    names, *cells = found
    return [dict(zip(names, one, strict=True)) for one in cells]


def _registry(council: Council, period: Period) -> dict[str, Answer]:
    """Suppliers that stand for an organisation. By name alone, or as the parent of a group, a supplier may be found."""
    told = _statements(council.raw, period.end.year)
    by_number = {number_of(row["CompanyNumber"]): row for row in told if row["CompanyNumber"]}
    # A row with a number is of that company alone, whoever bears its name.
    names = {plain(row["OrganisationName"]) for row in told if not row["CompanyNumber"]}
    names |= {plain(row["ParentName"]) for row in told if row["ParentName"]}

    def is_found(one: Supplier) -> bool | None:
        assert one.organisation is not None
        if one.organisation.number in by_number:
            return True
        return None if plain(one.name) in names or plain(one.organisation.name) in names else False

    lines = [one for one in council.in_period(period) if one.supplier and one.supplier.organisation]
    # Two suppliers may be one organisation, which counts once.
    matched = {one.organisation.id: one for one in named(lines).values() if one.organisation}
    sure = {one.organisation.number for one in matched.values() if one.organisation and is_found(one)}
    covered = [
        sum(row[f"StatementIncludes{topic}"] == "Yes" for topic in TOPICS)
        for number, row in by_number.items()
        if number in sure
    ]
    return {
        "registry_found_count": counted(is_found(one) for one in matched.values()),
        "registry_spend_share": part_of(things(lines, is_found)),
        "registry_topics_mean": mean(covered),
    }
