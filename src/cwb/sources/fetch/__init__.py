"""Open data from its publishers into data/raw: whole or not at all, with its hash and a sidecar beside it."""
