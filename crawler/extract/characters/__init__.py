"""From bytes to text: which character set a page is in, and whether what came of it can be read."""
