"""Schemathesis against a real server, as nobody, viewer, marshal and admin."""
