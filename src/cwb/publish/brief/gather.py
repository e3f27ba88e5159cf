"""What a pack gives to the brief: its headlines as places, what it recommends, and what it does not know."""

from __future__ import annotations

from dataclasses import replace

from cwb.charts.wording import listed, mid_sentence, sentence_case
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding, State
from cwb.evidence.record import FindingRecord, record
from cwb.packs.account.own_files import own_files
from cwb.packs.advice import Recommendation, advise
from cwb.packs.compare import Comparison, is_certain
from cwb.packs.headline import Headline
from cwb.packs.how_sure import months_short
from cwb.packs.pack import Pack
from cwb.packs.remarks import remarks
from cwb.packs.track import Direction, Track, tracks
from cwb.publish.brief.model import PackPart, Place, Sureness, Unknown
from cwb.publish.explorer import explore_link, has_rows

# A range wider than the first part of the number makes it fairly sure, wider than the second not sure; of a share the second is
# of the whole.
_FAIRLY, _WIDE = 0.06, 0.15


def gather(pack: Pack, data: PackData) -> PackPart:
    """A pack's part of the brief."""
    headlines = _headlines_of(pack, data)
    found = {h.finding: pack.find(data, h.finding) for h in headlines}
    followed = tracks(data, tuple(found.values()))
    advice = advise(pack.measures, data)
    places = [_place(pack, data, headline, followed[headline.finding], advice) for headline in headlines]
    first = [pack.find(data, name) for name in pack.first]
    headline = pack.find(data, pack.headline)
    stated = (f for track in followed.values() for f in track.findings)
    records = [record(finding) for finding in stated]
    records += [finding for one in advice for finding in one.findings]
    return PackPart(
        pack=pack.id,
        question=pack.question,
        page=pack.html_name,
        headline=f"{headline.label}: {headline}",
        places=tuple(places),
        recommendations=advice,
        unknown=tuple(_unknown(pack, data, first, remarks(data))),
        remarks=(*_of_months(data), *remarks(data)),
        findings=_once(records),
        line=pack.line(data),
    )


def _headlines_of(pack: Pack, data: PackData) -> list[Headline]:
    """The headlines of the period: of two of which one stands in for the other, the one that is known, else the first."""
    headlines = [h for h in pack.headlines if h.applies_to is None or h.applies_to(data)]
    known = {h.finding for h in headlines if pack.find(data, h.finding).value is not None}
    stood_in = {h.instead_of for h in headlines if h.finding in known} - known
    return [h for h in headlines if h.finding not in stood_in and (not h.instead_of or h.instead_of in stood_in)]


def _once(records: list[FindingRecord]) -> tuple[FindingRecord, ...]:
    return tuple({one.key: one for one in records}.values())


def _place(
    pack: Pack, data: PackData, headline: Headline, track: Track, advice: tuple[Recommendation, ...]
) -> Place:
    track = _with_own(pack, data, headline, track)
    now = track.now
    sentence = headline.sentence(data, lambda name: pack.find(data, name))
    if now.value is None:
        sentence = f"{headline.subject} is {now.missing}."
    direction = track.direction if now.is_stated else Direction.NOT_KNOWN
    has_moved = direction in (Direction.UP, Direction.DOWN)
    exhibit = f"{pack.html_name}#fig-{headline.exhibit.replace('_', '-')}"
    months = months_short(data) if own_files(data, (now,)).uses_ledger else ""
    sureness = sureness_of(now, is_whole=not months)
    return Place(
        finding=record(now),
        pack=pack.id,
        label=now.label,
        sentence=sentence_case(sentence),
        now="" if now.value is None and not now.is_hidden else f"{now}",
        then=track.then if track.is_followed or track.target else (),
        direction=direction,
        moved=track.movement if now.is_stated else "",
        is_better=direction == headline.better if has_moved else None,
        trend=track.trend,
        sureness=sureness,
        how_sure=_how_sure(now, sureness, months),
        stake_gbp=_stake(pack, data, headline, track),
        distance=_distance(track),
        day=headline.day(data) if headline.day is not None and now.value else None,
        clause=headline.clause(direction),
        href=exhibit,
        rows_href=explore_link(now.id) if has_rows(now) and data.settings.report.explorer else "",
        recommendation=_advised(pack, headline, advice, sureness),
    )


def _advised(
    pack: Pack, headline: Headline, advice: tuple[Recommendation, ...], sureness: Sureness
) -> Recommendation | None:
    """What follows from the headline itself, else from another finding of its exhibit that is known: but that settles nothing of a
    headline that is not known."""
    shown = next(measure.finding_ids for measure in pack.measures if measure.id == headline.exhibit)
    own = [one for one in advice if one.finding in (headline.finding, f"{headline.finding}_change")]
    near = [one for one in advice if one.finding in shown and not one.is_find_out]
    if sureness is Sureness.NOT_KNOWN:
        near = []
    return next(iter([*own, *near]), None)


