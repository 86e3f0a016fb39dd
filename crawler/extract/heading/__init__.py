"""The heading of a page, and what stands between it and the text."""
