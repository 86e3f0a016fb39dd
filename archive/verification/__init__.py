"""What `gongkai verify` checks, one kind of content each."""
