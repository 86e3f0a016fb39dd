"""How bytes and texts are stored: compressed, by dictionaries, as deltas."""
