"""The text of a document: the element that holds it, its lines, and what in and around it is furniture of the site."""
