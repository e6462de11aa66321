"""Benchmarks: each module measures one property, checks its results, and prints the figures."""
