"""Queries about the screens of the room."""
