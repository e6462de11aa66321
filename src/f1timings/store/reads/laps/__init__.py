"""Reads of laps: lists, judgements of marshals, traces."""
