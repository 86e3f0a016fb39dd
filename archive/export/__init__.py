"""Exports: captures as WARC, documents and versions as lines of JSON or as a table. Memory does not grow with the archive."""
