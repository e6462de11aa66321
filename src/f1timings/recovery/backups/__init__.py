"""Backups of the database: their files, when they are made, which are kept, and the second folder."""
