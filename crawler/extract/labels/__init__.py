"""Labels and their values in the markup of a page: tables, lists, lines, tiles."""
