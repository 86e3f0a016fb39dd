"""Which histories are one: moves, merges, redirects, and what looks like one."""
