"""What verdicts must be like, checked once before anything is learnt from them."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import IndexArray
from labelclean.core.reranking_data import RankingSignals, Verdicts
from labelclean.errors import InvalidInputError

__all__ = ["check_reranking"]


def check_reranking(signals: RankingSignals, verdicts: Verdicts) -> None:
    """
    Refuse signals and verdicts that do not fit together.

    Parameters
    ----------
    signals : RankingSignals
        What the audit knows.
    verdicts : Verdicts
        What the reviewer said.

    Returns
    -------
    None
        Where all is well.

    Raises
    ------
    InvalidInputError
        If shapes do not fit, rows are none or stand twice, or a verdict contradicts itself.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> none = np.empty(0, dtype=np.int64)
    >>> sketch = np.zeros((0, 0))
    >>> views = SimpleNamespace(values=np.zeros((1, 2)), names=("words", "characters"), text_sketch=sketch)
    >>> check_reranking(
    ...     SimpleNamespace(labels=np.array([0]), views=views),
    ...     SimpleNamespace(rows=none, is_wrong=none, true_labels=none, set_aside=none),
    ... )
    """
    n_examples = len(signals.labels)
    if signals.views.values.shape != (n_examples, len(signals.views.names)):
        raise InvalidInputError(
            f"The learners' log-odds must have one row for each of the {n_examples:,} labels and one column for each "
            f"of the {len(signals.views.names):,} names; got shape {signals.views.values.shape}.",
            fix="Take them from the same run.",
        )
    if signals.views.text_sketch.size and len(signals.views.text_sketch) != n_examples:
        raise InvalidInputError(
            f"The sketch of the texts must have one row for each of the {n_examples:,} labels; got "
            f"{len(signals.views.text_sketch):,}.",
            fix="Take it from the same run.",
        )
    shapes = {verdicts.rows.shape, verdicts.is_wrong.shape, verdicts.true_labels.shape}
    if len(shapes) > 1 or verdicts.rows.ndim != 1:
        raise InvalidInputError(
            f"rows, is_wrong and true_labels must be equally long; got shapes {verdicts.rows.shape}, "
            f"{verdicts.is_wrong.shape} and {verdicts.true_labels.shape}.",
            fix="Give one of each for every verdict.",
        )
    _check_rows(np.concatenate([verdicts.rows, verdicts.set_aside]), n_examples)
    _check_answers(signals, verdicts)


def _check_rows(rows: IndexArray, n_examples: int) -> None:
    outside = np.flatnonzero((rows < 0) | (rows >= n_examples))
    if len(outside):
        raise InvalidInputError(
            f"Decided rows must be between 0 and {n_examples - 1:,}; got {len(outside):,} that are not, the first "
            f"{int(rows[outside[0]]):,}.",
            fix="Use the decisions of the same file.",
        )
    seen, counts = np.unique(rows, return_counts=True)
    if (counts > 1).any():
        raise InvalidInputError(
            f"Each row must be decided once; got {int((counts > 1).sum()):,} rows more than once, the first "
            f"{int(seen[counts > 1][0]):,}.",
            fix="Keep the last decision of each row.",
        )


def _check_answers(signals: RankingSignals, verdicts: Verdicts) -> None:
    given, true = signals.labels[verdicts.rows], verdicts.true_labels
    named = true != -1
    contradicts = (true < -1) | (named & (given != -1) & ((true == given) == verdicts.is_wrong))
    if contradicts.any():
        raise InvalidInputError(
            f"A right class must differ from the given label exactly where that is wrong; got "
            f"{int(contradicts.sum()):,} verdicts that contradict themselves, the first for row "
            f"{int(verdicts.rows[contradicts][0]):,}.",
            fix="Give -1 where the right class is not known.",
        )
