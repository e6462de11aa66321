"""A damaged database: the state of the captures, the advice, and the start on a fresh file."""
