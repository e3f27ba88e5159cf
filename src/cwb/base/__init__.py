"""What every stage may use: errors, atomic writes, values, privacy, rows, progress."""
