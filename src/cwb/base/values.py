"""One raw text → one value: dates, money, identifiers, postcodes, redactions.

Everything here is pure and takes the text as published. A text that cannot be read gives None;
the caller decides what that means. Rules follow the quirks seen in real files (formats.md 1.6, 2.7, 3.5).
"""

from __future__ import annotations

import html
import math
import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from cwb.base.characters import printable
from cwb.base.months import parse_month

# £0, £0.01 and £1 are typed where a form demands a value and none is known (frameworks): no contract is worth that.
PLACEHOLDER = 1
_EXCEL_EPOCH = date(1899, 12, 30)
_LEDGER_FROM, _REGISTERS_FROM = 1990, 1600
# Excel serials between 1 January 1990 and 31 December 2059: other integers are not dates.
_SERIAL_RANGE = range(32874, 58441)
_DATE_FORMATS = (
    "%d/%m/%Y",
    "%Y-%m-%d",
    "%d/%m/%y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d-%m-%y",
    "%d.%m.%y",
    "%d-%b-%y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d %b %y",
    "%d-%B-%Y",
    "%d-%B-%y",
    "%d/%b/%Y",
    "%B %d %Y",
    "%b %d %Y",
    "%b-%d-%Y",
    "%a %d %b %Y",
    "%A %d %B %Y",
    "%Y/%m/%d",
    "%Y%m%d",
)
_MONTH_FIRST_FORMATS = tuple(
    f"%m{form[2]}%d{form[5:]}" if re.fullmatch(r"%d.%m.%[yY]", form) else form for form in _DATE_FORMATS
)
_TIME_TAIL = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}| ?[AaPp][Mm])?$")
_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b", re.IGNORECASE)
# Pounds, and what encodings have made of their sign. Euros and dollars are no pounds: their amounts are not read.
_CURRENCY = re.compile(r"[£\ufffd\u0153\u00c2]|GBP", re.IGNORECASE)
_SCALED = re.compile(r"(.*\d)\s*(k|thousand|m|mn|mil|million|bn|billion)", re.IGNORECASE | re.ASCII)
# A pound to 999 with three digits after the point: £1.23 and a third of a penny, or 1,234 as the Continent writes it.
_CONTINENTAL = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)
# What a spreadsheet program writes into a cell that it cannot compute, as Python and DuckDB read it.
ERROR_CELL = r"^\s*#(n/a|ref!|value!|name\?|div/0!|num!|null!|spill!|calc!|field!|unknown!|blocked!|connect!|busy!|getting_data)\s*$"
_ERROR_CELL = re.compile(ERROR_CELL, re.IGNORECASE)
# What a program writes of a number that is very large or next to nothing: "1E+05", "5.7e-14". No person does.
_SCIENTIFIC = re.compile(r"(\d[eE][+-]|\d\.\d+[eE][+-]?)[012]?\d", re.ASCII)
_PLAIN = re.compile(r"\d+(\.\d*)?|\.\d+", re.ASCII)
# SQL: the amounts whose cast is what `parse_money` reads; all others are given to it.
PLAIN_MONEY = r" *-?[0-9]{1,15}(\.([0-9]{0,2}|[0-9]{4,12}))? *"
_NUMBER = re.compile(r"\s*[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][+-]\d{1,2})?\s*", re.ASCII)
_SCALES = {"k": 3, "t": 3, "m": 6, "b": 9}
_BFPO = re.compile(r"\bBFPO\s*(\d{1,4})\b", re.ASCII)
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b", re.ASCII)


@lru_cache(maxsize=100_000)
def parse_date(text: str | None, month_first: bool = False, first_year: int = _LEDGER_FROM) -> date | None:
    """Read a day-first date in any of the forms seen, an ISO date with or without time, or an Excel serial.

    "03/04/2023" is 3 April; 4 March where `month_first` says that the file it is from is so written. A month alone is its
    first day (`parse_month`). Years before 1990 or after 2100 are not dates of a ledger and give None; `first_year` is another
    first one.
    """
    if text is None:
        return None
    cleaned = _ORDINAL.sub("", " ".join(str(text).replace("\u00a0", " ").split()))
    cleaned = _TIME_TAIL.sub("", cleaned).replace(",", "").strip()
    # Digits of other scripts are digits to Python, and no date of a ledger.
    if not cleaned or not cleaned.isascii():
        return None
    if re.fullmatch(r"\d{5}(\.\d+)?", cleaned):
        serial = int(float(cleaned))
        return _EXCEL_EPOCH + timedelta(days=serial) if serial in _SERIAL_RANGE else None
    # Before the formats: of "202511" and "2025111" one would make a day.
    if (month := parse_month(cleaned)) or re.fullmatch(r"\d{6,7}", cleaned):
        return month
    cleaned = re.sub(r"\bSept\b", "Sep", cleaned, flags=re.IGNORECASE)
    for form in _MONTH_FIRST_FORMATS if month_first else _DATE_FORMATS:
        try:
            parsed = datetime.strptime(cleaned, form).date()
        except ValueError:
            continue
        return parsed if first_year <= parsed.year <= 2100 else None
    return None


