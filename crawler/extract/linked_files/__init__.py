"""Files that a page links to: which of them are the document's, and what they are called."""
