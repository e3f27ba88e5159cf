"""Every pound of the ledger stands in exactly one place towards the register: on made councils, against a second reading of the
rules. Real ledgers and a real register are in test_shared and test_floor_property."""

from __future__ import annotations

import csv
import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest

from cwb.evidence.data import PackData, open_data
from cwb.packs.proactive_procurement import PACK
from cwb.packs.proactive_procurement.near_limits import chance_of

SETTINGS = (Path(__file__).parent / "cases" / "pack_08" / "cwb.toml").read_text(encoding="utf-8")
Contract = tuple[str, str, date, date | None]
Line = tuple[str, date, Decimal, str, str]
SHOWN = {
    "card": "Purchase cards",
    "none": "No contract found",
    "nobody": "Supplier not stated, or its match under review",
    "soon": "Contract not begun on that day",
    "ended": "Only contracts that had ended",
    "open": "Contract without a stated end",
    "live": "Under a live contract",
}


def _made(rng: random.Random) -> tuple[list[Contract], list[Line]]:
    """Contracts and payments of a few firms whose terms and days meet at the very day; credits; some references of others."""
    days = [date(2025, 4, 1) + timedelta(days=30 * n) for n in range(12)]
    contracts: list[Contract] = []
    for n in range(14):
        first = rng.choice(days)
        last = rng.choice([None, *(day for day in days if day >= first)])
        contracts.append((f"R{n}", f"Firm{rng.randrange(8)} Ltd", first, last))
    lines: list[Line] = []
    for _ in range(160):
        name = rng.choice([f"Firm{n} Ltd" for n in range(12)] + [""])
        amount = Decimal(rng.choice([-300_00, 1_00, 700_01, 1900_00, 4999_99, 5000_00, 21_000_00])) / 100
        day = rng.choice(days) + timedelta(days=rng.choice([-1, 0, 0, 1, 20]))
        if day < date(2025, 4, 1) or day > date(2026, 3, 31):
            day = date(2025, 6, 1)
        lines.append(
            (name, day, amount, rng.choice(["", "", "", f"R{rng.randrange(14)}"]), rng.choice(["", "", "Yes"]))
        )
    return contracts, lines


def _place(line: Line, contracts: list[Contract], of: dict[str, set[str]]) -> str:
    name, day, amount, reference, card = line
    if card and abs(amount) < 5000:
        return "card"
    own = [one for one in contracts if one[0] == reference or (name and one[0] in of[name])]
    if not own:
        return "none" if name else "nobody"
    if any(first <= day and last is not None and day <= last for _, _, first, last in own):
        return "live"
    if any(first <= day and last is None for _, _, first, last in own):
        return "open"
    return "soon" if any(first > day for _, _, first, _ in own) else "ended"


@pytest.mark.parametrize("seed", [1, 2])
def test_every_pound_stands_once_and_where_the_rules_say(
    seed: int, council: Callable[..., Path], tmp_path: Path
) -> None:
    contracts, lines = _made(random.Random(seed))
    files = tmp_path / "given"
    files.mkdir()
    _write(files / "contracts.csv", ["Contract Reference", "Contract Title", "Supplier Name", "Start Date", "End Date"],
           [[ref, f"Thing {ref}", name, f"{a:%d/%m/%Y}", f"{z:%d/%m/%Y}" if z else ""] for ref, name, a, z in contracts])  # fmt: skip
    _write(files / "spend.csv", ["Supplier Name", "Payment Date", "Net Amount", "Contract Reference", "Card Transaction", "Category"],
           [[name, f"{day:%d/%m/%Y}", f"{amount}", ref, card, "Goods"] for name, day, amount, ref, card in lines])  # fmt: skip
    folder = council(SETTINGS, contracts=[files / "contracts.csv"], spend=[files / "spend.csv"])
    data = open_data(PACK.id, "2025-26", str(folder / "cwb.toml"))
    of = defaultdict(set, {name: {ref for ref, who, _, _ in contracts if who == name} for name, *_ in lines})
    for name, _, _, reference, _ in lines:
        if name and reference:
            of[name].add(reference)  # who is once paid by a reference is that contract's supplier
    wanted: Counter[str] = Counter()
    for line in lines:
        wanted[SHOWN[_place(line, contracts, of)]] += int(line[2] * 100)
    rows = PACK.spend_account(data).table.set_index("step")["pounds_gbp"]
    assert {step: round(pounds * 100) for step, pounds in rows.items() if step != "All spend" and pounds} == {
        step: pennies for step, pennies in wanted.items() if pennies
    }
    assert round(rows["All spend"] * 100) == sum(int(line[2] * 100) for line in lines)
    assert _runs(data) == _runs_again([(*line, _place(line, contracts, of)) for line in lines])


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])


def _runs(data: PackData) -> list[tuple[int, bool]]:
    found = data.sql(
        "SELECT source_row, is_repeat_register FROM spend_lines WHERE is_repeat_register IS NOT NULL ORDER BY 1"
    )
    return [(int(row), bool(flag)) for row, flag in found.itertuples(index=False)]


def _runs_again(lines: list[tuple[str, date, Decimal, str, str, str]]) -> list[tuple[int, bool]]:
    """Small payments without a live contract, and whether those of the 365 days to each come to £5,000, three at least."""
    small = [
        (n + 2, name or n, day, amount)
        for n, (name, day, amount, _, _, place) in enumerate(lines)
        if 0 < amount < 5000 and place in ("open", "soon", "ended", "none")
    ]
    found = []
    for row, name, day, _ in small:
        run = [one[3] for one in small if one[1] == name and timedelta(0) <= day - one[2] < timedelta(days=365)]
        found.append((row, sum(run) >= 5000 and len(run) >= 3))
    return found


def test_the_chance_of_so_many_below_a_limit() -> None:
    """The worked examples: 12 of 20, 16 of 20, 9 of 10; Hyndburn's 225 of 529 and Salford's 12 and 8 are no finding."""
    assert [round(chance_of(*pair), 3) for pair in ((12, 20), (16, 20), (9, 10))] == [
        Decimal("0.252"), Decimal("0.006"), Decimal("0.011"),
    ]  # fmt: skip
    assert chance_of(225, 529) > Decimal("0.99")
    assert (chance_of(0, 20), chance_of(20, 20)) == (1, Decimal(1) / 2**20)


def test_the_chance_is_that_of_the_whole_sum_and_of_a_large_ledger_soon_told() -> None:
    for both in range(61):
        for below in range(both + 1):
            exact = Fraction(sum(comb(both, j) for j in range(below, both + 1)), 2**both)
            assert chance_of(below, both) == Decimal(exact.numerator) / Decimal(exact.denominator), (below, both)
    # Half or more of an even number: half of all, and half of what stands in the very middle, √(2 ÷ πn) of it.
    middle = Decimal(2 / (math.pi * 100_000)).sqrt() / 2
    assert abs(chance_of(50_000, 100_000) - Decimal(1) / 2 - middle) < Decimal("1e-8")
    assert chance_of(50_001, 100_000) + chance_of(50_000, 100_000) == 1
    assert 0 < chance_of(100_000, 100_000) < Decimal("1e-30000")
