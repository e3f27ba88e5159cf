"""The illustrative council: calibrated to the published baseline, the same bytes from the same seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Opened
from cwb.base.errors import ConfigError
from cwb.base.kept import sha256_of
from cwb.base.progress import quiet
from cwb.council.config import Settings, load_config
from cwb.packs.annex import PACK as annex
from cwb.packs.local_supplier_base import PACK as measures
from cwb.sample import write_sample
from cwb.sample.ledger import local_band


def test_both_rounded_shares_hold_only_within_a_narrow_band() -> None:
    """18% of £70.0m and 35% of £37.2m hold together only if local spend is £12.83m to £12.95m."""
    low, high = local_band(70_000_000, 37_200_000, 0.18, 0.35)
    # Chart A: 17.5% to 18.5% of 70.0 is 12.25 to 12.95. Chart B: 34.5% to 35.5% of 37.2 is 12.834 to 13.206.
    assert (round(low / 1e6, 3), round(high / 1e6, 3)) == (12.834, 12.95)
    for local in (low - 10_000, high + 10_000):
        shares = (round(local / 70e6, 2), round(local / 37.2e6, 2))
        assert shares != (0.18, 0.35)
    assert (round(12_892_000 / 70e6, 2), round(12_892_000 / 37.2e6, 2)) == (0.18, 0.35)


def test_the_sample_gives_the_published_baseline(illustrative: Opened) -> None:
    data = illustrative(measures.id, "2023-24")
    charts = measures.charts_a_and_b(data)
    assert measures.total_spend(data)["total_spend"].value == pytest.approx(70_000_000, abs=0.01)
    assert charts["one_off_spend"].value == pytest.approx(32_800_000, abs=0.01)
    assert f"{charts['local_share']}" == "18%"
    assert f"{charts['local_share_without_one_offs']}" == "35%"
    assert 12_834_000 < charts["local_spend"].value < 12_950_000
    assert annex.revisions(data)["published_restated"].value == 0
    assert 11_500 < measures.total_spend(data)["payment_count"].value < 12_500


def test_the_same_seed_gives_the_same_bytes(settings: Settings, tmp_path: Path, project: Path) -> None:
    again = settings.model_copy(update={"data": settings.data.model_copy(update={"raw": tmp_path / "raw"})})
    write_sample(again, quiet)
    first = {p.relative_to(settings.raw): sha256_of(p) for p in settings.raw.rglob("*") if p.is_file()}
    second = {p.relative_to(again.raw): sha256_of(p) for p in again.raw.rglob("*") if p.is_file()}
    assert first == second


def test_no_company_number_could_be_a_real_one(settings: Settings) -> None:
    text = (settings.raw / "vendors" / "vendor_list.csv").read_text(encoding="utf-8")
    numbers = [line.split(",")[3] for line in text.splitlines()[1:]]
    assert all(not number or number.startswith(("99", "RS99")) for number in numbers)


def test_a_council_s_own_files_are_never_overwritten(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "cwb.toml").read_text(encoding="utf-8")
    (tmp_path / "cwb.toml").write_text(
        text.replace("illustrative = true", "illustrative = false"), encoding="utf-8"
    )
    own = tmp_path / "data" / "raw" / "illustrative" / "spend" / "mine.csv"
    own.parent.mkdir(parents=True)
    own.touch()
    with pytest.raises(ConfigError, match="illustrative = true"):
        write_sample(load_config(tmp_path / "cwb.toml"), quiet)
    assert own.exists()
