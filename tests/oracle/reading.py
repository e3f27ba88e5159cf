"""Raw files → rows → values. Only the shapes that the illustrative council's files have."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl

_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%b-%y")
_FORMS = {"ltd", "limited", "plc", "llp", "cic", "cio", "the"}
_HEADINGS = {
    "day": ("Date", "Payment Date", "Date of Payment"),
    "supplier": (
        "Supplier (beneficiary) name", "Supplier Name", "Vendor Name", "Supplier", "Supplier (Beneficiary)",
    ),
    "vendor": ("Local supplier (beneficiary) internal reference", "Supplier ID", "Vendor ID"),
    "amount": ("Net Amount", "Net Amount(£)", "Net Value", "Net", "AP Amount (£)"),
    "transaction": ("Transaction number", "Transaction No", "Transaction No.", "DocumentNo"),
    "cpv": ("Procurement classification: CPV code", "CPV Code", "CPV"),
    "contract": ("Contract reference", "Contract Ref"),
}  # fmt: skip


class Payment(NamedTuple):
    """One ledger line. `supplier` is empty where the name is withheld; `line` tells it from all others."""

    line: str
    day: date
    pounds: Fraction
    supplier: str | None
    vendor: str | None
    transaction: str | None
    cpv: str | None
    contract: str | None


class Account(NamedTuple):
    """Rows and pounds of all files: read, refused, totals and delivered twice; what is left is kept."""

    rows: int
    refused: int
    totals: int
    twice: int
    pounds: Fraction
    pounds_refused: Fraction
    pounds_of_totals: Fraction
    pounds_twice: Fraction


def day_of(cell: Any) -> date | None:
    """A date in one of the written forms, or of a workbook."""
    if isinstance(cell, datetime):
        return cell.date()
    text = str(cell or "").strip()[:10]
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def pounds_of(cell: Any) -> Fraction | None:
    """Pounds to the penny; thousands commas are left out, and brackets are a credit's minus."""
    text = re.sub(r"^\((.*)\)$", r"-\1", str(cell or "").strip().replace(",", ""))
    try:
        return Fraction(Decimal(text).quantize(Decimal("0.01")))
    except InvalidOperation:
        return None


def flag_of(cell: str | None) -> bool | None:
    """Yes, no, or not stated."""
    return {"yes": True, "no": False, "true": True, "false": False}.get((cell or "").strip().lower())


def postcode_of(text: str | None) -> str | None:
    """The last postcode in a text, without its blank."""
    found = re.findall(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b", (text or "").upper())
    return "".join(found[-1]) if found else None


def plain(name: str | None) -> str:
    """A name for comparison: small letters, no punctuation, "&" as "and", no legal form."""
    text = (name or "").lower().replace("&", " and ").replace("'", "")
    words = re.sub(r"[^\w ]", " ", text).split()
    return " ".join(word for word in words if word not in _FORMS) or " ".join(words)


def is_withheld(name: str | None) -> bool:
    return not name or re.search("redact|redcat|withheld", name, re.IGNORECASE) is not None


def table(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV with its heading in the first row; headings without blanks around them."""
    rows = list(_csv_rows(path))
    names = [str(cell).strip() for cell in rows[0]]
    return [dict(zip(names, (str(cell).strip() for cell in row), strict=False)) for row in rows[1:] if any(row)]


def _csv_rows(path: Path) -> Iterator[list[Any]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    yield from csv.reader(io.StringIO(text, newline=""))


def _sheets(path: Path) -> Iterator[list[list[Any]]]:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        for sheet in book:
            yield [list(row) for row in sheet.iter_rows(values_only=True)]
        book.close()
    else:
        yield list(_csv_rows(path))


def _rows(path: Path) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """Data rows as fields and as plain texts: what stands below the heading, blank rows left out."""
    for sheet in _sheets(path):
        columns: dict[str, int] = {}
        for row in sheet:
            texts = tuple("" if cell is None else str(cell).strip() for cell in row)
            small = [text.lower() for text in texts]
            found = {
                field: next(small.index(name.lower()) for name in names if name.lower() in small)
                for field, names in _HEADINGS.items()
                if any(name.lower() in small for name in names)
            }
            if {"day", "supplier", "amount"} <= found.keys():
                columns = found
            elif columns and any(texts):
                yield {field: row[at] or None for field, at in columns.items()}, texts


def payments(folder: Path) -> tuple[list[Payment], Account]:
    """All payments of a folder's files, each once, and the account of their rows.

    Refused: a row without a readable date or amount; one that says that it is a total stands apart. Delivered twice: a row with a transaction
    number that stands in an earlier file with every cell the same, as often as it stands there.
    """
    kept: list[Payment] = []
    seen: Counter[tuple[str, ...]] = Counter()
    count: Counter[str] = Counter()
    pounds = dict.fromkeys(("all", "refused", "total", "twice"), Fraction())
    for path in sorted(p for p in folder.iterdir() if p.suffix in (".csv", ".xlsx")):
        here: Counter[tuple[str, ...]] = Counter()
        for number, (row, texts) in enumerate(_rows(path)):
            day, amount = day_of(row["day"]), pounds_of(row["amount"])
            fate = "kept"
            if day is None or amount is None:
                fate = "total" if any("total" in text.casefold() for text in texts) else "refused"
            elif row.get("transaction"):
                here[texts] += 1
                fate = "twice" if here[texts] <= seen[texts] else "kept"
            count.update(("all", fate))
            pounds["all"] += amount or 0
            if fate != "kept":
                pounds[fate] += amount or 0
                continue
            withheld = is_withheld(row["supplier"])
            fields = {name: str(row[name]) if row.get(name) else None for name in _HEADINGS}
            kept.append(
                Payment(
                    f"{path}:{number}", day, amount,
                    None if withheld else fields["supplier"], None if withheld else fields["vendor"],
                    fields["transaction"], fields["cpv"], fields["contract"],
                )
            )  # fmt: skip
        seen |= here
    account = Account(
        count["all"], count["refused"], count["total"], count["twice"],
        pounds["all"], pounds["refused"], pounds["total"], pounds["twice"],
    )  # fmt: skip
    return kept, account
