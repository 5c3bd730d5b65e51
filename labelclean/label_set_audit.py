"""The audit of label sets: texts and sets of labels in, labels to add and to remove out."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from labelclean.arrays import FloatArray, Label, MaskArray
from labelclean.config import AuditConfig
from labelclean.core.chunks import row_chunks
from labelclean.core.error_probability import rank_rows
from labelclean.dataset import Dataset, is_missing_label, sorted_classes
from labelclean.errors import ConfigError, InvalidInputError
from labelclean.features.views import TextView, text_views
from labelclean.issues.near_duplicates import near_duplicate_groups
from labelclean.label_set_results import LabelSetAuditResult
from labelclean.models.blas_threads import one_blas_thread
from labelclean.models.folds import NO_FOLD
from labelclean.models.label_sets.cell_errors import (
    error_log_odds,
    estimate_label_noise,
    move_to_total,
    n_wrong_rows,
    row_log_odds,
)
from labelclean.models.label_sets.cooccurrence import Cooccurrence, with_cooccurrence
from labelclean.models.label_sets.first_stage import affordable_folds, label_set_folds, text_log_odds
from labelclean.models.label_sets.suggested_sets import suggested_sets
from labelclean.models.label_sets.types import Cells, GivenTable
from labelclean.protocols import Progress, no_progress

__all__ = ["audit_label_sets"]

_GROUPED, _READ, _JUDGED, _JOINED = 0.05, 0.1, 0.85, 0.97  # share of the whole time after which each step is done
_MOST_CHARACTERS = 60_000_000  # of all texts, to read them in full
_IS_ISSUE = 0.5

_T = TypeVar("_T")


def audit_label_sets(
    texts: Sequence[str],
    label_sets: Sequence[Iterable[Label] | None],
    *,
    embeddings: ArrayLike | None = None,
    config: AuditConfig | None = None,
    progress: Progress | None = None,
) -> LabelSetAuditResult:
    """
    Find the labels that are wrongly given to texts, or wrongly left out, where a text may have any number of labels.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts, in any language.
    label_sets : sequence of iterable of hashable or None, length n_examples
        The given labels of each text: a list, tuple or set. An empty one says that no label fits; None says that nobody
        looked yet: such rows get probabilities, and no score.
    embeddings : array-like of float, shape (n_examples, n_dimensions), optional
        Your own embeddings of the texts, one more view of them.
    config : AuditConfig, optional
        Options; ``n_folds``, ``random_state`` and ``n_jobs`` count here. Very large data get fewer folds, 3 at least.
    progress : Progress, optional
        Told the step under way and the fraction done, 0 to 1; it may raise ``RunCancelledError``.

    Returns
    -------
    LabelSetAuditResult
        Row by row, in the order given; the same bytes whatever ``config.n_jobs`` is.

    Raises
    ------
    ConfigError
        If ``config`` is no ``AuditConfig``.
    InvalidInputError
        If lengths differ, a set is no collection of labels, no row has a label set, or embeddings do not fit.
    RunCancelledError
        If ``progress`` raises it.

    Notes
    -----
    Each label of each row is judged by ridge regression and naive Bayes on words and characters, from models that did
    not see the row or a near-copy of its text; one logistic calibrator joins them. What the row's other labels say is
    added where it explains rows held out clearly better. Odds that a cell is wrong are those that the models give
    against what was given; a row's odds are the sum of its cells'. All are moved together so that they add up to the
    number of errors that confident counting finds, which leaves their order. Flagged is what is likelier wrong than
    right. The suggested set is the likeliest one if the given one is wrong, so every row gets one: the likeliest errors
    turned around, and with them what then no longer fits. Memory: some 50 bytes per cell.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70; Thyagarajan et al. (2022), arXiv:2211.13895.

    Examples
    --------
    >>> texts = ["late parcel", "late refund", "broken parcel", "broken refund"] * 10
    >>> sets = [["late"], ["late", "money"], ["broken"], ["broken", "money"]] * 10
    >>> sets[1] = ["late"]
    >>> result = audit_label_sets([f"{text} {row}" for row, text in enumerate(texts)], sets)
    >>> int(result.ranked_rows[0]), result.given_labels(1)
    (1, ('late',))
    """
    options = AuditConfig() if config is None else config
    if not isinstance(options, AuditConfig):
        raise ConfigError(
            f"config must be an AuditConfig; got {type(options).__name__}.", fix="Write AuditConfig(n_folds=10)."
        )
    tell = progress or no_progress
    tell("Reading texts", 0.0)
    texts, label_sets = _in_order(texts, "texts"), _in_order(label_sets, "label_sets")
    class_names, is_given, is_labelled = _read_sets(texts, label_sets)
    vectors = None if embeddings is None else _read_embeddings(embeddings, len(texts))
    groups = near_duplicate_groups(texts, progress=_share(tell, 0.0, _GROUPED))
    views = _read_texts(texts, tell)
    n_folds = affordable_folds(views, len(class_names), n_folds=options.n_folds)
    folds = label_set_folds(is_given, is_labelled, groups, n_folds=n_folds, random_state=options.random_state)
    with one_blas_thread():
        from_text = text_log_odds(
            views,
            is_given,
            folds,
            groups,
            embeddings=vectors,
            n_jobs=options.n_jobs,
            progress=_share(tell, _READ, _JUDGED),
        )
        joined = with_cooccurrence(from_text, is_given, folds, progress=_share(tell, _JUDGED, _JOINED))
        tell("Ranking", _JOINED)
        result = _judge(class_names, is_given, folds, joined)
    tell("Done", 1.0)
    return result


def _judge(
    class_names: tuple[Label, ...],
    is_given: GivenTable,
    folds: NDArray[np.int64],
    joined: Cooccurrence,
) -> LabelSetAuditResult:
    """Turn log-odds into error probabilities, flags and a queue; rows without a label set get none."""
    log_odds, labelled = joined.log_odds, np.flatnonzero(folds != NO_FOLD)
    noise = estimate_label_noise(log_odds[labelled], is_given[labelled])
    errors = error_log_odds(log_odds[labelled], is_given[labelled])
    move = move_to_total(errors, noise.n_wrong_cells)
    n_rows = n_wrong_rows(errors, move)
    of_rows = row_log_odds(errors)
    cells = np.full(is_given.shape, np.nan, dtype=np.float32)
    cells[labelled] = _shifted(errors, move)
    of_row = np.full(len(is_given), np.nan)
    of_row[labelled] = expit(of_rows + move_to_total(of_rows, n_rows))
    is_issue = of_row > _IS_ISSUE  # NaN is not
    return LabelSetAuditResult(
        class_names=class_names,
        is_given=is_given,
        is_labelled=folds != NO_FOLD,
        pred_probs=_shifted(log_odds, 0.0),
        cell_error_probabilities=cells,
        error_probabilities=of_row,
        is_cell_issue=(cells > _IS_ISSUE) & is_issue[:, np.newaxis],
        is_issue=is_issue,
        is_suggested=suggested_sets(joined, is_given, cells, noise),
        ranked_rows=rank_rows(of_row, -_strongest(cells)),
        added_rates=noise.added_rates,
        missing_rates=noise.missing_rates,
        n_added=noise.n_added,
        n_missing=noise.n_missing,
        n_wrong_rows=n_rows,
        uses_cooccurrence=joined.is_used,
        cooccurrence_gain=joined.gain,
    )


def _shifted(log_odds: Cells, move: float) -> Cells:
    """Return probabilities, block by block."""
    probs = np.empty_like(log_odds)
    for rows in row_chunks(log_odds):
        expit(log_odds[rows] + np.float32(move), out=probs[rows])
    return probs


def _strongest(cells: Cells) -> FloatArray:
    """Return the highest error probability of each row; 0 without labels."""
    return np.asarray(cells.max(axis=1, initial=0.0), dtype=np.float64)


def _read_texts(texts: Sequence[str], tell: Progress) -> tuple[TextView, ...]:
    bounded = sum(map(len, texts)) > _MOST_CHARACTERS
    return text_views(texts, bounded=bounded, progress=_share(tell, _GROUPED, _READ))


def _share(progress: Progress, low: float, high: float) -> Progress:
    return lambda step, fraction: progress(step, low + (high - low) * fraction)


def _in_order(values: Iterable[_T], name: str) -> list[_T]:
    if isinstance(values, (str, bytes, Mapping, AbstractSet)) or not isinstance(values, Iterable):
        raise InvalidInputError(
            f"{name} must be a list, an array or one column of a table; got {type(values).__name__}.",
            fix="Give one text and one set of labels per row, in the same order.",
        )
    return list(values)


def _read_sets(
    texts: Sequence[str], label_sets: Sequence[Iterable[Label] | None]
) -> tuple[tuple[Label, ...], GivenTable, MaskArray]:
    if len(texts) != len(label_sets):
        raise InvalidInputError(
            f"texts and label_sets must have the same length; got {len(texts):,} texts and {len(label_sets):,} sets.",
            fix="Give one set per text: an empty one where no label fits, None where there is none yet.",
        )
    Dataset.from_labels(texts, [None] * len(texts))  # refuses what is no text
    sets = [_members(labels, row) for row, labels in enumerate(label_sets)]
    is_labelled = np.array([labels is not None for labels in sets], dtype=np.bool_)
    if not is_labelled.any():
        raise InvalidInputError(
            f"label_sets must hold at least one set; got None in all {len(sets):,} rows.",
            fix="Give an empty list where no label fits.",
        )
    members = [label for labels in sets for label in labels or ()]
    class_names = sorted_classes(members)
    codes: dict[tuple[type, Hashable], int] = {(type(name), name): code for code, name in enumerate(class_names)}
    is_given = np.zeros((len(sets), len(class_names)), dtype=np.bool_)
    rows = np.repeat(np.arange(len(sets)), [len(labels or ()) for labels in sets])
    is_given[rows, [codes[type(label), label] for label in members]] = True
    return class_names, is_given, is_labelled


def _members(labels: Iterable[Label] | None, row: int) -> list[Hashable] | None:
    """Return the labels of one set as plain values, or None where there is no set."""
    if labels is None or (isinstance(labels, float) and math.isnan(labels)):
        return None
    if isinstance(labels, (str, bytes)) or not isinstance(labels, Iterable):
        raise InvalidInputError(
            f"label_sets must hold a list, tuple or set of labels for each text; got {type(labels).__name__} in row "
            f"{row:,}.",
            fix="Split text such as 'a|b' into ['a', 'b'] first.",
        )
    members = [label.item() if isinstance(label, np.generic) else label for label in labels]
    for label in members:
        if not isinstance(label, Hashable) or is_missing_label(label):
            raise InvalidInputError(
                f"label_sets must hold labels; got an empty or unhashable one in row {row:,}.",
                fix="Leave out what is missing.",
            )
    return members


def _read_embeddings(embeddings: ArrayLike, n_examples: int) -> NDArray[np.float32]:
    table = np.asarray(embeddings, dtype=np.float32)
    if table.ndim != 2 or table.shape[0] != n_examples or not table.shape[1]:  # noqa: PLR2004  (a table has two axes)
        raise InvalidInputError(
            f"embeddings must be a table with one row for each of the {n_examples:,} texts; got shape {table.shape}.",
            fix="Compute them on the same texts, in the same order.",
        )
    bad = np.flatnonzero(~np.isfinite(table).all(axis=1))
    if bad.size:
        raise InvalidInputError(
            f"embeddings must be finite numbers; got others in {bad.size:,} rows, first in row {bad[0]:,}.",
            fix="Compute these rows again.",
        )
    return table
