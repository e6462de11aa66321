"""F1Timings: the timing office for people who race in the F1 games."""

__version__ = "0.1.0"
