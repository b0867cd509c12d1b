"""Benchmarks of saferedact: speed, recall and leaks, beside references and other programs."""
