"""Bodies on the registers, and which of them are social enterprises: A certain, B likely, C possible.

Rules as `src/cwb/reference/social_enterprise_rules.csv` puts them in words. A body is found by a number that is given,
else by the very same name where just one body bears it, or where one of several has the supplier's postcode.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from oracle.reading import day_of, plain, postcode_of, table

_SOCIETIES = ("registered society", "co-operative society", "community benefit society")
# A society of which only its number is known may be a credit union.
_OF_ANY_KIND = ("registered society", "industrial and provident society", "society")
_GUARANTEE = "by guar"
_FLATS = r"\b(management (company|co)|residents|freehold(ers)?|right to manage|rtm|flats|apartments)\b"
_CLUBS = r"\b(working men'?s|social|sports|golf|bowls|bowling|football|cricket|rugby) club\b"
_WORSHIP = (
    r"\b(parochial church|church council|mosque|gurdwara|synagogue|temple|baptist church|methodist church)\b"
)
_SCHOOLS = r"academ|school|college"
_NAMES = r"\b(social enterprises?|co[- ]?operatives?|co[- ]?op|community (interest|enterprise|land trust|energy)|mutual)\b"
_LEAST_INCOME = 25_000


@dataclass
class Organisation:
    """One body, whatever number of registers it stands on."""

    id: str
    name: str
    number: str | None = None
    postcode: str | None = None
    form: str = ""
    sic: str = ""
    accounts: str = ""
    is_active: bool = True
    charity_income: float | None = None
    is_charity: bool = False
    is_coop: bool = False
    is_society: bool = False
    is_on_mutuals: bool = False
    """Whether the Mutuals Register says what kind of society it is."""
    is_twice: bool = False
    """Whether another registration of the same society is the one that counts."""
    began: date | None = None
    is_followed: bool = False
    """Whether it is on a register that keeps bodies which have ended: any but Companies House."""
    names: set[str] = field(default_factory=set)

    @property
    def is_locked(self) -> bool:
        """Whether its assets are locked by its legal form."""
        return self.is_society or self.form == "community interest company"

    @property
    def is_awake(self) -> bool:
        """Whether it is on its register and not dormant."""
        return self.is_active and self.accounts != "DORMANT" and "99999" not in self.sic.split()

    @property
    def is_of_flats(self) -> bool:
        """Whether it manages flats or estates for those who live there."""
        codes = self.sic.split()
        is_guarantee = _GUARANTEE in self.form and "68320" in codes
        return "98000" in codes or is_guarantee or re.search(_FLATS, self.name.lower()) is not None

    @property
    def is_ended_enterprise(self) -> bool:
        """Whether it was certain or likely by its form alone, and has ended."""
        return not self.is_active and (self.is_locked or "charitable incorporated" in self.form)

    @property
    def is_in_business(self) -> bool:
        return self.is_awake and not self.is_twice and (self.is_locked or not self.is_of_flats)

    @property
    def is_of_known_kind(self) -> bool:
        """Whether it is no society, or one whose kind the Mutuals Register says."""
        return self.is_on_mutuals or self.form not in _OF_ANY_KIND

    @property
    def is_charity_that_trades(self) -> bool:
        is_body = bool(self.number) or "charitable incorporated" in self.form
        return self.is_charity and is_body and (self.charity_income or 0) >= _LEAST_INCOME

    @property
    def may_be_certain(self) -> bool:
        """Whether it is likely only because nobody says which kind of society it is."""
        return self.grade == "B" and not self.is_of_known_kind and not self.is_charity_that_trades

    @property
    def grade(self) -> str | None:
        """A, B or C; None for what is no social enterprise or is kept out."""
        name, is_locked = self.name.lower(), self.is_locked
        is_guarantee = _GUARANTEE in self.form
        codes = self.sic.split()
        if not self.is_awake or self.is_twice or self.form == "working men's club":
            return None
        flats = self.is_of_flats
        school = any(code.startswith(("851", "852", "853")) for code in codes) and re.search(_SCHOOLS, name)
        worship = "94910" in codes or re.search(_WORSHIP, name)
        if not is_locked and (flats or school or worship):
            return None
        if (self.is_society or is_guarantee) and re.search(_CLUBS, name):
            return None
        if is_guarantee and not self.is_charity and {"94110", "94120"} & set(codes):
            return None
        if is_locked and self.is_of_known_kind:
            return "A"
        if self.is_charity_that_trades:
            return "B"
        if self.is_coop or not self.is_of_known_kind or self.form in ("credit union", "friendly society"):
            return "B"
        if self.is_charity:
            return None
        return "C" if is_guarantee or re.search(_NAMES, name) else None


class Registers:
    """The four registers of raw/, joined by number, societies and incorporated charities by name too."""

    def __init__(self, raw: Path):
        self._bodies: dict[str, Organisation] = {}
        self._companies(raw / "companies")
        self._twice()
        self._mutuals(raw / "mutuals")
        self._charities(raw / "charities")
        self._coops(raw / "coops")
        self._names: dict[str, list[Organisation]] = {}
        for body in self.all:
            for name in body.names:
                self._names.setdefault(name, []).append(body)

    @property
    def all(self) -> list[Organisation]:
        """Every body once."""
        return list({body.id: body for body in self._bodies.values()}.values())

    def by_id(self, org_id: str | None) -> Organisation | None:
        return self._bodies.get(org_id or "")

    def find(self, number: str | None, charity: str | None, name: str, postcode: str | None) -> list[Organisation]:
        """The body of a given number; else all that bear the name, or the one of them that has the postcode."""
        if number or charity:
            found = self.by_id(f"GB-COH-{number}") or self.by_id(f"GB-CHC-{charity}")
            return [found] if found else []
        bearers = self._names.get(plain(name), [])
        same = [body for body in bearers if body.postcode and body.postcode == postcode]
        return same if len(same) == 1 else bearers

    def _add(self, body: Organisation) -> None:
        body.names.add(plain(body.name))
        self._bodies[body.id] = body

    def _named(self, name: str, wanted: str) -> Organisation | None:
        """The one body of a form that bears this name."""
        found = [
            body for body in self._bodies.values() if body.form.startswith(wanted) and plain(name) in body.names
        ]
        return found[0] if len(found) == 1 else None

    def _companies(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.csv")):
            for row in table(path):
                form = row["CompanyCategory"].lower()
                body = Organisation(
                    f"GB-COH-{row['CompanyNumber'].zfill(8)}",
                    row["CompanyName"],
                    row["CompanyNumber"].zfill(8),
                    postcode_of(row["RegAddress.PostCode"]),
                    form,
                    " ".join(
                        re.findall(r"\b\d{4,5}\b(?= -)", " ; ".join(row[f"SICCode.SicText_{n}"] for n in "1234"))
                    ),
                    row["Accounts.AccountCategory"].upper(),
                    row["CompanyStatus"].lower() in ("", "active", "active - proposal to strike off"),
                    is_society=form in ("registered society", "industrial and provident society"),
                    began=day_of(row["IncorporationDate"]),
                )
                body.names |= {plain(row[f"PreviousName_{n}.CompanyName"]) for n in range(1, 11)} - {""}
                self._add(body)

    def _twice(self) -> None:
        """Of a society under an old and a new number the new one (RS) counts, else the later one."""
        by_name: dict[str, list[Organisation]] = {}
        for body in self._bodies.values():
            if body.is_society:
                by_name.setdefault(plain(body.name), []).append(body)
        for bearers in by_name.values():
            ranked = sorted(bearers, key=lambda b: ("RS" in b.id, b.began or date.min), reverse=True)
            for body in ranked[1:]:
                body.is_twice = True

    def _mutuals(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.csv")):
            for row in table(path):
                active, form = row["Society Status"] == "Registered", row["Registered As"].lower()
                society = form in _SOCIETIES
                number = row["Full Registation Number"].lstrip("0")
                body = self._named(row["Society Name"], "registered society")
                if body:
                    body.is_active, body.form, body.is_society = body.is_active and active, form, society
                    body.is_on_mutuals = True
                    body.postcode = body.postcode or postcode_of(row["Society Address"])
                    body.is_followed, body.began = True, body.began or day_of(row["Registration Date"])
                    self._bodies[f"GB-MPR-{number}"] = body
                else:
                    code = postcode_of(row["Society Address"])
                    self._add(
                        Organisation(
                            f"GB-MPR-{number}", row["Society Name"], None, code, form, is_active=active,
                            is_society=society, began=day_of(row["Registration Date"]), is_followed=True, is_on_mutuals=True,
                        )
                    )  # fmt: skip

    def _charities(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.json")):
            for row in json.loads(path.read_text(encoding="utf-8-sig")):
                number, cio = str(row["registered_charity_number"]), row["charity_is_cio"]
                company = row["charity_company_registration_number"]
                body = self.by_id(f"GB-COH-{str(company).zfill(8)}") if company else None
                body = body or (self._named(row["charity_name"], "charitable incorporated") if cio else None)
                registered = row["charity_registration_status"] == "Registered"
                if body is None:
                    form = "charitable incorporated organisation" if cio else "charity"
                    code = postcode_of(row["charity_contact_postcode"])
                    body = Organisation(
                        f"GB-CHC-{number}", row["charity_name"], None, code, form, is_active=registered,
                        began=day_of(row["date_of_registration"]), is_followed=True,
                    )  # fmt: skip
                    self._add(body)
                if registered:
                    body.is_charity, body.charity_income = True, row["latest_income"]
                    body.is_followed = True
                    body.names.add(plain(row["charity_name"]))
                    self._bodies[f"GB-CHC-{number}"] = body

    def _coops(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.csv")):
            for row in table(path):
                number, live = row["Registered Number"], row["Registered Status"] == "Live"
                body = self.by_id(f"GB-COH-{number.zfill(8)}") or self.by_id(f"GB-MPR-{number.lstrip('0')}")
                if body is None:
                    body = Organisation(
                        f"GB-CUK-{row['CUK Organisation ID']}", row["Registered Name"], None,
                        postcode_of(row["Registered Postcode"]), row["Legal Form"].lower(), is_active=live,
                        is_society=row["Legal Form"] == "Society", began=day_of(row["Incorporation Date"]),
                    )  # fmt: skip
                    self._add(body)
                body.is_followed, body.sic = True, body.sic or row["SIC Code"].rpartition("-")[2]
                body.is_coop = body.is_coop or live
                body.names |= {plain(row["Registered Name"]), plain(row["Trading Name"])} - {""}
