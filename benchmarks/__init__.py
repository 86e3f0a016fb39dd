"""Speed, as ratios measured side by side in one run. Each module is run by hand: ``python -m benchmarks.collection``."""
