"""Mutation testing: small faults are put into the code one at a time, and the tests must notice. `make mutants` runs it.

`areas` says what is mutated, `python_mutants` and `sql_mutants` make the faults, `record` learns which test runs which
line, `worker` runs the tests that matter to a mutant, `report` writes `docs/mutants.md`.
"""
