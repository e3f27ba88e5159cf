"""cwb.toml: every fault at once, unknown keys refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from cwb.base.errors import ConfigError, SourceError
from cwb.council.config import find_config, load_config

GOOD = """
[council]
name = "A Council"
home_district = "E07000243"
[local]
name = "Here"
districts = ["E07000243"]
"""

PUBLISHED = """
[[published]]
finding = "total_spend"
period = "2021-22"
value = 252000
rounding = 1000
source = "Report to cabinet"
"""


def test_the_least_that_is_needed(tmp_path: Path) -> None:
    (tmp_path / "cwb.toml").write_text(GOOD, encoding="utf-8")
    settings = load_config(tmp_path / "cwb.toml")
    assert (settings.home_name, settings.region_name, settings.council.slug) == (
        "Stevenage",
        "East of England",
        "a-council",
    )
    assert not settings.council.illustrative


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            GOOD + PUBLISHED.replace("2021-22", "2021/22"),
            "a period is written as 2023-24, or 2023-24-Q2 for a quarter, and not '2021/22'",
        ),
        (GOOD + '[councl]\nname = "x"\n', "column 'councl': this setting is not known"),
        (GOOD.replace('name = "A', 'nmae = "x"\nname = "A'), "column 'council.nmae': this setting is not known"),
        (GOOD.replace('"E07000243"]', '"E0700024"]'), "not an ONS district code"),
        (GOOD.replace('["E07000243"]', '["E07000099"]'), "must be one of the districts"),
        ('baseline = "2023-24-Q1"\n' + GOOD, "the baseline is a whole financial year"),
        ('baseline = "2024-26"\n' + GOOD, "cwb.toml, column 'baseline': the baseline is a whole financial year"),
        (
            GOOD.replace('["E07000243"]', '["E07000243", "E0700024"]'),
            "cwb.toml, column 'local.districts': not an ONS district code",
        ),
        (
            GOOD.replace('= "E07000243"', '= "E0700024"'),
            "cwb.toml, column 'council.home_district': not an ONS district code",
        ),
        (
            GOOD + '[[targets]]\nfinding = "a"\nvalue = 1\n' * 2,
            "cwb.toml, column 'targets': a finding has one target",
        ),
        ("this is not toml", "not valid TOML"),
        (
            GOOD + '[data]\nraw = "C:\\Users\\me"\n',
            "Write a path with / in place of \\, or between single quotation marks",
        ),
        ("baseline = 2021-22\n" + GOOD, 'Write a text between quotation marks: "2021-22".'),
        ('baseline = "2021-22\n' + GOOD, "Close the quotation marks."),
        ("baseline = “2021-22”\n" + GOOD, "Write straight quotation marks"),
        (GOOD.replace('["E07000243"]', '["E07000243" "E07000099"]'), "Put a comma between two texts."),
        (GOOD + "[evidence]\nfloor_pounds = 50%\n", "Write 30% as 0.30."),
        (GOOD + "[report]\nexplorer = yes\n", "Write true or false."),
        (GOOD + "[report]\nas_of = 31 March 2022\n", "Write a day as 2022-03-31"),
        (
            GOOD + '[report]\nas_of = "31/03/2022"\n',
            "a day is expected (found '31/03/2022'). Write it as 2022-03-31.",
        ),
        (
            GOOD + "[evidence]\nfloor_pounds = 50\n",
            "column 'evidence.floor_pounds': it must be at most 1 (found '50')",
        ),
        (GOOD.replace('["E07000243"]', '["E07000243", "Watfrod"]'), "Watfrod (did you mean E07000103, Watford?)"),
        (GOOD.replace('= "E07000243"', '= "Stevenage"'), "Stevenage (did you mean E07000243, Stevenage?)"),
        (GOOD.replace('["E07000243"]', '["E07000243", "E07000100"]'), "E07000100 (now E07000240, St Albans)"),
        (
            GOOD + '[[anchors]]\nname = "A"\nkind = "nhs"\naliases = "B"\n',
            "column 'anchors (no. 1).aliases': a list is expected (found 'B'). Write it in square brackets",
        ),
        (
            GOOD + '[[targets]]\nfinding = "a"\nvalue = "30%"\n',
            "column 'targets (no. 1).value': a number is expected (found '30%')",
        ),
        (
            GOOD + '[[targets]]\nfinding = "a"\n',
            "column 'targets (no. 1).value': this setting is missing. Add it.",
        ),
    ],
)
def test_faults_name_the_setting(text: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "cwb.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "cwb.toml")
    assert expected in str(caught.value)


def test_all_faults_at_once(tmp_path: Path) -> None:
    (tmp_path / "cwb.toml").write_text(GOOD.replace("name", "nmae"), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "cwb.toml")
    assert len(caught.value.faults) == 4  # two names that are not known, two that are missing


def test_the_settings_are_found_in_a_folder_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cwb.toml").write_text(GOOD, encoding="utf-8")
    below = tmp_path / "notebooks"
    below.mkdir()
    monkeypatch.chdir(below)
    assert find_config() == (tmp_path / "cwb.toml").resolve()
    with pytest.raises(ConfigError, match="no settings file"):
        find_config("other.toml")


def test_raw_files_leave_out_what_is_hidden_or_half_fetched(tmp_path: Path) -> None:
    (tmp_path / "cwb.toml").write_text(GOOD, encoding="utf-8")
    spend = tmp_path / "data" / "raw" / "spend" / "2023"
    spend.mkdir(parents=True)
    for name in ("b.csv", "a.csv", "README.md", ".hidden", "~$open.xlsx", "a.csv.source.toml"):
        (spend / name).touch()
    assert [path.name for path in load_config(tmp_path / "cwb.toml").files("spend")] == [
        "README.md",
        "a.csv",
        "b.csv",
    ]


def test_a_raw_folder_that_is_named_and_not_there_is_a_fault(tmp_path: Path) -> None:
    """Not a folder without files; the usual one may well be made later."""
    (tmp_path / "other.toml").write_text(GOOD + '[data]\nraw = "/nonexistent/x"\n', encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load_config(tmp_path / "other.toml").files("spend")
    assert str(caught.value).startswith(
        "other.toml, column '[data] raw': the folder that it names does not exist (found '/nonexistent/x')"
    )
    (tmp_path / "other.toml").write_text(GOOD, encoding="utf-8")
    assert load_config(tmp_path / "other.toml").files("spend") == []


def test_aliases_from_a_table(tmp_path: Path) -> None:
    (tmp_path / "cwb.toml").write_text('anchor_table = "anchors.csv"\n' + GOOD, encoding="utf-8")
    path = tmp_path / "anchors.csv"
    path.write_text(
        'Body,Kind,Spelling,Buyer id,Publishes over (£)\nTrust,NHS,The Trust,,\nTrust,,Trust NHS,GB-1,"25,000"\n',
        encoding="utf-8-sig",
    )
    anchor = load_config(tmp_path / "cwb.toml").anchors[0]
    assert (anchor.name, anchor.kind, anchor.threshold_gbp) == ("Trust", "nhs", 25_000)
    assert (anchor.aliases, anchor.buyer_ids) == (("Trust", "The Trust", "Trust NHS"), ("GB-1",))
    path.write_text(
        "Body,Kind,Spelling,Publishes over (£)\nA,nhs,x,lots\n,nhs,y,\nA,council,z,\nB,shop,w,\n", encoding="utf-8"
    )
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "cwb.toml")
    told = " ".join(str(fault) for fault in caught.value.faults)
    assert all(
        word in told
        for word in ("row 2", "row 3", "row 4", "row 5", "not an amount of pounds", "no body", "one kind")
    )
    path.unlink()
    with pytest.raises(ConfigError, match="the table of anchors is missing"):
        load_config(tmp_path / "cwb.toml")
    (tmp_path / "cwb.toml").write_text(GOOD + TWICE, encoding="utf-8")
    with pytest.raises(ConfigError, match="given twice: A"):
        load_config(tmp_path / "cwb.toml")


TWICE = """
[[anchors]]
name = "A"
kind = "nhs"
aliases = ["A"]
[[anchors]]
name = "A"
kind = "nhs"
aliases = ["B"]
"""
