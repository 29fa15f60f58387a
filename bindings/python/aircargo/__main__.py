"""``python -m aircargo`` is the command ``aircargo``."""

import sys

from aircargo.cli import main

if __name__ == "__main__":
    sys.exit(main())
