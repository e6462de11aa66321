"""All figures, one after the other: ``python -m benchmarks``."""

from __future__ import annotations

from benchmarks import board_columns, store_path, udp_receive

FIGURES = (board_columns, store_path, udp_receive)


def main() -> None:
    """Print every figure with the machine it was measured on."""
    for figure in FIGURES:
        assert figure.__doc__ is not None
        print(f"\n{figure.__doc__.splitlines()[0]}")
        figure.main()


if __name__ == "__main__":
    main()
