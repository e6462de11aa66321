"""How fast it is, and how that is known: each script prints its numbers and checks what it measured."""
