"""Resolved line-level tables: what every number is computed from, each with one checked schema, in Parquet by financial year."""