def register_day(text: str | None) -> date | None:
    """As `parse_date` for an entry of a register, which may be centuries old: its year is read only in full, since "01-Mar-65" is
    1965 or 2065."""
    return parse_date(text, first_year=_REGISTERS_FROM) if re.search(r"\d{4}", text or "") else None


def last_day(text: str | None, month_first: bool = False) -> date | None:
    """As `parse_date` for the end of a term: a month alone ends on its last day."""
    month = parse_month(text)
    if month is None:
        return parse_date(text, month_first)
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def parse_money(text: str | None) -> Decimal | None:
    """Read pounds and pence, rounded to the penny (halves away from zero).

    Takes "23,803.20", "£1,000", "(45.10)", "45.10-", "45.10 CR", "45.10 DR", "1 234.50", "-£3" and what programs write of
    large and tiny numbers ("1E+05", "5.7e-14"); "Nil" and a lone dash are zero, as accountants write it. "107694 2" (a space for
    the point) is read as 107694.2, "£1.2m" and "1.2 million" as 1,200,000. A range ("50,000 - 100,000"), a rate ("5,000 per
    annum") and another currency are no amount of pounds; nor is what may be two: "1.234" (a thousand on the Continent), two
    signs ("(-5)", "--5"), thousands that are not parted by threes, digits of another script, "1_000", "1e5".
    """
    if text is None:
        return None
    # A no-break space parts what a space parts.
    cleaned = _CURRENCY.sub("", str(text).replace("\u00a0", " ")).strip().strip("'\"")
    if not cleaned:
        return None
    if cleaned.lower() in {"nil", "-", "–"}:
        return Decimal("0.00")
    signs = 0
    if cleaned.startswith("(") and cleaned.endswith(")"):
        signs, cleaned = 1, cleaned[1:-1].strip()
    if re.search(r"\s[-–]$", cleaned):
        return None  # "50,000 -" may be a range without its end
    if cleaned.endswith("-") or cleaned.upper().endswith("CR"):
        signs, cleaned = signs + 1, re.sub(r"(-|CR)$", "", cleaned, flags=re.IGNORECASE).strip()
    elif cleaned.upper().endswith("DR"):
        cleaned = cleaned[:-2].strip()
    if cleaned.startswith(("-", "–", "\u2212")):
        signs, cleaned = signs + 1, cleaned[1:].strip()
    elif cleaned.startswith("+") and not signs:
        cleaned = cleaned[1:].strip()
    if signs > 1:
        return None
    scale = 0
    if scaled := _SCALED.fullmatch(cleaned):
        cleaned, scale = scaled[1], _SCALES[scaled[2][0].lower()]
    if re.fullmatch(r"\d+ \d{1,2}", cleaned, re.ASCII):
        cleaned = cleaned.replace(" ", ".")
    # A blank parts thousands, or two amounts: "1 234 567" is one, "1000 2000" and "100 000 200 000" are two.
    if " " in cleaned and not re.fullmatch(r"\d{1,3}(,\d{3})*( \d{3}){1,2}(\.\d*)?", cleaned, re.ASCII):
        return None
    cleaned = cleaned.replace(" ", "")
    if "," in cleaned and not re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d*)?", cleaned, re.ASCII):
        return None
    if not scale and _CONTINENTAL.fullmatch(cleaned):
        return None
    cleaned = cleaned.replace(",", "")
    if not (_PLAIN.fullmatch(cleaned) or _SCIENTIFIC.fullmatch(cleaned)):
        return None
    if len(cleaned.partition(".")[0]) > 15:
        return None
    try:
        amount = Decimal(cleaned).scaleb(scale).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return None
    if amount >= Decimal(10) ** 15:
        return None
    return -amount if signs else amount


def is_placeholder(amount: float | Decimal | None) -> bool:
    """True for an amount that stands for "no value is stated"."""
    return amount is not None and 0 <= amount <= PLACEHOLDER


def parse_number(text: str | None, least: float = -math.inf, most: float = math.inf) -> float | None:
    """A finite number from `least` to `most`, with or without thousands commas; None for anything else."""
    stated = text or ""
    if not _NUMBER.fullmatch(stated) or not any(map(str.isdigit, stated)):
        return None
    try:
        found = float(stated.replace(",", ""))
    except ValueError:
        return None
    return found if math.isfinite(found) and least <= found <= most else None


def is_error_cell(text: str | None) -> bool:
    """Whether a cell holds an error of a spreadsheet program ("#N/A") and no value."""
    return text is not None and text.lstrip()[:1] == "#" and _ERROR_CELL.match(text) is not None


