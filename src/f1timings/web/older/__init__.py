"""The older program's routes and notifications, for its clients."""
