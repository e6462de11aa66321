"""What circuits look like, learned from where cars drive. Pure."""
