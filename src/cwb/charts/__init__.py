"""Charts: one display object for two readers, drawn twice from the very same rows."""
