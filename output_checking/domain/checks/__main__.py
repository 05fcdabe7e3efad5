"""`python -m output_checking.domain.checks` is the command `output-checking`."""

import sys

from output_checking.domain.checks.command.main import main

if __name__ == "__main__":
    sys.exit(main())
