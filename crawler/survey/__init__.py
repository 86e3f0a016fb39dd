"""Look at a site that nobody has described, and draft its site file: ``gongkai sites add``."""
