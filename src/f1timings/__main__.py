"""``python -m f1timings``: the same as the command."""

from f1timings.cli import main

main()
