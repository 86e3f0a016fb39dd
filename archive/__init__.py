"""Keep, compare, prove and show what was published."""
