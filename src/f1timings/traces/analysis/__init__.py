"""What traces say: laps by distance, where one lost time to another, corners, the ideal lap, and words."""
