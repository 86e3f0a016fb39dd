"""What single values are, and what a document's own words say of it: days, document numbers, head and foot."""
