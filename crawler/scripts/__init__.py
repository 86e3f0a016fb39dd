"""Read what the scripts of a page say: data, calls, requests. Nothing is ever run."""
