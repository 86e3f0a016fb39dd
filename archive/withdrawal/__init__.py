"""Content that was taken out for good, and what the site goes on publishing of it."""
