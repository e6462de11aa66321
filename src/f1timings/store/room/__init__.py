"""Queries about the screens of the room, and about the open meeting."""
