"""The parts of the view ``car:<rig>``: its columns, the records that it reads, its row and its frames."""
