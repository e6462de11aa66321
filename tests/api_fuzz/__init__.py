"""Schemathesis against a real server, as an anonymous client and as each role."""
