"""What the rows of the tower are computed from, each part only where something has changed."""
