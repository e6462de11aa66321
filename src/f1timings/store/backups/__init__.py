"""Copies of a database for backups: made while it is in use, inspected, and put back."""
