"""A sample disclosure office on loopback, and what its staff do to their pages. Every name is invented."""
