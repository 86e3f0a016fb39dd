"""What was found and is not believed yet: it waits, and for what."""
