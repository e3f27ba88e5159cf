"""duties.ics: what the council must still publish, as events of a day each for any calendar program (RFC 5545).

The stamp of every event is the report's day, and its id follows from what it says, so that the same report gives the same bytes and
a calendar that takes it in twice has each event once. Two notices may say the same, of lots or of titles that are not shown: a calendar
would keep one of them, so that each further one is counted into its id.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from cwb.base.characters import printable
from cwb.charts.figure import ExhibitRecord

NAME = "duties.ics"
EXHIBIT = "duty-calendar"
# The columns of the exhibit's table, and the states of it that leave something to do.
_DUE, _DUTY, _WHAT, _STATE, _RULE = "Due by", "Notice", "Contract or period", "State", "Rule"
_OPEN = ("missing", "to come")
_LONGEST = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def duties_calendar(exhibits: Sequence[ExhibitRecord], council: str, day: date) -> bytes:
    """The calendar of the duties that the exhibit lists as not done; empty where it lists none."""
    table = next((one.csv for one in exhibits if one.id == EXHIBIT and one.csv), "")
    rows = [row for row in csv.DictReader(io.StringIO(table)) if row[_STATE] in _OPEN and row[_DUE]]
    if not rows:
        return b""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//cwb//duties//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{_text(f'{council}: notices to publish')}"]  # fmt: skip
    alike: Counter[str] = Counter()
    for row in rows:
        about = "|".join((row[_DUTY], row[_WHAT], row[_DUE]))
        alike[about] += 1
        lines += _event(row, day, about if alike[about] == 1 else f"{about}|{alike[about]}")
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode("utf-8")


def _event(row: dict[str, str], day: date, about: str) -> list[str]:
    due = date.fromisoformat(row[_DUE])
    identity = hashlib.sha256(about.encode("utf-8")).hexdigest()[:32]
    late = " (its day is over)" if row[_STATE] == _OPEN[0] else ""
    return [
        "BEGIN:VEVENT",
        f"UID:{identity}@cwb.invalid",
        f"DTSTAMP:{day:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(f'{row[_DUTY]}: {row[_WHAT]}{late}')}",
        f"DESCRIPTION:{_text(f'{row[_RULE]}. For legal confirmation.')}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(text: str) -> str:
    """A text as a value: on one line, with what separates values escaped."""
    return printable(text).translate(_ESCAPED)


def folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 bytes, none of which cuts a character; each part after the first begins with a blank."""
    part, size = "", 0
    for letter in line:
        length = len(letter.encode("utf-8"))
        if size + length > _LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + length
    yield part
