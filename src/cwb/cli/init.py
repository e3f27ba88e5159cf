"""`cwb init`: a project to put files into: settings, folders, forms and notebooks. Nothing that is there is written over."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from cwb.base.errors import CwbError, Fault
from cwb.cli.terminal import Config, bar_of, near, out

if TYPE_CHECKING:
    from cwb.council.named import District
    from cwb.council.new import NewCouncil

_NEIGHBOURS, _DISTRICT, _REGION = "neighbours", "district", "region"
_RULES = {
    _NEIGHBOURS: "your district and those beside it, whose postcodes are next to yours and at most 5 km away (across water too)",
    _DISTRICT: "your own district alone",
    _REGION: "all districts of the region or country that the Office for National Statistics counts yours to",
}


def init(
    name: Annotated[str, typer.Option("--name", help="The council's name.")] = "",
    district: Annotated[
        str, typer.Option("--district", help="Its own district, by name or code, where its name does not tell.")
    ] = "",
    local: Annotated[
        str,
        typer.Option(
            "--local", help="What is local: neighbours, district, region, or names or codes: 'Burnley; Pendle'."
        ),
    ] = "",
    local_name: Annotated[str, typer.Option("--local-name", help="How members call the local area.")] = "",
    baseline: Annotated[str, typer.Option("--baseline", help="The financial year to compare with: 2023-24.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Write cwb.toml anew; the old one is kept as cwb.toml.before.")
    ] = False,
    config: Config = Path("cwb.toml"),
) -> None:
    """Set up a council's project here: cwb.toml, a folder for each kind of file, forms to fill in, and the notebooks.

    What no option says is asked at a terminal, and taken as proposed elsewhere. Where cwb.toml is there, only what is missing
    beside it is added.
    """
    from cwb.base.progress import written  # noqa: PLC0415 - --help must not wait for pandas
    from cwb.cli.project import add_missing  # noqa: PLC0415
    from cwb.council.config import load_config  # noqa: PLC0415
    from cwb.council.new import new_settings  # noqa: PLC0415

    path = config.absolute()
    if path.exists() and not replace:
        if name or district or local or local_name or baseline:
            remedy = (
                "Write cwb init alone to add what is missing beside it. Edit it, or write cwb init --replace with your options: the old "
                "one is then kept beside it."
            )
            raise CwbError(Fault(file=path.name, rule="it is there, and is not written over", remedy=remedy))
        out.print(f"{escape(near(path))} is there and stays as it is.", highlight=False)
    else:
        council = _council(name, district, local, local_name, baseline, path.parent)
        with written(path) as part:
            part.write_text(new_settings(council), encoding="utf-8")
            load_config(part)
            if path.exists():
                path.replace(path.with_name(f"{path.name}.before"))
        out.print(f"Written: {escape(near(path))}, which says what each setting means.", highlight=False)
    settings = load_config(path)
    for line in add_missing(settings, near):
        out.print(escape(line), highlight=False)
    year = settings.baseline
    out.print(
        "\nThe least for a first pack is one file of payments (a ledger export, or the payments that you publish, with date, "
        f"supplier and amount) in {escape(near(settings.raw))}/spend/. Then:\n"
        "  cwb check            what is read of it, and what is not\n"
        f"  cwb run {year:<13}the packs of a financial year, or of a quarter: {year}-Q1\n"
        "  cwb status           which files would settle most next",
        highlight=False,
    )


def _is_asked() -> bool:
    return sys.stdin.isatty() and out.is_terminal


def _council(name: str, district: str, local: str, local_name: str, baseline: str, folder: Path) -> NewCouncil:
    from cwb.council.new import NewCouncil  # noqa: PLC0415
    from cwb.council.periods import Period  # noqa: PLC0415
    from cwb.council.sections import slug_of  # noqa: PLC0415

    if not name and _is_asked():
        name = typer.prompt("The council's name")
    name = " ".join(name.split())
    if not slug_of(name):
        remedy = 'Write cwb init --name "Hyndburn Borough Council".'
        raise CwbError(Fault(rule="the council's name is not given", remedy=remedy))
    home = _district(district or name, "--district", is_name=not district)
    out.print(f"District: {escape(home.name)} ({home.code}), {escape(home.region)}", highlight=False)
    chosen, rule, called = _local(local, home, folder)
    if not local_name:
        local_name = typer.prompt("How do members call this area?", default=called) if _is_asked() else called
    if not baseline:
        today = date.today()
        last = str(Period(today.year - (1 if (today.month, today.day) > (3, 31) else 2)))
        baseline = typer.prompt("The financial year to compare with", default=last) if _is_asked() else last
    return NewCouncil(name, home, local_name, chosen, rule, str(Period.parse(baseline)))


def _district(text: str, option: str, is_name: bool = False) -> District:
    """The district of a name; where it fits none or several, what is chosen, or a fault that names those that it may mean."""
    from cwb.council.named import district_named  # noqa: PLC0415
    from cwb.council.periods import long_date  # noqa: PLC0415

    named = district_named(text)
    while named.found is None:
        rule = (
            "this fits several districts" if len(named.candidates) > 1 else "no district of the table is called so"
        )
        if named.is_county:
            rule = "this is a county's name, and a county has several districts"
        if named.abolished:
            (now,) = named.candidates
            rule = f"there is no council of this name since {long_date(named.abolished)}: {now.name} has its area"
        listed = ", ".join(f"{one.name} ({one.code})" for one in named.candidates)
        why = f"It may mean {listed}. " if listed else ""
        if named.is_county:
            why += "Take the district of the council's offices, and name all of the county's with --local. "
        if not _is_asked():
            remedy = f"Say the district with {option}: a name or a code of nine characters."
            raise CwbError(Fault(rule=rule, value=text, remedy=f"{why}{remedy}"))
        out.print(escape(f"{text}: {rule}. {why}"), highlight=False)
        text = typer.prompt("Which district" + (" is the council's own" if is_name else ""))
        named = district_named(text)
    return named.found


def _local(text: str, home: District, folder: Path) -> tuple[list[District], str, str]:
    """The districts that are local, by which rule, and how the area may be called; the proposal is shown, and asked about."""
    is_given = bool(text)
    text = text or _NEIGHBOURS
    while True:
        chosen, rule, called = _area(text, home, folder)
        out.print(escape(f"Local: {', '.join(one.name for one in chosen)}"), highlight=False)
        out.print(escape(f"  by this rule: {rule}"), highlight=False)
        if is_given or not _is_asked():
            return chosen, rule, called
        answer = typer.prompt(
            "Enter takes that; else district, region, or names with ; between", default="", show_default=False
        )
        if not answer.strip():
            return chosen, rule, called
        text = answer


def _area(text: str, home: District, folder: Path) -> tuple[list[District], str, str]:
    from cwb.council.named import all_districts  # noqa: PLC0415

    known, word = all_districts(), text.strip().lower()
    if word == _NEIGHBOURS:
        from cwb.cli.project import beside  # noqa: PLC0415

        with bar_of("Looking for neighbours") as step:
            found = [known[code] for code in beside(home.code, folder, step) if code in known]
        called = f"{home.name} and its neighbours" if found else home.name
        return [home, *found], _RULES[_NEIGHBOURS], called
    if word == _DISTRICT:
        return [home], _RULES[_DISTRICT], home.name
    if word == _REGION:
        return [one for one in known.values() if one.region == home.region], _RULES[_REGION], home.region
    named = [_district(part, "--local") for part in text.split(";") if part.strip()]
    return (
        list(dict.fromkeys([home, *named])),
        "your own list, with your district in it",
        f"{home.name} and around",
    )
