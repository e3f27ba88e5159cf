"""The SQL of what officers keep: forms as they are, and those that are joined with the register of contracts."""

from __future__ import annotations

from cwb.council.config import Settings
from cwb.entities.matched import table_sql
from cwb.lines.invoices import invoice_selects
from cwb.lines.reviews import reviews
from cwb.lines.schema_forms import FORMS


def form_selects(settings: Settings, contract_lines: str | None) -> dict[str, str]:
    """Table → its SQL, of the forms that are there; `contract_lines` is the SQL of the register's table."""
    folder = settings.processed
    found = {form.name: f"SELECT * FROM {kept}" for form in FORMS if (kept := table_sql(folder, form.name))}
    found |= reviews(settings, contract_lines, folder)
    contracts, tenders = table_sql(folder, "contract_lines"), table_sql(folder, "tenders")
    found |= invoice_selects(table_sql(folder, "invoices"), contracts, tenders)
    return found