def _with_own(pack: Pack, data: PackData, headline: Headline, track: Track) -> Track:
    """The track with the baseline and the change that the measure itself has, and with what the measure says of the period
    before: of these two no change is told, for it is no question of its own."""
    if not headline.baseline or track.now.value is None:
        return track
    before = Comparison(track.now, None, None)
    if data.is_whole(track.period_before):
        before = Comparison(track.now, pack.find(data.at(track.period_before), headline.finding), None)
    if track.is_baseline:
        return replace(track, before=before)
    then, change = pack.find(data, headline.baseline), pack.find(data, headline.change)
    return replace(track, before=before, baseline=Comparison(track.now, then, change))


def _of_months(data: PackData) -> tuple[str, ...]:
    """That the ledger lacks months of the period, which no page says but those of the packs."""
    months = months_short(data)
    return (
        (f"The ledger holds {months} of {data.period.short_label}: what is computed from payments is of these.",)
        if months
        else ()
    )


def sureness_of(finding: Finding, is_whole: bool = True) -> Sureness:
    """How sure a finding is: by its state, and by how far what is not known could move it. A number that more knowledge may move, nobody
    knows how far, is not sure; so is one of a ledger that is not whole."""
    if finding.is_hidden:
        return Sureness.SURE
    if finding.value is None:
        return Sureness.NOT_KNOWN
    if finding.state is State.AT_LEAST or finding.settles or not is_whole:
        return Sureness.NOT_SURE
    if finding.low is None or finding.high is None:
        return Sureness.SURE
    width = finding.high - finding.low
    part = width / (abs(finding.value) or 1.0)
    if part <= _FAIRLY:
        return Sureness.SURE
    return Sureness.FAIRLY_SURE if (width if finding.unit == "share" else part) <= _WIDE else Sureness.NOT_SURE


def _how_sure(finding: Finding, sureness: Sureness, months: str) -> str:
    if sureness is Sureness.NOT_KNOWN:
        return finding.settles or ""
    of_months = f", of {months}" if months else ""
    if finding.unit == "kgco2e":
        return (f"an estimate: {finding.bounds}" if finding.bounds else "an estimate") + of_months
    return (f"{sureness}: {finding.bounds}" if finding.bounds else f"{sureness}") + of_months


def _stake(pack: Pack, data: PackData, headline: Headline, track: Track) -> float | None:
    """Pounds a year: those of the stake, or those by which a share of pounds is off its target or baseline."""
    times = 1 if headline.is_yearly else 12 // data.period.months
    if headline.stake:
        stake = pack.find(data, headline.stake).value
        return None if stake is None else abs(stake) * times
    now, aim = track.now, _aim(track)
    if now.unit != "share" or now.value is None or now.of is None or aim is None:
        return None
    return abs(now.value - aim) * now.of * times


def _aim(track: Track) -> float | None:
    """What a number is measured by: its target, else its baseline, else the period before."""
    if track.target is not None:
        return track.target.value
    then = next((c.then for c in (track.baseline, track.before) if c.then is not None), None)
    return None if then is None else then.value


def _distance(track: Track) -> float:
    """How far a number is from its target, or how far it has moved for certain, as a part of that."""
    now, aim = track.now.value, _aim(track)
    if now is None or aim is None:
        return 0.0
    if track.target is None and not (track.change is not None and is_certain(track.change)):
        return 0.0
    return abs(now - aim) / abs(aim) if aim else float(now != 0)


def _unknown(pack: Pack, data: PackData, first: list[Finding], remarked: tuple[str, ...]) -> list[Unknown]:
    """What is not known of the first numbers, alike reasons together; and caveats that are not remarked already."""
    reasons: dict[tuple[str, str], list[str]] = {}
    caveats: dict[str, list[str]] = {}
    for finding in first:
        if finding.value is None and not finding.is_hidden:
            reasons.setdefault((finding.undefined or "", finding.settles or ""), []).append(finding.label)
        for caveat in finding.caveats:
            if caveat not in remarked:
                caveats.setdefault(caveat, []).append(finding.label)
    unknown = [
        Unknown(listed([labels[0], *(mid_sentence(label) for label in labels[1:])]), why, settles)
        for (why, settles), labels in reasons.items()
    ]
    return unknown + [Unknown("", caveat, "") for caveat in caveats]
