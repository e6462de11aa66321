"""``python -m f1timings``: the same as the command."""

from f1timings.commands.main import main

main()
