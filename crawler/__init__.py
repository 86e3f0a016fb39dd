"""Fetch and understand disclosure pages. Writes nothing: see :mod:`crawler.run`."""
