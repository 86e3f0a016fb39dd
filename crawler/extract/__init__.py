"""Read a document's page: `page.extract_page` begins, `work.Work` is what all of it passes on. Pure."""
