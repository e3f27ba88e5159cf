"""One raw text, one value: tables of cases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cwb.base import values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("04/01/2017", date(2017, 1, 4)),
        ("4/1/2017", date(2017, 1, 4)),
        ("02/06/17", date(2017, 6, 2)),
        ("05-Apr-17", date(2017, 4, 5)),
        ("3 Apr 2023", date(2023, 4, 3)),
        ("15 June 2023", date(2023, 6, 15)),
        ("1st Sept 2023", date(2023, 9, 1)),
        ("2022-03-31", date(2022, 3, 31)),
        ("2022-05-26T16:51:14", date(2022, 5, 26)),
        ("2026-07-13T08:38:58+01:00", date(2026, 7, 13)),
        ("31.12.2022", date(2022, 12, 31)),
        ("43658", date(2019, 7, 12)),  # an Excel serial: 43658 days after 30 December 1899
        ("45044.0", date(2023, 4, 28)),
        ("  07/09/23 ", date(2023, 9, 7)),
        ("13/04/2021", date(2021, 4, 13)),
        ("04/13/2021", None),  # month first is never guessed
        ("TBC", None),
        ("22/04/222", None),
        ("", None),
        (None, None),
        ("12345", None),  # too early for a ledger's serial
        ("202304", date(2023, 4, 1)),
        ("2023041", None),
        ("202313", None),
        ("30/02/2023", None),
        ("April 3, 2023", date(2023, 4, 3)),
        ("Mon 03 Apr 2023", date(2023, 4, 3)),
        # A month alone is its first day, whatever day its year might be.
        ("2025-04", date(2025, 4, 1)),
        ("04/2025", date(2025, 4, 1)),
        ("Apr-25", date(2025, 4, 1)),
        ("Sept 2025", date(2025, 9, 1)),
        ("June '24", date(2024, 6, 1)),
        ("042025", date(2025, 4, 1)),
        ("122011", date(2011, 12, 1)),
        ("2025 April", date(2025, 4, 1)),
        ("2025-Sept", date(2025, 9, 1)),
        # Month 1 of a financial year is April; of a year it may be January too.
        ("2025-26 M01", date(2025, 4, 1)),
        ("P12 2025/26", date(2026, 3, 1)),
        ("Month 10 of 2025/2026", date(2026, 1, 1)),
        ("Jan 2025/26", date(2026, 1, 1)),
        ("2025 M01", None),
        ("2025-26 M13", None),
        ("2025-27 M01", None),
        ("Q1 2025/26", None),
        ("201112", None),
        ("13/2025", None),
        ("2025/26", None),
        ("2011-12", None),  # a financial year as well as a December
        ("Route 25", None),
        ("01/01/1900", None),
    ],
)
def test_dates_are_read_day_first(text: str | None, expected: date | None) -> None:
    assert values.parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("23,803.20", "23803.20"),
        ("£1,000", "1000.00"),
        ("£-3.50", "-3.50"),
        ("-£3.50", "-3.50"),
        ("(45.10)", "-45.10"),
        ("(£1,234.50)", "-1234.50"),
        ("45.10-", "-45.10"),
        ("45.10 CR", "-45.10"),
        ("1 234.50", "1234.50"),
        ("107694 2", "107694.20"),  # a space for the point
        ("4442.2699999999995", "4442.27"),
        ("0.005", "0.01"),
        ("œ12.00", "12.00"),  # £ of a DOS code page read as Windows
        ("Nil", "0.00"),
        ("-", "0.00"),
        ("1.5e3", "1500.00"),
        ("1.5E+03", "1500.00"),
        ("1e5", None),
        ("−7.00", "-7.00"),
        ("£1.2m", "1200000.00"),
        ("2.5 million", "2500000.00"),
        ("(£40k)", "-40000.00"),
        ("1,250K", "1250000.00"),
        ("£0.1bn", "100000000.00"),
        ("50,000 - 100,000", None),  # a range is told, not read
        ("£250k - £300k", None),
        ("50 to 60", None),
        ("5,000 per annum", None),
        ("£1.2m p.a.", None),
        ("$100", None),  # not pounds
        ("€1,000", None),
        ("12,34", None),  # neither thousands nor pence: not guessed
        ("abc", None),
        ("", None),
        ("12.3.4", None),
        (None, None),
        ("50,000 -", None),
        ("1000 2000", None),
        ("100 000 200 000", None),
        ("1 234 567.89", "1234567.89"),
    ],
)
def test_money(text: str | None, expected: str | None) -> None:
    assert values.parse_money(text) == (None if expected is None else Decimal(expected))


def test_a_term_ends_on_the_last_day_of_its_month() -> None:
    assert [values.last_day(text) for text in ("Mar-28", "2024-02", "12/2025", "03/04/2025", "rolling")] == [
        date(2028, 3, 31), date(2024, 2, 29), date(2025, 12, 31), date(2025, 4, 3), None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "107694 2",
        "1000 2000",
        "1 234.50",
        "12 345 678",
        "£ 1,234.50",
        " 5.00 ",
        "(5.00 )",
        "5.00 CR",
        "£ - ",
        "- 5",
        "50 - 100",
    ],
)
def test_a_no_break_space_in_an_amount_is_a_space(text: str) -> None:
    assert values.parse_money(text.replace(" ", "\u00a0")) == values.parse_money(text)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_money_written_plainly_comes_back(amount: Decimal) -> None:
    assert values.parse_money(f"{amount:.2f}") == amount
    assert values.parse_money(f"{amount:,.2f}") == amount
    assert values.parse_money(f"({-amount:,.2f})" if amount < 0 else f"£{amount:,.2f}") == amount


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2068, 12, 31)))
def test_dates_written_in_any_form_come_back(day: date) -> None:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%b-%y", "%d %B %Y", "%d.%m.%Y"):
        assert values.parse_date(day.strftime(form)) == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2535986", "02535986"),
        ("02535986", "02535986"),
        ("sc820837", "SC820837"),
        ("OC31", "OC000031"),
        ("IP29627R", "IP29627R"),
        ("RS007654", "RS007654"),
        ("Company Number - 07382763", "07382763"),
        ("Company No. SC 123456", "SC123456"),
        ("registered OC-301234 in England", "OC301234"),
        ("9871073.0", "09871073"),
        ("445790.00", "00445790"),
        ("445790.0", "00445790"),
        ("SC445790.0", "SC445790"),
        ("12,345,678", "12345678"),
        ("07 382 763", "07382763"),
        ("'07382763.", "07382763"),
        ("IP 12345 R", "IP12345R"),
        ("SG298533", "SG298533"),
        ("R0000123", "R0000123"),
        ("NO000123", "NO000123"),
        # A date, words before a number, another body's number: none is a company's.
        ("07/03/2021", None),
        ("07-03-2021", None),
        ("07.03.2021", None),
        ("07 03 2021", None),
        ("1,2,3", None),
        ("4457.90", None),
        ("No: 445790", None),
        ("No 445790", None),
        ("N/A 445790", None),
        ("AB123456", None),
        ("GB 123456", None),
        ("SC1234567", None),
        ("Various", None),
        ("GBML4119704", None),
        ("CHA1049226", None),
        ("-", None),
        ("0", None),
        ("AIG 10737370\nQBE 02641728", None),  # two numbers name no one company
    ],
)
def test_company_numbers(text: str, expected: str | None) -> None:
    assert values.company_number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("albion, 112 Strand, London, WC2R 0AG", "WC2R 0AG"),
        ("Bytes House\nRandall Way\nLeatherhead, Surrey\n\nKT22 7TW", "KT22 7TW"),
        ("2 New Street Square EC4A 3HQ", "EC4A 3HQ"),
        ("c/o SG1 1AA, moved to SG2 9XY", "SG2 9XY"),
        ("no postcode here", None),
        ("w1w6qn", "W1W 6QN"),
    ],
)
def test_the_last_postcode_of_an_address_counts(text: str, expected: str | None) -> None:
    assert values.find_postcode(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("W1W 6Qn", "W1W 6QN"), ("T12 VP94", None), ("Various", None), ("m306ge", "M30 6GE")]
)
def test_a_postcode_field(text: str, expected: str | None) -> None:
    assert values.parse_postcode(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Yes", True), ("n", False), ("1.0", True), ("Various", None), ("", None), (None, None), ("N/A", None)],
)
def test_a_flag_that_is_not_stated_is_not_no(text: str | None, expected: bool | None) -> None:
    assert values.parse_flag(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45233142 - Road-repair works", "45233142"),
        ("45233142-6", "45233142"),
        ("3000000", "03000000"),
        ("72000000", "72000000"),
        ("roads", None),
    ],
)
def test_cpv_codes(text: str, expected: str | None) -> None:
    assert values.cpv_code(text) == expected
