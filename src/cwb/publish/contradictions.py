"""What contradicts itself in a report: its pages held against one another before it is called whole.

Each check is of one kind, yields faults that name page and exhibit, and reads what members read: titles, sentences, tiles, bars,
tables, and the findings that they are of.
"""

from __future__ import annotations

import calendar
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

from cwb.base.errors import Fault
from cwb.charts.figure import ExhibitRecord
from cwb.council.periods import Period
from cwb.evidence.definitions import definition
from cwb.evidence.finding import number
from cwb.evidence.record import FindingRecord
from cwb.publish.stated import grounds_of, stated

_SENTENCE = re.compile(r"(?<=[.;:!?])\s+")
_DIRECTION = re.compile(
    r"\b(up|down|level|more|less|fewer|rises?|rose|risen|falls?|fell|fallen|grew|grown|shrank|higher|lower|above|below|"
    r"increased?|decreased?|cuts?|adds?|added|unchanged)\b|“(cut|add)”",
    re.IGNORECASE,
)
# How many a rate is for, lengths of time, which the settings hold, of "3 of 12 months" both numbers, and days.
_MONTHS = "|".join(calendar.month_name[1:])
_NO_FINDING = (
    re.compile(r"\b(per|of every) $"),
    re.compile(rf"^( of \d+)? (months?|years?|days?|weeks?|hours?|{_MONTHS})\b"),
)
# "The ten largest receive 50%" is of ten together, and no row of a table is called the most.
_SUPERLATIVE = re.compile(r"(?<!\bten )\b(most|largest|highest|biggest|greatest)\b", re.IGNORECASE)
_ABSOLUTE = re.compile(r"^(all|no|none|every|only|both|nothing)\b", re.IGNORECASE)
_UNSURE = re.compile(r"\b(known|certain|could|may|perhaps|named|supplied|stated)\b", re.IGNORECASE)
_NOT_KNOWN = re.compile(r"\bnot (known|stated)\b", re.IGNORECASE)
_SMALL = frozenset(["a", "and", "of", "or", "the", "with", "in", "by", "for", "to", "that", "is", "are"])
REPORTED = "As reported"
# A column of what another is as a part of what is reported, which is 1 by itself: no first number of the pack.
_AGAINST = "Against what is reported"
_REMEDY = "Nothing else is in doubt. Tell the makers of cwb."

Pages = Mapping[str, tuple[ExhibitRecord, ...]]


def contradictions(pages: Pages, period: Period) -> list[Fault]:
    """What contradicts itself in the pages (by file name) of a period."""
    found = list(_two_values(pages))
    every = [f for exhibits in pages.values() for exhibit in exhibits for f in exhibit.findings]
    for page, exhibits in pages.items():
        shown = [exhibit for exhibit in exhibits if not exhibit.undefined]
        for exhibit in shown:
            checks = (_untraced, _sums, _other_words, _superlatives, _absolutes)
            rules = [rule for check in checks for rule in check(exhibit)] + list(_itself(exhibit, period))
            # A first exhibit also remarks on the ledger, in numbers of other exhibits.
            rules += _unsigned(exhibit, every if exhibit.id == "scorecard" else exhibit.findings)
            found += [_fault(page, exhibit, rule) for rule in rules]
        found += _narrow(page, shown)
    return found


def _fault(page: str, exhibit: ExhibitRecord, rule: str) -> Fault:
    return Fault(
        file=page, column=exhibit.id, rule=f"a contradiction: {rule}", value=exhibit.title, remedy=_REMEDY
    )


def _two_values(pages: Pages) -> Iterator[Fault]:
    """One measure, by its id or by its label, has one value everywhere in a period."""
    first: dict[tuple[str, str, str], tuple[str, str]] = {}
    for page, exhibits in pages.items():
        for exhibit in exhibits:
            for finding in exhibit.findings:
                if finding.value is None:
                    continue
                value = number(finding.value, finding.unit)
                for name in (finding.id, finding.label.casefold()):
                    where, known = first.setdefault((name, finding.unit, finding.period), (page, value))
                    if known != value:
                        yield _fault(page, exhibit, f"{finding.label} is {value}, and {known} in {where}")
                        break


