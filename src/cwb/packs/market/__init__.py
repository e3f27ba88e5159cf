"""What several packs say of a market: planned purchases, who could supply them, and the rules of procurement."""
