"""The command line: one module for each command, and nothing else than that."""
