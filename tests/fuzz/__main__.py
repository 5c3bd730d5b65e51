"""
Fuzz one reader by hand.

::

    python -m tests.fuzz csv                    ten minutes of damaged CSV files
    python -m tests.fuzz xlsx --seconds 60
    python -m tests.fuzz csv --replay FOLDER    the failing inputs of an earlier run again

Failing inputs are written to a folder; the exit code is 1 if there are any. With atheris (``pip install atheris``) the
code that runs steers the mutations; ``--blind`` goes without.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import warnings
from pathlib import Path

from tests.fuzz.seeds import READERS


def main() -> int:
    """Fuzz as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz one reader with damaged files.")
    parser.add_argument("reader", choices=READERS)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "labelclean-fuzz")
    parser.add_argument("--replay", type=Path, help="a folder of failing inputs")
    parser.add_argument("--blind", action="store_true", help="mutate without looking at the code that runs")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    if not arguments.blind and arguments.replay is None:
        from tests.fuzz.guided import fuzz  # noqa: PLC0415  (needs atheris, and puts probes into what is loaded later)

        fuzz(arguments.reader, arguments.out / arguments.reader, seed=arguments.seed, seconds=arguments.seconds)
    from tests.fuzz.running import Findings, fuzz_blind, replay  # noqa: PLC0415  (see above)

    with tempfile.TemporaryDirectory() as workplace:
        findings = Findings(Path(workplace), None if arguments.replay else arguments.out / arguments.reader)
        if arguments.replay is not None:
            replay(findings, arguments.reader, arguments.replay)
        else:
            fuzz_blind(findings, arguments.reader, seed=arguments.seed, seconds=arguments.seconds)
    sys.stdout.write(findings.report())
    return int(bool(findings.kinds))


if __name__ == "__main__":
    raise SystemExit(main())
