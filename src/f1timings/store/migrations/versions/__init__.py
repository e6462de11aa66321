"""The migrations, in order of their numbers; a released migration is never changed."""
