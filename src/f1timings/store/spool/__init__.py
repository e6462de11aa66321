"""The spool: events that wait for the database are also in a file, so that a kill meanwhile loses none."""
