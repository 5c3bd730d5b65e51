"""
Wall time and peak memory of audits and re-rankings of large made data; how soon the demo's planted errors show.

Run: ``python -m tests.benchmarks.detection_scale [--only demo ...] [--markdown]``; the parts are those of ``PARTS``.
Each part runs in a process of its own. Making the texts is not timed; the memory holds them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from labelclean.errors import InvalidInputError
from labelclean.pipeline import audit
from tests.benchmarks.detection_child import peak_mib, processor_seconds
from tests.benchmarks.detection_made import make_texts
from tests.benchmarks.detection_measures import average_precision, recall_in_first
from tests.benchmarks.detection_reranking import rerank_made
from tests.benchmarks.detection_results import Measured, render

DEMO = Path(__file__).parents[2] / "assets" / "demo"
QUEUE_SHARE = 0.15


def audit_made(*, n_rows: int, n_classes: int) -> Measured:
    """Measure the audit of made texts."""
    made = make_texts(n_rows, n_classes)
    labels = [f"class {code:03d}" for code in made.given]
    return _measured(made.texts, labels, made.given != made.true)


def audit_demo() -> Measured:
    """Measure the audit of the support messages that come with the program."""
    messages = pd.read_csv(DEMO / "support_messages.csv", keep_default_na=False, dtype=str)
    answers = pd.read_csv(DEMO / "support_messages_answers.csv", keep_default_na=False, dtype=str)
    is_planted = messages["id"].isin(answers["id"]).to_numpy()
    return _measured(messages["text"].tolist(), messages["label"].tolist(), is_planted)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """
    One thing to measure, and what it may take.

    Attributes
    ----------
    run : callable
        Measures it.
    most_seconds, most_mib, least_recall : float
        The goals, on two processor cores.
    """

    run: Callable[[], Measured]
    most_seconds: float
    most_mib: float = float("inf")
    least_recall: float = 0.0

    def is_reached(self, found: Measured) -> bool:
        """Tell whether all its goals are reached."""
        is_small = found.wall_seconds <= self.most_seconds and found.peak_mib <= self.most_mib
        return is_small and found.recall >= self.least_recall

    @property
    def limits(self) -> str:
        """The goals in words."""
        parts = [f"{self.most_seconds:,.0f} s"]
        parts += [f"{self.most_mib:,.0f} MiB"] if np.isfinite(self.most_mib) else []
        parts += [f"recall {self.least_recall:g}"] if self.least_recall else []
        return ", ".join(parts)


def _reranking(n_rows: int) -> Callable[[], Measured]:
    return partial(rerank_made, n_rows=n_rows, n_classes=20, queue_share=QUEUE_SHARE)


PARTS = {
    "demo": Part(run=audit_demo, most_seconds=2.0, least_recall=0.8),
    "10,000 x 20": Part(run=partial(audit_made, n_rows=10_000, n_classes=20), most_seconds=30.0),
    "100,000 x 77": Part(run=partial(audit_made, n_rows=100_000, n_classes=77), most_seconds=120.0, most_mib=3 * 1024),
    "1,000,000 x 20": Part(
        run=partial(audit_made, n_rows=1_000_000, n_classes=20), most_seconds=600.0, most_mib=8 * 1024
    ),
    "re-rank 10,000 x 20": Part(run=_reranking(10_000), most_seconds=1.0),
    "re-rank 100,000 x 20": Part(run=_reranking(100_000), most_seconds=5.0),
}
"""What is measured; rows x classes where the texts are made."""

_COLUMNS = ("rows x classes", "wall s", "CPU s", "peak MiB", "AP", f"recall in {QUEUE_SHARE:.0%}", "at most", "")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each part in a child and print the table."""
    options = _parse(arguments)
    if options.one:
        print(json.dumps(asdict(PARTS[options.one].run())))
        return
    lines = []
    for name in options.only or PARTS:
        command = [sys.executable, "-m", "tests.benchmarks.detection_scale", "--one", name]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        lines.append(_line(name, Measured(**json.loads(output.splitlines()[-1]))))
        print(*lines[-1], sep=" | ", file=sys.stderr, flush=True)
    print(render(_COLUMNS, lines, is_markdown=options.markdown))


def _measured(texts: Sequence[str], labels: Sequence[str], is_planted: np.ndarray) -> Measured:
    if not is_planted.any():
        raise InvalidInputError("The data must hold planted errors; got none.")
    started, cpu_started = time.perf_counter(), processor_seconds()
    result = audit(texts, labels)
    wall, cpu = time.perf_counter() - started, processor_seconds() - cpu_started
    places = np.empty(len(texts))
    places[result.ranked_rows] = np.arange(len(texts), 0, -1)
    return Measured(
        wall_seconds=wall,
        cpu_seconds=cpu,
        peak_mib=peak_mib(),
        average_precision=average_precision(places, is_planted),
        recall=recall_in_first(places, is_planted, share=QUEUE_SHARE),
    )


def _line(name: str, found: Measured) -> list[str]:
    part = PARTS[name]
    figures = (found.wall_seconds, found.cpu_seconds, found.peak_mib)
    shares = (found.average_precision, found.recall)
    verdict = "reached" if part.is_reached(found) else "not reached"
    cells = [f"{value:,.{decimals}f}" for value, decimals in zip(figures, (1, 1, 0), strict=True)]
    return [name, *cells, *(f"{value:.3f}" for value in shares), part.limits, verdict]


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    description = (__doc__ or "").splitlines()[1]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.detection_scale", description=description)
    parser.add_argument("--only", nargs="*", choices=list(PARTS), help="only these parts")
    parser.add_argument("--markdown", action="store_true", help="for the documentation")
    parser.add_argument("--one", choices=list(PARTS), help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
