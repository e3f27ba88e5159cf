"""The packs: one folder each, one file a measure: question, definition, relation, finish and exhibit together."""