def _texts(exhibit: ExhibitRecord) -> Iterator[str]:
    """Title, tiles and sentences, one sentence at a time."""
    for text in (exhibit.title, *exhibit.tiles, *exhibit.says):
        yield from _SENTENCE.split(text)


def _untraced(exhibit: ExhibitRecord) -> Iterator[str]:
    """Title and chart take their numbers from the exhibit's findings and table. Labels of bars hold other numbers than pounds and
    emissions, and those are not looked at."""
    grounds = grounds_of(exhibit)
    title = exhibit.title
    for finding in exhibit.findings:
        # A limit may be part of a number's name: "Payments under £500".
        title = title.replace(finding.label, "…")
    for amount in stated(title):
        before, after = title[: amount.start], title[amount.end :]
        if not grounds.has(amount) and not _NO_FINDING[0].search(before) and not _NO_FINDING[1].match(after):
            yield f"the title says {amount.text}, which is neither a finding of this exhibit nor in its table"
    for _, _, text in exhibit.bars:
        for amount in stated(text):
            if amount.kind in ("gbp", "kgco2e") and not grounds.has(amount):
                yield f"the chart says {amount.text}, which is neither a finding of this exhibit nor in its table"


def _sums(exhibit: ExhibitRecord) -> Iterator[str]:
    """An amount in the title is what the bars sum to, all or those of one group; or what the table does, where it has more rows
    than bars are drawn; or it is a bar, or how far two bars are apart. Of several amounts one is."""
    lengths = [length for _, length, _ in exhibit.bars]
    units = {amount.kind for _, _, text in exhibit.bars for amount in list(stated(text))[:1]}
    sums = [one for one in stated(exhibit.title) if one.kind in units and one.kind in ("gbp", "kgco2e")]
    if len(lengths) < 2 or len(units) != 1 or not sums:
        return
    wholes = [sum(length for group, length, _ in exhibit.bars if group == one) for one, _, _ in exhibit.bars]
    wholes += [*lengths, sum(lengths), *(abs(one - other) for one in lengths for other in lengths)]
    if (exhibit.csv or "").count("\n") - 1 > len(lengths):
        wholes += [one for scale in (1.0, 1e3) for one in (scale * total for total in grounds_of(exhibit).of_sums)]
    if not any(one.is_of(whole) for one in sums for whole in wholes):
        yield f"the bars sum to {number(sum(lengths), sums[0].kind)} under a title of {sums[0].text}"


def _other_words(exhibit: ExhibitRecord) -> Iterator[str]:
    """The words after a number do not name another measure than the one whose number it is."""
    known = [finding for finding in exhibit.findings if finding.value is not None]
    for text in _texts(exhibit):
        for amount in stated(text):
            clause = _words(re.split(r"[,;:.(]| and ", text[amount.end :])[0])
            own = [f for f in known if amount.is_of(f.value or 0.0) and not text[: amount.start].endswith(" of ")]
            others = [f for f in known if f not in own and own and f.unit == own[0].unit]
            for other in others:
                if _words(other.label) <= clause and not any(_words(f.label) <= clause for f in own):
                    value = number(other.value or 0.0, other.unit)
                    yield f"“{text}” calls {amount.text} what is “{other.label}”, which is {value}"


def _words(text: str) -> set[str]:
    words = re.findall(r"[a-z]{2,}", re.sub(r"\([^)]*\)", "", text).casefold())
    return {word.removesuffix("s") for word in words} - _SMALL


def _unsigned(exhibit: ExhibitRecord, known: Iterable[FindingRecord]) -> Iterator[str]:
    """A change is told with its direction in words; a number that a `known` finding has too may be told of that."""
    moved = [f for f in exhibit.findings if definition(f.id).is_change and f.value]
    others = [f.value for f in known if not definition(f.id).is_change and f.value is not None]
    others += [f.coverage for f in exhibit.findings if f.coverage is not None]
    for text in _texts(exhibit):
        for amount in stated(text):
            # A difference of shares is told in points, never in per cent.
            is_change = any(
                amount.value and amount.is_of(f.value or 0.0) and (f.unit == "points") == ("point" in amount.text)
                for f in moved
            )
            if is_change and not any(amount.is_of(value) for value in others) and not _DIRECTION.search(text):
                yield f"“{text}” tells a change, {amount.text}, and not which way"


