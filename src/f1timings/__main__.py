"""``python -m f1timings``: the same as the command ``f1timings``."""

from f1timings.commands.main import main

main()
