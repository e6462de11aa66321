"""The rules of access: accounts, logins, tokens, roles, passwords and the throttle on guessing. Pure."""
