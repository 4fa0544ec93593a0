"""Speed and memory, measured as ratios in one run: python -m tests.bench. Never asserted in the test suite."""
