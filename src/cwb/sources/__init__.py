"""raw → validated: one module a dataset, each with its layout aliases and its schema."""
