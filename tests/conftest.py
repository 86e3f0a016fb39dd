"""What all tests share: made-up examples are the same in every run; ``--hypothesis-profile=explore`` looks for others."""

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile("same")
