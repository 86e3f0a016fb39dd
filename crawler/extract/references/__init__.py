"""Other documents that a text refers to, and how."""
