"""How sure a pack is, in a few lines: the same for every pack; all that they rest on stands once in the annex."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cwb.charts.figure import Figure, short_heading
from cwb.charts.tables import Column
from cwb.charts.wording import counted, not_known, or_why, range_text, sentence_case
from cwb.evidence.coverage import NO_WHOLE
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding, number
from cwb.packs.account import coverage, matches
from cwb.packs.account.own_files import own_files
from cwb.packs.account.register_dates import old_registers, registers_missing, registers_shown
from cwb.packs.compare import IS_BASELINE

# Why a number is not known that no file, form or decision could give.
NEVER_SETTLED = (IS_BASELINE, NO_WHOLE)


def how_sure(
    data: PackData, headline: Finding, first: Sequence[Finding], every: Sequence[Finding], on_spend: bool
) -> Figure:
    """What is known of the headline, what became of the rows of the files that the pack rests on, and what would settle most. A
    pack on spend, or one of whose findings (`every`) one is computed from the ledger, also says how suppliers were matched, and how old
    registers are. One row each."""
    files = own_files(data, every)
    of_ledger = matches(data).findings | coverage(data).findings if on_spend or files.uses_ledger else {}
    months = months_short(data) if own_files(data, (headline,)).uses_ledger else ""
    rows = [("What is known", _known(headline, months))]
    if of_ledger:
        rows += [
            ("Who was paid", _matched(of_ledger["matched_spend_share"], of_ledger["review_spend_share"])),
            ("Rows of the ledger", _rows(of_ledger)),
        ]
    if text := files.in_words():
        rows.append(("Rows of other files" if of_ledger else "Rows of files", text))
    if of_ledger or files.uses_registers:
        rows.append(("Registers", _registers(data)))
    rows.append(("What would settle most", _settles(first, headline, months)))
    title, _ = short_heading(
        f"{headline.label}: {_sureness(data, headline, months)}",
        f"{headline.label}: {_sureness(data, headline, '')}",
    )
    return Figure(
        id="how-sure",
        title=title,
        subtitle=f"{data.settings.council.name}, {data.period.label}",
        table=pd.DataFrame(rows, columns=["what", "how"]),
        columns=(Column("what", "What"), Column("how", "How sure")),
        caption="How sure this pack is",
        source=f"{data.settings.council.name}; the annex has every file, match and definition",
        pack=data.pack,
        findings=(headline, *of_ledger.values()),
    )


def months_short(data: PackData) -> str:
    """ "2 of 3 months": how much of the period the ledger holds; "" where that is all of it, or nothing."""
    held, wanted = data.months_held()
    return f"{held} of {wanted} months" if 0 < held < wanted else ""


def _sureness(data: PackData, headline: Finding, months: str) -> str:
    """What is known of the headline, for a title."""
    if headline.value is None:
        return "not known"
    of_months = f", of {months}" if months else ""
    if headline.coverage is not None and headline.coverage < 1:
        return f"known for {number(headline.coverage, 'share')}{of_months}"
    if headline.bounds or not headline.is_stated:
        return f"{headline}{range_text(headline)}{of_months}"
    if months:
        return f"known for {months}"
    is_left_out = any(one.truly_refused.rows for one in data.lineage.reports if one.file in headline.sources)
    return "known but for rows left out" if is_left_out else "known in full"


def _known(headline: Finding, months: str) -> str:
    if headline.value is None:
        return sentence_case(not_known(headline, headline.label))
    sentence = f"{headline.label}: {headline}{range_text(headline)}."
    if months:
        sentence += f" The ledger holds {months} of the period."
    if headline.evidence is None or headline.coverage is None or headline.coverage >= 1:
        return sentence
    return f"{sentence} {sentence_case(headline.evidence.question.fact.known)} for {number(headline.coverage, 'share')} of what it counts."


def _matched(matched: Finding, review: Finding) -> str:
    sentence = (
        f"{matched} of spend is matched to organisations by a number or a register{range_text(matched)}. {sentence_case(f'{review}')} waits for an "
        "analyst's decision, and nothing is taken from it."
    )
    return or_why(matched, sentence, "Which organisations were paid")


def _rows(found: dict[str, Finding]) -> str:
    if found["rows_in"].value and found["rows_in"].value == found["rows_kept"].value:
        if found["rows_in"].value == 1:
            return "The only row of all periods is counted."
        return f"All {found['rows_in']} rows of all periods are counted."
    kept, refused, repeated = (
        counted(found[f"rows_{part}"], "is", "are") for part in ("kept", "refused", "duplicated")
    )
    pounds = found["pounds_refused"]
    stated = f"{pounds}" if pounds.value is not None else "their amounts cannot be read"
    sentence = (
        f"Of {found['rows_in']} rows of all periods {kept} counted, {refused} left out with a reason ({stated}), "
        f"{repeated} repeated, and {counted(found['rows_of_totals'], 'is a total', 'are totals')} of the files' own."
    )
    return or_why(found["rows_in"], sentence, "What became of the rows")


def _registers(data: PackData) -> str:
    missing = registers_missing(data)
    sentence = f"{sentence_case(registers_shown(data))}." + (f" Not supplied: {missing}." if missing else "")
    return " ".join((sentence, *old_registers(data)))


def _settles(first: Sequence[Finding], headline: Finding, months: str) -> str:
    """Of the first numbers one that is not known, if possible one that something would settle; else the one with the widest range. Of
    the headline, which stands above, only what would settle it."""
    unknown = [
        one
        for one in first
        if not one.is_hidden and (not one.is_stated or one.settles) and one.undefined not in NEVER_SETTLED
    ]
    if unknown:
        worst = next((finding for finding in unknown if finding.settled_by), unknown[0])
        if worst.id == headline.id:
            return sentence_case(worst.settled_by or "what is said above to be missing.")
        return sentence_case(not_known(worst, worst.label)) if worst.undefined else _least(worst)
    moved = [finding for finding in first if finding.bounds and finding.settled_by]
    if not moved and months:
        return "The payments of the months that the ledger does not hold."
    if not moved:
        return "Nothing that is not known moves the first figures."
    widest = max(moved, key=_width)
    if widest.id == headline.id:
        return sentence_case(widest.settled_by)
    return f"{widest.label}: {widest}, {widest.bounds}. {widest.settled_by}"


def _least(finding: Finding) -> str:
    return f"{finding.label}: {finding}. {finding.settled_by}".rstrip()


def _width(finding: Finding) -> float:
    """The range as a part of the value; of a share as it is."""
    assert finding.low is not None
    assert finding.high is not None
    width = finding.high - finding.low
    return width if finding.unit in ("share", "points") else width / (abs(finding.value or 0.0) or 1.0)
