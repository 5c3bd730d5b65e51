"""Labelled texts whose true labels are known as well, and how to part them for training and testing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from labelclean.arrays import UNLABELLED, CodeArray, FeatureMatrix, IndexArray
from labelclean.features.views import text_views
from labelclean.issues.duplicates import exact_duplicate_groups

__all__ = ["NoisySet", "read_noisy_set", "split_rows"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class NoisySet:
    """
    Rows with given and true labels.

    Attributes
    ----------
    features : csr_array of float32, shape (n_examples, n_features)
        TF-IDF of words, and of pairs of words where texts are short, over all texts.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same text have the same number.
    given, true : ndarray of int64, shape (n_examples,) or (n_examples, n_labels)
        Class codes, true ones -1 where unknown; for multi-label data 1 where the label applies.
    """

    features: FeatureMatrix
    groups: IndexArray
    given: CodeArray
    true: CodeArray

    @property
    def is_multi_label(self) -> bool:
        """Whether a row has a set of labels."""
        return self.given.ndim > 1

    @property
    def error_rate(self) -> float:
        """Share of the rows with known true labels whose given labels differ from them."""
        wrong = self.given != self.true
        return float(wrong.any(axis=1).mean() if self.is_multi_label else wrong[self.true != UNLABELLED].mean())


def read_noisy_set(path: Path) -> NoisySet:
    """Read one CSV file, packed or not."""
    frame = pd.read_csv(path, keep_default_na=False, dtype=str)
    texts = frame["text"].tolist()
    read = _label_sets if "given_labels" in frame else _classes
    given, true = read(frame)
    return NoisySet(
        features=text_views(texts)[0].tfidf,
        groups=exact_duplicate_groups(texts),
        given=given,
        true=true,
    )


def split_rows(data: NoisySet, *, seed: int, train_share: float = 0.7) -> tuple[IndexArray, IndexArray]:
    """
    Part the rows at random into training and test rows.

    Rows with the same text are on the same side; rows whose true label is unknown are trained on only.
    """
    _, numbers = np.unique(data.groups, return_inverse=True)
    order = np.random.default_rng(seed).permutation(numbers.max() + 1)
    in_training = order[numbers] < train_share * len(order)
    known = np.ones(len(numbers), dtype=np.bool_) if data.is_multi_label else data.true != UNLABELLED
    return np.flatnonzero(in_training | ~known), np.flatnonzero(~in_training & known)


def _classes(frame: pd.DataFrame) -> tuple[CodeArray, CodeArray]:
    names = sorted((set(frame["given_label"]) | set(frame["true_label"])) - {""})
    codes = {name: code for code, name in enumerate(names)}
    given, true = (
        [codes.get(label, UNLABELLED) for label in frame[column]] for column in ("given_label", "true_label")
    )
    return np.array(given, dtype=np.int64), np.array(true, dtype=np.int64)


def _label_sets(frame: pd.DataFrame) -> tuple[CodeArray, CodeArray]:
    given, true = (frame[column].str.split("|").tolist() for column in ("given_labels", "true_labels"))
    names = sorted({label for labels in given + true for label in labels if label})
    tables = ([[name in labels for name in names] for labels in sets] for sets in (given, true))
    first, second = (np.array(table, dtype=np.int64) for table in tables)
    return first, second
