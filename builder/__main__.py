"""`python -m builder` is the same as `gallery`."""

import sys

from builder.core.stopping import end_at_once, ending_in_order


def main() -> int:
    """Run the command line; loading it takes a second, in which it may be stopped too."""
    end_at_once()
    from builder.cli import main

    with ending_in_order():
        return main()


if __name__ == "__main__":
    sys.exit(main())
