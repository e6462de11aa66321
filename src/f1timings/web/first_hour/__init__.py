"""What helps while no rig is heard yet."""
