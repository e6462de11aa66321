"""Accounts, logins, tokens and the set-up code: how each is created, changed and ended."""
