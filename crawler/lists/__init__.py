"""Read the pages of a catalogue: its rows, their dates, and how they lead from page to page. Pure."""
