"""What the rig's own car did on each lap, at the rate of the game: recorded, stored as a blob, read."""
