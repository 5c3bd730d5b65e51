"""Fuzz with atheris, which keeps those mutations that reach new code and goes on from them."""

from __future__ import annotations

import importlib
import os
import pkgutil
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import MOST_SEED_BYTES, how_to_read, seeds


def fuzz(reader: str, folder: Path, *, seed: int, seconds: int) -> NoReturn:
    """Fuzz for some seconds, print what was found, and end the process."""
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]  # noqa: PLC0415  (by hand only)

    with atheris.instrument_imports(include=["labelclean.io", "labelclean.label_set"]):
        # All of it, for some readers are loaded only when a file of theirs comes.
        room = importlib.import_module("labelclean.io")
        for module in pkgutil.walk_packages(room.__path__, "labelclean.io."):
            importlib.import_module(module.name)
    from tests.fuzz.running import Findings  # noqa: PLC0415  (what it loads must have probes in it)

    contents = [content for content, _, _ in seeds(reader)]
    workplace = Path(tempfile.mkdtemp())
    findings = Findings(workplace, folder)
    end = time.monotonic() + seconds
    current = folder / "current"
    folder.mkdir(parents=True, exist_ok=True)

    def examine_one(content: bytes) -> None:
        if time.monotonic() > end:
            # The engine would not come back, and leave out what was found.
            sys.stdout.write(findings.report())
            sys.stdout.flush()
            current.unlink(missing_ok=True)
            shutil.rmtree(workplace, ignore_errors=True)
            os._exit(int(bool(findings.kinds)))
        current.write_bytes(content)  # what was read last if the whole process dies
        findings.check(content, *how_to_read(reader, content))

    def mutate(content: bytes, max_size: int, number: int) -> bytes:
        rng = random.Random(number)  # noqa: S311  (no secret)
        if rng.random() < 0.3:
            changed: bytes = atheris.Mutate(content, max_size)
            return changed
        return mutated(rng, content, contents)[:max_size]

    corpus = workplace / "corpus"
    corpus.mkdir()
    for number, content in enumerate(contents):
        (corpus / f"seed{number}").write_bytes(content)
    options = [f"-seed={seed + 1}", f"-max_len={MOST_SEED_BYTES}", "-rss_limit_mb=4096", "-timeout=120", "-verbosity=0"]
    atheris.Setup(["fuzz", str(corpus), *options], examine_one, custom_mutator=mutate)
    atheris.Fuzz()
    raise SystemExit(1)
