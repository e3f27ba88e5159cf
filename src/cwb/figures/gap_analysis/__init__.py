"""What packs that are not yet made of relations still take of pack 02's exhibits."""
