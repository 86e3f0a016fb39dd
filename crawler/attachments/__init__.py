"""Files that documents link to: what kind a file is, and the text in it. :func:`crawler.attachments.text.text_of`."""
