"""The figures of pack 01: spend and where it goes, suppliers, change, awards and the register, and the files' account."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from oracle.agreements import Award, register
from oracle.bounds import UNDEFINED, Figure, Thing, largest, nets, over, share, total
from oracle.council import Council, Line, Period, by_supplier, change_of_count, count, named, pounds, things
from oracle.places import Supplier
from oracle.reading import plain


def district(line: Line) -> str | None:
    return line.supplier.district if line.supplier else None


@cache
def spend(council: Council, period: Period) -> dict[str, Figure]:
    lines = council.in_period(period)
    recurrent = [line for line in lines if not line.is_one_off]
    all_of_it, local = pounds(lines), things(lines, council.is_local)
    placed = [line for line in lines if district(line)]
    here = {code: [ln for ln in lines if district(ln) in (None, code)] for code in council.local}
    made = {
        "total_spend": Figure(all_of_it),
        "payment_count": Figure(Fraction(len(lines))),
        "withheld_share": over(Figure(pounds(ln for ln in lines if not ln.supplier)), all_of_it),
        "local_spend": total(local),
        "local_share": share(local),
        "home_spend": total(things(lines, council.is_home)),
        "home_share": share(things(lines, council.is_home)),
        "unknown_place_share": over(Figure(all_of_it - pounds(placed)), all_of_it),
        "top_district_share": over(
            largest({code: things(own, council.is_local) for code, own in here.items()}), all_of_it
        ),
        "local_share_known": Figure(share(things(placed, council.is_local)).value),
        **dict.fromkeys(("one_off_spend", "spend_without_one_offs", "local_share_without_one_offs"), UNDEFINED),
        **_leaks(recurrent, council),
    }
    if period.name in council.listed:
        made["one_off_spend"] = Figure(all_of_it - pounds(recurrent))
        made["spend_without_one_offs"] = Figure(pounds(recurrent))
        made["local_share_without_one_offs"] = share(things(recurrent, council.is_local))
    return made


def _leaks(recurrent: list[Line], council: Council) -> dict[str, Figure]:
    """What leaves the local area, in all and by CPV division."""

    def leaves(supplier: Supplier) -> bool | None:
        local = council.is_local(supplier)
        return None if local is None else not local

    divisions: dict[str, list[Line]] = {}
    for line in recurrent:
        divisions.setdefault((line.paid.cpv or "").zfill(8)[:2], []).append(line)
    return {
        "leaving_spend": total(things(recurrent, leaves)),
        "largest_leak_spend": largest({name: things(own, leaves) for name, own in divisions.items()}),
    }


def suppliers(council: Council, period: Period) -> dict[str, Figure]:
    lines, before = council.in_period(period), Period(period.year - 1, period.quarter)
    all_of_it, paid = pounds(lines), named(lines)
    made = {
        "supplier_count": Figure(Fraction(len(paid))),
        "local_supplier_share": share(count(paid.values(), council.is_local)),
        "sme_share": share(things(lines, lambda s: s.is_sme)),
        "vcse_share": share(things(lines, lambda s: s.is_vcse)),
        "size_known_share": over(
            Figure(pounds(ln for ln in lines if ln.supplier and ln.supplier.size)), all_of_it
        ),
        **_concentration(lines),
        **dict.fromkeys(("suppliers_new", "suppliers_kept", "suppliers_lost"), UNDEFINED),
    }
    if council.is_whole(period, before):
        now, then = set(paid), set(named(council.in_period(before)))
        for name, keys in (("new", now - then), ("kept", now & then), ("lost", then - now)):
            made[f"suppliers_{name}"] = Figure(Fraction(len(keys)))
    return made


def _concentration(lines: list[Line]) -> dict[str, Figure]:
    """Ranks of suppliers. Unnamed lines could all be the largest supplier's, or each another's."""
    all_of_it = pounds(lines)
    known = sorted(t.weight for t in nets((ln.thing, ln.paid.pounds, None) for ln in lines if ln.supplier))[::-1]
    unnamed = [line.paid.pounds for line in lines if not line.supplier]

    def half(ranked: list[Fraction]) -> Fraction | None:
        running = Fraction()
        for rank, weight in enumerate(ranked, start=1):
            running += weight
            if running >= all_of_it / 2:
                return Fraction(rank)
        return None

    top = sum(known[:10], Fraction())
    less, more = (sum(end(pounds_, 0) for pounds_ in unnamed) for end in (min, max))
    with_largest = [known[0] + sum(unnamed), *known[1:]]
    return {
        "top_ten_share": over(Figure(top, top + less, top + more), all_of_it),
        "suppliers_for_half": Figure(half(known), half(with_largest), half(sorted(known + unnamed, reverse=True))),
    }


def trend(council: Council, period: Period) -> dict[str, Figure]:
    """Against the same months of the baseline year, and quarter by quarter."""
    start = Period(int(council.settings["baseline"][:4]), period.quarter)
    now, then = council.in_period(period), council.in_period(start)
    quarters = [Period(period.year, n) for n in ([period.quarter] if period.quarter else (1, 2, 3, 4))]
    whole = [lines for one in quarters if council.is_whole(one) and (lines := council.in_period(one))]
    shares = [(lines, 1 / pounds(lines) / len(whole)) for lines in whole]
    made = {
        "home_supplier_count": total(count(named(now).values(), council.is_home)),
        "mean_of_quarter_shares": total(by_supplier(shares, council.is_local)),
        **dict.fromkeys(("home_supplier_count_baseline", "home_supplier_change"), UNDEFINED),
    }
    comparable = council.is_whole(period, start)
    if comparable:
        made["home_supplier_count_baseline"] = total(count(named(then).values(), council.is_home))
        if period.name != start.name:
            made["home_supplier_change"] = change_of_count(named(now), named(then), council.is_home)
    for name, keep in (
        ("local_share", lambda _: True),
        ("local_share_without_one_offs", lambda ln: not ln.is_one_off),
    ):
        later, earlier = ([line for line in lines if keep(line)] for lines in (now, then))
        made[f"{name}_baseline"] = made[f"{name}_change"] = UNDEFINED
        if comparable and (name == "local_share" or {period.name, start.name} <= council.listed):
            parts = [(later, 1 / pounds(later)), (earlier, -1 / pounds(earlier))]
            made[f"{name}_baseline"] = share(things(earlier, council.is_local))
            if period.name != start.name:
                made[f"{name}_change"] = total(by_supplier(parts, council.is_local))
    return made


def agreements(council: Council, period: Period) -> dict[str, Figure]:
    """An award or contract is local when one of its suppliers is, and not known when none is and one may be."""

    def any_local(suppliers: list[Supplier]) -> bool | None:
        facts = {council.is_local(one) for one in suppliers}
        return True if True in facts else None if None in facts else False

    def sellers(award: Award) -> list[Supplier]:
        return [council.directory.supplier(one.name, None, one.number, one.postcode) for one in award.suppliers]

    dated = period.cut(council.awards, lambda award: award.day)
    ours = {plain(name) for name in council.settings["council"]["buyer_names"]}
    bodies = ours | {plain(n) for a in council.settings["anchors"] for n in (a["name"], *a.get("aliases", []))}
    own, theirs = ([a for a in dated if plain(a.buyer) in names] for names in (ours, bodies))
    parts = nets(
        (one.key, award.pounds / len(award.suppliers), council.is_local(one))
        for award in own
        if award.pounds
        for one in sellers(award)
    )
    contracts: dict[tuple[str, str], list[Supplier]] = {}
    for row in period.cut(register(council.raw), lambda row: row.start):
        known = council.directory.supplier(row.supplier, None, row.number)
        contracts.setdefault(row.key, []).append(known)
    return {
        "award_count": Figure(Fraction(len(own))),
        "award_local_count": total(Thing(Fraction(1), any_local(sellers(a))) for a in own),
        "award_value": Figure(sum((t.weight for t in parts), Fraction())),
        "award_local_value": total(parts),
        "award_local_value_share": share(parts),
        "register_count": Figure(Fraction(len(contracts))) if contracts else UNDEFINED,
        "register_local_count": total(Thing(Fraction(1), any_local(c)) for c in contracts.values()),
        "anchor_award_count": Figure(Fraction(len(theirs))),
        "anchor_award_local_count": total(Thing(Fraction(1), any_local(sellers(a))) for a in theirs),
    }


def account(council: Council) -> dict[str, Figure]:
    told = council.account
    found = {
        "rows_in": told.rows, "rows_refused": told.refused, "rows_duplicated": told.twice,
        "rows_of_totals": told.totals, "pounds_of_totals": told.pounds_of_totals,
        "rows_kept": told.rows - told.refused - told.totals - told.twice, "pounds_in": told.pounds,
        "pounds_refused": told.pounds_refused, "pounds_duplicated": told.pounds_twice,
        "pounds_kept": told.pounds - told.pounds_refused - told.pounds_of_totals - told.pounds_twice,
    }  # fmt: skip
    return {name: Figure(Fraction(value)) for name, value in found.items()}
