"""The command line: parse, call, print."""

from __future__ import annotations

import sys
from typing import NoReturn

__all__ = ["main"]


def main() -> NoReturn:
    """Run the console script ``labelclean``."""
    from labelclean.cli.app import run  # noqa: PLC0415  (`import labelclean.cli` stays light)

    sys.exit(run(sys.argv[1:]))