def _itself(exhibit: ExhibitRecord, period: Period) -> Iterator[str]:
    """Nothing is compared with itself: a baseline has no change since the baseline."""
    for finding in exhibit.findings:
        if finding.id.endswith(f"_since_{period}") and finding.value is not None:
            yield f"{finding.label} compares the period with itself"
    label = re.escape(period.short_label)
    against = re.compile(rf"\b(since|against|than in|less than|like for like with|compared with) {label}(?![/\d])")
    for text in _texts(exhibit):
        if against.search(text):
            yield f"“{text}” compares the period with itself"


def _superlatives(exhibit: ExhibitRecord) -> Iterator[str]:
    """What is called the most is so without a tie, and stays so wherever the unknown belongs."""
    if not _SUPERLATIVE.search(exhibit.title) or _UNSURE.search(exhibit.title) or " each" in exhibit.title:
        return
    rows = list(csv.reader(io.StringIO(exhibit.csv or "")))[1:]
    for amount in stated(exhibit.title):
        for column in zip(*rows, strict=True):
            values = [_float(cell) for cell in column]
            is_open = [any(_NOT_KNOWN.search(cell) for cell in row) for row in rows]
            known = sorted(
                (v for v, open_ in zip(values, is_open, strict=True) if v is not None and not open_), reverse=True
            )
            unknown = sum(v for v, open_ in zip(values, is_open, strict=True) if v is not None and open_)
            if len(known) < 2 or not amount.is_of(known[0]):
                continue
            if amount.is_of(known[1]):
                yield f"the title calls {amount.text} the most, and two rows have as much"
            elif known[0] - known[1] < unknown:
                yield f"the title calls {amount.text} the most, and what is not known could be more than the difference"
            return


def _absolutes(exhibit: ExhibitRecord) -> Iterator[str]:
    """A title that says all or none is of what is wholly known."""
    if not _ABSOLUTE.match(exhibit.title) or _UNSURE.search(exhibit.title):
        return
    for finding in exhibit.findings:
        ends = (finding.low, finding.value, finding.high)
        if len({number(end, finding.unit) for end in ends if end is not None}) > 1:
            yield f"the title says so of all or none, and {finding.label} is not wholly known"
            return


def _narrow(page: str, exhibits: Iterable[ExhibitRecord]) -> Iterator[Fault]:
    """A first number whose own sensitivity goes beyond its range says so where it stands."""
    by_id = {exhibit.id: exhibit for exhibit in exhibits}
    card, other = by_id.get("scorecard"), by_id.get("sensitivity")
    if card is None or other is None:
        return
    table = list(csv.reader(io.StringIO(other.csv or "")))
    for head, *column in list(zip(*table, strict=True))[1:]:
        if head.startswith(_AGAINST):
            continue
        values = [value for cell in column if (value := _float(cell)) is not None]
        reported = next(
            (_float(c) for c, row in zip(column, table[1:], strict=True) if row[0].startswith(REPORTED)), None
        )
        for finding in card.findings if reported is not None else ():
            if not finding.value or not _is_same(finding.value, reported):
                continue
            least, most = min(values), max(values)
            card_text = " ".join((*card.tiles, *card.says))
            low, high = finding.low or 0.0, finding.high or finding.value
            is_within = low <= least + _rounded(least) and most - _rounded(most) <= high
            if not is_within and not all(_is_shown_in(end, finding.unit, card_text) for end in (least, most)):
                ends = " to ".join(number(end, finding.unit) for end in (least, most))
                yield _fault(page, card, f"{finding.label} has a range narrower than its sensitivity, {ends}")


def _is_shown_in(cell: float, unit: str, text: str) -> bool:
    """Whether a text has the value of a cell: what the table holds as 1.000000 may read "over 99%"."""
    return any(number(cell + by, unit) in text for by in (0.0, -_rounded(cell), _rounded(cell)))


def _is_same(value: float, cell: float | None) -> bool:
    return cell is not None and abs(value - cell) <= _rounded(value)


def _rounded(value: float) -> float:
    """How far a table's cell may be from its value: tables hold six places, and pounds to the penny."""
    return 5e-7 * max(1.0, abs(value))


def _float(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