def clean_text(text: str | None) -> str | None:
    """Unescape HTML entities, drop control characters, fold white space; an empty text is None."""
    if text is None:
        return None
    # An entity may encode a control character, so they are dropped after it is read.
    folded = " ".join(printable(html.unescape(str(text))).replace("\u00a0", " ").split())
    return folded or None


def parse_flag(text: str | None) -> bool | None:
    """Yes, no, or not stated. "Various", "N/A" and anything else is not stated, never "no"."""
    word = (clean_text(text) or "").lower().rstrip(".")
    if word in {"yes", "y", "true", "1", "1.0", "t"}:
        return True
    if word in {"no", "n", "false", "0", "0.0", "f"}:
        return False
    return None


# Prefixes of Companies House numbers: after one of them a blank is still part of the number ("No. SC 123456").
_PREFIXES = "AC|BR|CE|CS|EN|ES|FC|FE|GE|GN|GS|IC|IP|LP|NC|NF|NI|NL|NP|NR|NV|NZ|OC|OE|PC|R0|RC|RS|SA|SC|SE|SF|SG|SI|SL|SO|SP|SR|SZ|ZC"
# By thousands commas or blanks; "07 03 2021" is a date.
_DIGITS = re.compile(r"\d{1,3}(,\d{3})*|(?!\d\d? \d\d? \d{4}$)\d+( \d+)*", re.ASCII)
# "No 445790" and "N/A 445790" are words before a number: of these prefixes nothing may stand after.
_PREFIXED = re.compile(rf"((?:{_PREFIXES})[ .:/-]*|NO|NA)(\d+(?: \d+)*) ?([A-Z]?)", re.ASCII)


def company_number(text: str | None) -> str | None:
    """Companies House number in its eight-character form, or None.

    Upper-cases, takes a number out of surrounding words ("Company Number - 07382763"), pads digits to
    eight and a two-letter prefix to 2 + 6. Society numbers ("IP12345R", "RS007654") keep their suffix. Blanks and commas
    may part the digits, as programs write them; what else is between them makes a date of them, or two numbers.
    """
    raw = re.sub(r"(?<=\d)\.0+$", "", (clean_text(text) or "").upper(), flags=re.ASCII)
    bare = re.sub(r"^[^A-Z0-9]+|[^A-Z0-9]+$", "", raw)
    if _DIGITS.fullmatch(bare):
        digits = re.sub(r"[ ,]", "", bare)
        return digits.zfill(8) if len(digits) <= 8 and int(digits) else None
    if prefixed := _PREFIXED.fullmatch(bare):
        digits, suffix = prefixed[2].replace(" ", ""), prefixed[3]
        return prefixed[1][:2] + digits.zfill(6 - len(suffix)) + suffix if len(digits) <= 6 else None
    found = re.findall(
        rf"(?<![A-Z0-9])(?:(?:{_PREFIXES})[ .-]?\d{{6}}|(?:NO|NA)\d{{6}}|\d{{7,8}})(?![A-Z0-9])", raw
    )
    return company_number(found[0]) if len(found) == 1 else None


def mutual_number(text: str | None) -> str | None:
    """The FCA's registration number of a society in one form: "IP030045R" and "30045R" are "30045R".

    "RS007654", as Companies House writes it, is "7654". Societies of Scotland keep "SP" or "SR" before their digits.
    """
    tight = re.sub(r"[^A-Z0-9]", "", (clean_text(text) or "").upper()).removeprefix("GBMPR")
    match = re.fullmatch(r"(IP|RS|SP|SR|NP|NI)?0*(\d+)([A-Z]{0,2})", tight)
    if not match:
        return None
    prefix, digits, suffix = match.groups()
    return ("" if prefix in (None, "IP", "RS") else prefix) + digits + suffix


def find_postcode(text: str | None) -> str | None:
    """The last UK postcode in a text, as "SG1 1AA", else its address of the forces, as "BFPO 57"; an address ends with its
    postcode."""
    matches = _POSTCODE.findall(cleaned := (clean_text(text) or "").upper())
    forces = _BFPO.search(cleaned)
    return f"{matches[-1][0]} {matches[-1][1]}" if matches else f"BFPO {forces[1]}" if forces else None


def parse_postcode(text: str | None) -> str | None:
    """A field that should hold nothing but a postcode (or "BFPO 57"); None when it does not."""
    tight = re.sub(r"[^A-Z0-9]", "", (clean_text(text) or "").upper())
    match = re.fullmatch(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})", tight)
    forces = None if match else _BFPO.fullmatch(tight)
    return f"{match[1]} {match[2]}" if match else f"BFPO {forces[1]}" if forces else None


def cpv_code(text: str | None) -> str | None:
    """The eight digits of a CPV code, its check digit and label dropped, a lost leading zero restored.

    Never refused on the check digit: 533 published codes do not fit the formula (formats.md 9.1).
    """
    match = re.match(r"\s*(\d{7,8})(?!\d)(-\d)?", str(text or ""), re.ASCII)
    return match[1].zfill(8) if match else None
