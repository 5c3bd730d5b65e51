"""Run mutated inputs one after the other, and keep those that break a promise."""

from __future__ import annotations

import hashlib
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from tests.fuzz.examine import examine
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import how_to_read, seeds

MOST_SECONDS = 5.0
MOST_GROWTH_BYTES = 500 * 1024 * 1024
_HANGS_AFTER_SECONDS = 20


class Findings:
    """
    Counts inputs, and writes those that fail into a folder, each kind of failure once.

    Parameters
    ----------
    workplace : Path
        A folder for the inputs while they are read.
    folder : Path or None
        Where to; None keeps them in memory only.
    """

    def __init__(self, workplace: Path, folder: Path | None) -> None:
        self.n_inputs = self.n_read = 0
        self.kinds: dict[str, str] = {}
        self._folder = folder
        self._workplace = workplace
        self._peak = _peak_bytes()

    def check(self, content: bytes, name: str, options: dict[str, Any]) -> None:
        """Examine one input."""
        self.n_inputs += 1
        began = time.monotonic()
        try:
            with _alarm():
                self.n_read += examine(content, name, options, self._workplace)
        except Exception as error:  # noqa: BLE001  (finding any error is the purpose)
            self._keep(_place_of(error), traceback.format_exc(limit=-12), content, name, options)
        took, grown = time.monotonic() - began, _peak_bytes() - self._peak
        self._peak += max(grown, 0)
        if took > MOST_SECONDS:
            self._keep("slow", f"It took {took:.1f} s.", content, name, options)
        if grown > MOST_GROWTH_BYTES:
            self._keep("large", f"It took {grown:,} bytes of memory.", content, name, options)

    def report(self) -> str:
        """Return what was found, for people."""
        found = "".join(f"\n{kind}\n{words}\n" for kind, words in self.kinds.items())
        return f"{found}\n{self.n_inputs:,} inputs, {self.n_read:,} of them read, {len(self.kinds)} findings\n"

    def _keep(self, kind: str, words: str, content: bytes, name: str, options: dict[str, Any]) -> None:
        if kind in self.kinds:
            return
        self.kinds[kind] = words
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            stem = hashlib.sha256(content).hexdigest()[:12]
            (self._folder / f"{stem}--{name}").write_bytes(content)
            (self._folder / f"{stem}.txt").write_text(f"{kind}\noptions: {options}\n\n{words}\n", encoding="utf-8")


def fuzz_blind(findings: Findings, reader: str, *, seed: int, seconds: float = 1e9, n_inputs: int = 1 << 60) -> None:
    """Examine mutations of the reader's golden files until time or inputs are used up."""
    rng = random.Random(seed)  # noqa: S311  (no secret)
    known = seeds(reader)
    contents = [content for content, _, _ in known]
    end = time.monotonic() + seconds
    while findings.n_inputs < n_inputs and time.monotonic() < end:
        content, name, options = rng.choice(known)
        changed = mutated(rng, content, contents)
        if rng.random() < 0.5:
            name, options = how_to_read(reader, changed)
        findings.check(changed, name, options)


def replay(findings: Findings, reader: str, folder: Path) -> None:
    """Examine the failing inputs of an earlier run, as they were read then and in the reader's own way."""
    for path in sorted(folder.glob("*--*")):
        content = path.read_bytes()
        findings.check(content, *how_to_read(reader, content))
        findings.check(content, path.name.partition("--")[2], {})


@contextmanager
def _alarm() -> Iterator[None]:
    """Stop an input that never ends, where Python code runs at all."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise RuntimeError("it did not end")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_HANGS_AFTER_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _place_of(error: Exception) -> str:
    """Return what and where an error is, so that the same one counts once."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "labelclean" in frame.filename]
    last = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
    words = str(error)[:60] if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__} {Path(last.filename).name}:{last.lineno} {words}"


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
