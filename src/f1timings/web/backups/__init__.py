"""Backups over HTTP: the list, the state, making one, and downloading one."""
