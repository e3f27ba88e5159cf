"""A form with a column of persons is refused whole: roles are asked for, and nobody's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from cwb.sources.check import check_paths
from cwb.sources.person_columns import person_column
from cwb.sources.registry import sources
from cwb.sources.tables import TableSource


@pytest.mark.parametrize(
    "heading",
    ["Name", "Trainee name", "First Name", "Officers' names", "E-mail", "Contact email", "Date of birth"],
)
def test_a_column_of_persons_is_found(heading: str) -> None:
    assert person_column(["Date", "Kind", heading]) == (2, heading)


@pytest.mark.parametrize(
    "heading",
    ["Supplier name", "Decided by (role)", "Measure", "Evidence address", "Project name", "People attending"],
)
def test_other_columns_are_none(heading: str) -> None:
    assert person_column([heading]) is None


def test_no_form_asks_for_a_person() -> None:
    for source in sources().values():
        assert person_column(source.form()) is None, source.name


ROLES_ONLY = {
    "activity", "approved_names", "carbon_plans", "checklists", "contract_performance", "decisions", "initiatives", "pass_through",
    "places", "savings", "supplier_emissions", "tenders",
}  # fmt: skip


def test_every_form_that_people_fill_in_takes_roles_only() -> None:
    # A pipeline is published, by others too, with whom to write to: those columns are not kept.
    forms = {name for name, one in sources().items() if isinstance(one, TableSource) and one.has_form}
    assert {
        name for name, one in sources().items() if isinstance(one, TableSource) and one.roles_only
    } >= ROLES_ONLY
    assert forms - ROLES_ONLY - {"pipeline"} <= {
        n for n, one in sources().items() if getattr(one, "roles_only", False)
    }


@pytest.mark.parametrize("name", sorted(ROLES_ONLY))
def test_no_heading_that_a_form_takes_is_one_of_persons(name: str) -> None:
    source = sources()[name]
    assert isinstance(source, TableSource)
    for field in source.fields.values():
        assert person_column(field.aliases) is None


def test_a_form_with_names_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "activity" / "log.csv"
    path.parent.mkdir()
    path.write_text("Date,Kind,Title,Officer name\n01/05/2025,training,Session,Pat Person\n", encoding="utf-8")
    (report,) = check_paths([path])
    assert report.error is not None
    assert "column 'Officer name'" in report.error
    assert "roles" in report.error
    assert "Pat Person" not in report.error
    assert (report.rows, report.kept) == (0, 0)
