"""What two texts have in common, what differs, and what a difference means."""
