"""supplier → organisation: numbers given, names that are the same, names that are probably the same, decisions."""
