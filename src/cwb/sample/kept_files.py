"""What the illustrative council's officers keep and fill in, every form of it: those of packs 06 to 09, and the list of employee-owned businesses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cwb.council.config import Settings
from cwb.sample import (
    buying_files,
    classes_files,
    employee_owned_files,
    insourcing_files,
    payment_files,
    registry_files,
    social_value_files,
    strategy_table,
)


def write_kept(
    settings: Settings, vendors: pd.DataFrame, lines: pd.DataFrame, agreements: pd.DataFrame, seed: int
) -> list[Path]:
    """Write them below the raw folder and return their paths."""
    raw = settings.raw
    return [
        employee_owned_files.write_employee_owned(raw / "employee_owned" / "corporate_owners.csv", vendors),
        *social_value_files.write_portal(raw / "social_value", settings, agreements, seed),
        social_value_files.write_returns(raw / "social_value_returns" / "returns.csv", settings, agreements, seed),
        social_value_files.write_employment(raw / "employment" / "jobs_and_plans.csv", settings),
        buying_files.write_tenders(raw / "tenders" / "procurements.csv", settings, agreements, seed),
        buying_files.write_savings(raw / "savings" / "savings.csv", settings, agreements),
        buying_files.write_performance(
            raw / "contract_performance" / "indicators.csv", settings, agreements, seed
        ),
        buying_files.write_activity(raw / "activity" / "log.csv", settings),
        classes_files.write_classes(raw / "contract_classes" / "classes.csv", settings),
        *registry_files.write_registry(raw / "modern_slavery", vendors, settings, seed),
        insourcing_files.write_long_contracts(raw / "contracts" / "long_contracts.csv", settings, agreements),
        insourcing_files.write_reviews(raw / "insourcing" / "reviews.csv", settings, agreements),
        insourcing_files.write_income(raw / "income" / "income.csv", settings),
        insourcing_files.write_insourcing_savings(raw / "savings" / "insourcing.csv", settings),
        payment_files.write_invoices(raw / "invoices" / "accounts_payable.csv", settings, lines, vendors, seed),
        payment_files.write_meetings(raw / "activity" / "contract_meetings.csv", settings, lines),
        payment_files.write_benchmarks(raw / "benchmarks" / "comparisons.csv", settings),
        strategy_table.write_strategy(raw / "strategy" / "strategy.csv", settings),
    ]
