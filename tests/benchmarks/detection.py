"""
Finding wrong labels: labelclean against the field's reference on sets whose true labels are known.

Run: ``python -m tests.benchmarks.detection --data FOLDER [--sets a,b] [--seeds N] [--only labelclean] [--markdown]``.
The folder holds CSV files with the columns ``text, given_label, true_label``, or ``text, given_labels, true_labels``
(joined by ``|``) for multi-label data; how a name ends tells the kind of error (``detection_sets.kind_of``). Of equal
texts the first is kept. An empty ``true_label`` is unknown: such rows are read by everybody and scored by nobody.

Everybody works on the same rows, each in a process of its own. The reference is cleanlab's CleanLearning over
TF-IDF of words and pairs of words and a logistic regression, 5 folds, BLAS on one thread; for multi-label data one
such model for each label and its multi-label scores. labelclean runs as shipped. The last line of each set ranks
labelclean's held-out probabilities as the reference would. Imports are not timed: everybody first tries a tiny set.

AP takes equal scores together. ECE: 15 bins of equal width. With one seed, all rows are used; with more, each seed
draws its own ``SAMPLE_SHARE`` of the rows and its own folds, and mean and standard deviation are shown.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.detection_child import Outcome, Task, read_outcome, read_rows, run_in_child
from tests.benchmarks.detection_contenders import LOADERS, RANKING_ONLY
from tests.benchmarks.detection_goals import ScoredSet, goal_lines
from tests.benchmarks.detection_results import COLUMNS, Measures, measure, render, table_line
from tests.benchmarks.detection_sets import LabelledSet, find_sets

SAMPLE_SHARE = 0.8


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every contender on every set, then print the table and, where everybody ran, the goals."""
    options = _parse(arguments)
    contenders = list(options.only or [*LOADERS, RANKING_ONLY])
    seeds = range(options.seeds)
    with tempfile.TemporaryDirectory() as folder:
        kept = options.keep or Path(folder)
        kept.mkdir(exist_ok=True)
        scored = [
            [
                score_set(
                    path, seed, share=1.0 if options.seeds == 1 else SAMPLE_SHARE, contenders=contenders, kept=kept
                )
                for path in find_sets(options.data, options.sets).values()
            ]
            for seed in seeds
        ]
    print_table(scored, contenders, is_markdown=options.markdown)
    if set(LOADERS) <= set(contenders):
        print()
        print(render(["goal", "limit", "figure", ""], goal_lines(scored), is_markdown=options.markdown))


def score_set(path: Path, seed: int, *, share: float, contenders: Sequence[str], kept: Path) -> ScoredSet:
    """Let every contender work on one set and score them."""
    task = Task(contender="labelclean", path=str(path), seed=seed, share=share)
    data = read_rows(task)
    runs: dict[str, Measures] = {}
    for contender in contenders:
        if contender == RANKING_ONLY:
            task = replace(task, pred_probs=str(outcome_path(kept, data, replace(task, contender="labelclean"))))
        outcome = _outcome(replace(task, contender=contender), data, kept)
        runs[contender] = found = measure(data, outcome)
        print(
            f"{data.name}, seed {seed}, {contender}: AP {found.average_precision:.3f}, {found.wall_seconds:.1f} s",
            file=sys.stderr,
            flush=True,
        )
    return ScoredSet(name=data.name, kind=data.kind, is_multi_label=data.is_multi_label, runs=runs)


def outcome_path(kept: Path, data: LabelledSet, task: Task) -> Path:
    """Return the file that holds what one contender found in one set."""
    contender = "".join(letter if letter.isalnum() else "_" for letter in task.contender)
    return kept / f"{data.name}-{task.share:g}-{task.seed}-{contender}.npz"


def print_table(seeds: Sequence[Sequence[ScoredSet]], contenders: Sequence[str], *, is_markdown: bool) -> None:
    """Print one line per set and contender."""
    lines = []
    for same_set in zip(*seeds, strict=True):
        for contender in contenders:
            title = same_set[0].name if contender == contenders[0] else ""
            lines.append([title, contender, *table_line([each.runs[contender] for each in same_set])])
    header = ["set", "who", *(title for title, _ in COLUMNS.values())]
    print(render(header, lines, is_markdown=is_markdown))


def _outcome(task: Task, data: LabelledSet, kept: Path) -> Outcome:
    """Run a contender; the reference not again where a kept outcome is there."""
    path = outcome_path(kept, data, task)
    if task.contender.startswith("reference, ") and path.exists():
        return read_outcome(path)
    return run_in_child(task, path)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    description = (__doc__ or "").splitlines()[1]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.detection", description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder with the sets")
    parser.add_argument("--sets", type=lambda names: names.split(","), help="only these, joined by commas")
    parser.add_argument("--seeds", type=int, default=1, help="more than 1: samples of the rows, with the spread")
    parser.add_argument("--only", action="append", choices=list(LOADERS), help="only this contender; may be repeated")
    parser.add_argument("--markdown", action="store_true", help="for the documentation")
    parser.add_argument(
        "--keep", type=Path, help="keep what was found in this folder and do not run the reference again if it is there"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
