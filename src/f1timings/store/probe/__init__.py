"""Whether the database is there and answers: looked at every second, also while nothing is stored."""
