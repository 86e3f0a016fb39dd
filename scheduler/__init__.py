"""When to collect, and whom to tell."""
