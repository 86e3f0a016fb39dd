"""Values outside of the visible text: meta tags, JSON and scripts in a page, answers that are JSON, fields of forms."""
