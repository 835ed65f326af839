"""The command `kiennghi`.

Exit codes: 0 done, 1 refused or not as it should be, 2 wrong usage, 3 no database, 70 a fault of the program.
Each command is a function in a module beside this one; every error ends at the edge, and the foreseen ones as a
sentence on stderr.
"""

import sys

from service.cli import errors


def main() -> None:
    sys.exit(errors.run_command_line(sys.argv[1:]))
