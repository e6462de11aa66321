"""Damaged databases: how damage is found, and how a fresh file takes over what is readable."""
