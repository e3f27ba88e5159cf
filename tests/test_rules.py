"""Thresholds, bands and routes on their days; the bridge from what is bought to industries; the grade of a market."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from cwb.council.sections import Gap
from cwb.packs.gap_analysis.opportunities import size_of
from cwb.packs.market.grading import Grade, grade_of
from cwb.packs.market.industry import Industries
from cwb.packs.market.rules import (
    ABOVE,
    BELOW,
    DEPENDS,
    SMALL,
    UNKNOWN_VALUE,
    WithVat,
    band,
    routes,
    threshold,
    with_vat,
)
from cwb.packs.market.supply import Capable
from cwb.reference import table
from cwb.sources.crosswalk import Crosswalk

NOTHING = pd.DataFrame()


@pytest.mark.parametrize(
    ("kind", "body", "day", "expected"),
    [
        ("goods and services", "council", date(2025, 12, 31), 214_904),
        ("goods and services", "council", date(2026, 1, 1), 207_720),
        ("goods and services", "nhs", date(2026, 1, 1), 135_018),
        ("works", "university", date(2026, 6, 1), 5_193_000),
        ("notifiable", "council", date(2026, 6, 1), 30_000),
        ("notifiable", "nhs", date(2026, 6, 1), 12_000),
        ("goods and services", "council", date(2019, 1, 1), None),
    ],
)
def test_the_threshold_of_a_day(kind: str, body: str, day: date, expected: float | None) -> None:
    assert threshold(kind, body, day) == expected


@pytest.mark.parametrize(
    ("value", "basis", "kind", "light", "expected"),
    [
        (20_000, "including VAT", "services", None, SMALL),
        (100_000, "excluding VAT", "services", None, BELOW),
        (180_000, "excluding VAT", "services", False, DEPENDS),  # 216,000 at the standard rate, 180,000 if exempt
        (210_000, "excluding VAT", "services", False, ABOVE),
        (27_000, "excluding VAT", "services", False, BELOW),  # £32,400 at the standard rate: may be notifiable
        (180_000, "not stated", "services", False, DEPENDS),  # 180,000 or 216,000
        (300_000, "including VAT", "services", None, DEPENDS),  # above, unless it is light touch: £663,540
        (300_000, "including VAT", "services", False, ABOVE),
        (700_000, "including VAT", "services", None, ABOVE),
        (180_000, "including VAT", "services", None, BELOW),
        (207_720, "including VAT", "goods", False, ABOVE),
        (600_000, "including VAT", "services", True, BELOW),
        (4_000_000, "including VAT", "works", None, BELOW),
        (None, "including VAT", "services", None, UNKNOWN_VALUE),
    ],
)
def test_the_band_of_a_value(
    value: float | None, basis: str, kind: str, light: bool | None, expected: str
) -> None:
    day = date(2026, 6, 1)
    amount = with_vat(None if value is None else Decimal(str(value)), None, basis, day)
    assert band(amount, kind, light, "council", day).name == expected


def test_a_threshold_is_compared_with_the_amount_with_vat_where_it_is_stated() -> None:
    day = date(2026, 6, 1)
    net, gross = Decimal(180_000), Decimal(207_720)
    assert with_vat(net, gross, "excluding VAT", day) == WithVat(gross, gross)
    assert band(with_vat(net, gross, "excluding VAT", day), "services", False, "council", day).name == ABOVE
    assert with_vat(net, None, "excluding VAT", day) == WithVat(net, Decimal(216_000))
    assert with_vat(net, None, "including VAT", day) == WithVat(net, net)
    assert with_vat(None, None, "not stated", day) is None
    assert WithVat(net, gross) + WithVat(net, net) == WithVat(2 * net, gross + net)


@pytest.mark.parametrize(
    ("where", "light", "body", "day", "expected", "not_expected"),
    [
        (BELOW, None, "council", date(2026, 6, 1), "reserve-vcse", "section-32"),
        (BELOW, None, "council", date(2026, 1, 1), "quotes", "reserve-vcse"),  # the Order is of 4 February 2026
        (BELOW, None, "nhs", date(2026, 6, 1), "quotes", "reserve-area"),  # the Order binds councils alone
        (BELOW, None, "police", date(2026, 2, 4), "reserve-area", "reserve-vcse"),  # a best value authority
        (BELOW, None, "council", date(2026, 2, 3), "quotes", "reserve-area"),
        (ABOVE, None, "council", date(2026, 6, 1), "section-33", "quotes"),
        (ABOVE, False, "council", date(2026, 6, 1), "lots", "section-33"),  # known not to be light touch
        (ABOVE, True, "council", date(2026, 6, 1), "lots", "section-32"),  # no file tells who is a provider
        (ABOVE, True, "council", date(2025, 2, 23), "older-rules", "section-33"),
        (BELOW, None, "council", date(2025, 2, 24), "quotes", "older-rules"),
    ],
)
def test_routes_of_a_band_a_body_and_a_day(
    where: str, light: bool | None, body: str, day: date, expected: str, not_expected: str
) -> None:
    found = {route.route for route in routes(where, light, body, day)}
    assert expected in found
    assert not_expected not in found


def test_a_route_for_light_touch_services_says_if() -> None:
    unsure = {r.route: r.condition for r in routes(ABOVE, None, "council", date(2026, 6, 1))}
    sure = {r.route: r.condition for r in routes(ABOVE, True, "council", date(2026, 6, 1))}
    assert (unsure["light-touch"], sure["light-touch"]) == ("light touch", "")
    # The list of reservable services is not at hand, whatever is said of light touch.
    assert {unsure["section-33"], sure["section-33"]} == {"on the list of reservable services"}


@pytest.mark.parametrize("name", ["thresholds", "routes", "vat_rates", "company_sizes"])
def test_dated_tables_have_dates_and_sources(name: str) -> None:
    for row in table(name).to_dict("records"):
        first = date.fromisoformat(row["valid_from"])
        assert not row["valid_to"] or date.fromisoformat(row["valid_to"]) >= first
        assert row["source"]


def test_the_longest_prefix_wins_and_the_council_s_own_table_over_all() -> None:
    bridge = Crosswalk(NOTHING)
    assert bridge.find("45261000").codes == ("439",)
    assert bridge.find("45000000").codes == ("41", "42", "43")
    assert bridge.find("79600000").via == "CPV 796"
    assert bridge.find(None, "130000").codes == ("812",)
    assert bridge.find(None, "131415").via == "ProClass 130000"
    assert bridge.find("00000000").codes == ()
    own = pd.DataFrame(
        [
            {"cpv_prefix": "45261", "category": None, "sic_codes": "43910", "confidence": "high"},
            {"cpv_prefix": None, "category": "Street Art", "sic_codes": "90030", "confidence": "low"},
        ]
    )
    corrected = Crosswalk(own)
    assert corrected.find("45261000").codes == ("43910",)
    assert corrected.find("45262000").codes == ("439",)
    assert corrected.find("45261000", None, "street art ").codes == ("90030",)
    assert "own corrections" in corrected.version


def test_every_code_of_the_bridge_is_an_industry() -> None:
    known = set(table("sic")["sic_code"])
    for name in ("cpv_to_sic", "proclass_to_sic"):
        for row in table(name).itertuples():
            for code in f"{row.sic_codes} {row.seller_codes}".split():
                assert any(sic.startswith(code) for sic in known), (name, code)
            assert row.confidence in ("high", "medium", "low")


def test_industries_by_beginnings() -> None:
    industries = Industries(["43910 41202", "62012", None, "62"])
    assert industries.find(["439"]) == {0}
    # A body that only says "62" may do all of 62.
    assert industries.find(["62012"]) == {1, 3}
    assert industries.find([]) == set()


@pytest.mark.parametrize(
    ("count", "able", "proven", "mapped", "expected"),
    [(0, 0, 0, True, Grade.NONE), (0, 0, 0, False, Grade.NOT_MAPPED), (2, 2, 2, True, Grade.THIN), (12, 5, 0, True, Grade.WORKABLE),
     (40, 40, 1, True, Grade.WORKABLE), (90, 8, 2, True, Grade.STRONG), (90, 7, 2, True, Grade.WORKABLE), (90, 2, 2, True, Grade.THIN),
     (1, 1, 1, False, Grade.THIN), (90, None, 0, True, Grade.NOT_KNOWN), (2, None, 0, True, Grade.THIN)],
)  # fmt: skip
def test_the_grade_of_a_market(count: int, able: int | None, proven: int, mapped: bool, expected: Grade) -> None:
    found = Capable(frozenset(), frozenset(), count, 0, 0, able, proven)
    assert grade_of(found, mapped, Gap(workable=3, strong=8, proven=2)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, "Not stated"), (12.0, "Under £30,000"), (30_000, "£30,000 to £100,000"), (9e6, "£5,000,000 or more")],
)
def test_a_size_is_a_range(value: float | None, expected: str) -> None:
    assert size_of(value) == expected
