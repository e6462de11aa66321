"""Received datagrams are sent on unchanged to other programs."""
