"""Resolved line-level tables: what every number is made of, each with one checked schema, in Parquet by financial year."""
