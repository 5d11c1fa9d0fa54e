"""`python -m builder` is the same as `gallery`."""

import sys

from builder.cli import main

sys.exit(main())
