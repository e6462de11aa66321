"""Answers that clients and the server keep while nothing changes."""
