"""Awards, each told once by Contracts Finder or Find a Tender, and contracts of the register."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from oracle.places import Stated, number_of
from oracle.reading import day_of, flag_of, postcode_of, pounds_of, table

_ORDER = {"UK5": 1, "UK6": 2, "UK7": 3}


class Award(NamedTuple):
    """An award with its suppliers as the notice states them; a value of nought is not stated."""

    key: str
    buyer: str
    day: date
    pounds: Fraction | None
    suppliers: tuple[Stated, ...]


class Contract(NamedTuple):
    key: tuple[str, str]
    start: date
    supplier: str
    number: str | None
    reference: str
    title: str
    end: date | None
    pounds: Fraction | None


def awards(raw: Path) -> list[Award]:
    return [*_contracts_finder(raw / "awards"), *_find_a_tender(raw / "notices")]


def _contracts_finder(folder: Path) -> list[Award]:
    """Rows of one award id are one award. Refused: dated over a year after the notice, or before 2000."""
    made: dict[str, Award] = {}
    for path in sorted(folder.glob("*.csv")):
        for row in table(path):
            day, published = day_of(row["date"]), day_of(row["datePublished"])
            late = day and published and day > published + timedelta(days=366)
            if day is None or late or day.year < 2000 or not row["supplier_name"]:
                continue
            one = Stated(
                row["supplier_name"],
                number_of(row["identifier_id"]) if row["identifier_scheme"] == "GB-COH" else None,
                postcode_of(row["address_postalCode"]) or postcode_of(row["address_streetAddress"]),
                flag_of(row["sme"]),
                flag_of(row["vco"]),
            )
            value = pounds_of(row["value_amount"]) or None
            known = made.setdefault(row["award_id"], Award(row["award_id"], row["buyer_name"], day, value, ()))
            if one.name not in {told.name for told in known.suppliers}:
                made[row["award_id"]] = known._replace(suppliers=(*known.suppliers, one))
    return list(made.values())


def _find_a_tender(folder: Path) -> list[Award]:
    """Of the notices that tell one award (same ocid and award id) the last kind counts: UK7, UK6, UK5."""
    best: dict[str, tuple[tuple[int, str], Award]] = {}
    for path in sorted(folder.glob("*.json")):
        for release in json.loads(path.read_text(encoding="utf-8-sig"))["releases"]:
            contracts = release.get("contracts", [])
            documents = [d for part in (*release.get("awards", []), *contracts) for d in part.get("documents", [])]
            kind = next((d["noticeType"] for d in documents if d["id"] == release["id"]), "")
            if kind not in _ORDER:
                continue
            for award in release["awards"]:
                signed = [c for c in contracts if c["awardID"] == award["id"]] if kind == "UK7" else []
                told = _told(release, award, signed)
                rank = (_ORDER[kind], release["id"][-4:] + release["id"])
                if told.key not in best or rank > best[told.key][0]:
                    best[told.key] = (rank, told)
    return [told for _, told in best.values()]


def _told(release: dict[str, Any], award: dict[str, Any], signed: list[dict[str, Any]]) -> Award:
    parties = {party["id"]: party for party in release["parties"]}
    amounts = [pounds_of(one.get("value", {}).get("amount")) for one in signed or [award]]
    days = [one.get("dateSigned") for one in signed] + [award.get("date"), release["date"]]
    return Award(
        f"{release['ocid']}/{award['id']}",
        release["buyer"]["name"],
        next(day for text in days if (day := day_of(text))),
        sum((a for a in amounts if a), Fraction()) or None,
        tuple(_party(named["name"], parties.get(named["id"], {})) for named in award["suppliers"]),
    )


def _party(name: str, party: dict[str, Any]) -> Stated:
    identifier = party.get("identifier", {})
    number = number_of(identifier.get("id")) if identifier.get("scheme") == "GB-COH" else None
    details = party.get("details", {})
    scale = {"sme": True, "large": False}.get(details.get("scale", ""))
    return Stated(
        name, number, postcode_of(party.get("address", {}).get("postalCode")), scale, details.get("vcse")
    )


# The council's sheet of long contracts heads what it has as Salford does.
_LONG = {
    "Contract Reference number / ID": "Contract reference", "Title of the Agreement": "Contract title",
    "Contract start date": "Start date",
}  # fmt: skip


def register(raw: Path) -> list[Contract]:
    """Rows of the register with a start date, to the end as it stands now; one reference and start is one contract."""

    def told(row: dict[str, str], heading: str) -> str:
        return row.get(heading, row.get(_LONG.get(heading, ""), ""))

    return [
        Contract(
            (
                told(row, "Contract Reference number / ID") or told(row, "Title of the Agreement"),
                told(row, "Contract start date"),
            ),
            start,
            row["Supplier name"],
            number_of(told(row, "Supplier registered company number")),
            told(row, "Contract Reference number / ID").strip().upper(),
            told(row, "Title of the Agreement"),
            day_of(row.get("Current expiry date")) or day_of(row["End date"]),
            pounds_of(row["Contract value"]),
        )
        for path in sorted((raw / "contracts").glob("*.csv"))
        for row in table(path)
        if (start := day_of(told(row, "Contract start date"))) and row["Supplier name"]
    ]
