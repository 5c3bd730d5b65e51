"""The probabilities of one model or several, checked and walked through as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label, MaskArray
from labelclean.core.checks import check_pred_probs, column_names, refuse_bad_probabilities
from labelclean.core.temperature import log_odds, log_probs, softened, softened_binary
from labelclean.errors import InvalidInputError

__all__ = ["ModelProbs", "PredProbs", "check_columns", "named_classes", "required"]

PredProbs: TypeAlias = ArrayLike
"""Probabilities of one model, shape (n_examples, n_classes), or a list of several such tables, or one array
(n_models, n_examples, n_classes)."""

SMALLEST = 1e-30
"""What a probability of 0, which has no logarithm, counts as where a temperature is searched."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ModelProbs:
    """
    One table of probabilities per model, each with a temperature that is applied block by block.

    Attributes
    ----------
    tables : tuple of ndarray of float, each of shape (n_examples, n_classes)
        The callers' own arrays, never written to.
    temperatures : ndarray of float64, shape (n_models,) or (n_models, n_classes), or None
        One per model; or, where every class is a question of its own, present or absent, one per model and class.
        None leaves the tables as they are.
    """

    tables: tuple[NDArray[np.floating], ...]
    temperatures: FloatArray | None = None

    @classmethod
    def checked(cls, pred_probs: PredProbs, *, n_examples: int | None, n_classes: int | None) -> Self:
        """Refuse tables that do not fit the examples, the classes, or each other."""
        given = _split(pred_probs)
        if not given:
            raise InvalidInputError("pred_probs must hold at least one model's table; got an empty list.")
        tables = tuple(check_pred_probs(table) for table in given)
        n_rows = len(tables[0]) if n_examples is None else n_examples
        n_columns = tables[0].shape[1] if n_classes is None else n_classes
        for place, table in enumerate(tables):
            if table.shape != (n_rows, n_columns):
                raise InvalidInputError(
                    f"pred_probs must have {n_rows:,} rows and {n_columns:,} columns, one per example and one per "
                    f"class; got shape {table.shape} from model {place:,}.",
                    fix="Recompute them on the same rows, with a column for every class.",
                )
            refuse_bad_probabilities(table)
        return cls(tables=tables)

    @property
    def n_models(self) -> int:
        """Number of models."""
        return len(self.tables)

    @property
    def n_examples(self) -> int:
        """Number of rows."""
        return len(self.tables[0])

    @property
    def n_classes(self) -> int:
        """Number of columns."""
        return int(self.tables[0].shape[1])

    def with_temperatures(self, temperatures: FloatArray | None) -> ModelProbs:
        """Return the same tables, to be sharpened or softened as they are read."""
        return ModelProbs(tables=self.tables, temperatures=temperatures)

    def rows(self, rows: IndexArray) -> ModelProbs:
        """Return some rows of every table."""
        return ModelProbs(tables=tuple(table[rows] for table in self.tables), temperatures=self.temperatures)

    def guesses(self, model: int) -> CodeArray:
        """Return the most likely class of every row by one model; the first of equals. No temperature changes it."""
        return np.asarray(self.tables[model].argmax(axis=1), dtype=np.int64)

    def block(self, model: int, rows: slice | IndexArray) -> FloatArray:
        """Return some rows of one model, float64; a copy or a view, not to be written to."""
        probs: FloatArray = self.tables[model][rows].astype(np.float64, copy=False)
        if self.temperatures is None:
            return probs
        if self.temperatures.ndim == 1:
            return softened(_logits(probs), float(self.temperatures[model]))
        return softened_binary(log_odds(probs, smallest=SMALLEST), self.temperatures[model])

    def says_present(self, model: int, rows: slice) -> NDArray[np.bool_]:
        """Return which classes apply to some rows rather than not, by one model. No temperature changes it."""
        probs = self.tables[model][rows].astype(np.float64, copy=False)
        return np.asarray(probs > 1 - probs)

    def logits(self, model: int, rows: slice) -> FloatArray:
        """Return the logarithms of some rows of one model without its temperature; 0 for the most likely class."""
        return _logits(self.tables[model][rows].astype(np.float64, copy=False))

    def odds(self, model: int, rows: MaskArray, classes: slice) -> FloatArray:
        """Return the logarithms of the odds by one model without its temperature, shape (n_classes, n_rows)."""
        return log_odds(self.tables[model][rows, classes].T.astype(np.float64, order="C"), smallest=SMALLEST)

    def mean_block(self, rows: slice | IndexArray) -> FloatArray:
        """Return the mean over the models of some rows."""
        return np.asarray(self.weighted_block(rows, np.ones(self.n_models)) / self.n_models)

    def weighted_block(self, rows: slice | IndexArray, weights: FloatArray) -> FloatArray:
        """Return the weighted sum over the models of some rows."""
        total: FloatArray = self.block(0, rows) * weights[0]
        for model in range(1, self.n_models):
            total += self.block(model, rows) * weights[model]
        return total


def named_classes(pred_probs: PredProbs | None) -> tuple[Label, ...] | None:
    """
    Return the classes that the columns of the probabilities are named after.

    Parameters
    ----------
    pred_probs : array-like, list of tables, or None
        Probabilities; only DataFrames name their columns.

    Returns
    -------
    tuple of hashable or None
        None where no table has named columns, or where they are only numbered.

    Raises
    ------
    InvalidInputError
        If two tables name their columns differently.

    Examples
    --------
    >>> import pandas as pd
    >>> named_classes(pd.DataFrame([[0.5, 0.5]], columns=["cat", "dog"]))
    ('cat', 'dog')
    """
    found = None
    for table in [] if pred_probs is None else _split(pred_probs):
        names = column_names(table)
        if names is not None and found is not None and names != found:
            raise InvalidInputError(
                "All models' tables must have the same columns in the same order; got different ones.",
                fix="Put the columns into one order.",
            )
        found = names if found is None else found
    return found


def check_columns(named: tuple[Label, ...] | None, class_names: tuple[Label, ...]) -> None:
    """
    Refuse probabilities whose columns are named after other classes, or in another order.

    Parameters
    ----------
    named : tuple of hashable or None
        Names of the columns; None fits everything.
    class_names : tuple of hashable
        The classes of the votes.

    Returns
    -------
    None
        If they fit.

    Raises
    ------
    InvalidInputError
        If they do not.

    Examples
    --------
    >>> check_columns(("cat", "dog"), ("cat", "dog"))
    """
    if named is not None and named != class_names:
        raise InvalidInputError(
            f"The columns of pred_probs must be the {len(class_names):,} classes in their order; got other names.",
            fix="Give class_names in the order of the columns when the votes are read.",
        )


def required(models: ModelProbs | None) -> ModelProbs:
    """
    Return the probabilities that a caller had to give.

    Parameters
    ----------
    models : ModelProbs or None
        The probabilities, if any were given.

    Returns
    -------
    ModelProbs
        The same.

    Raises
    ------
    InvalidInputError
        If none were given.

    Examples
    --------
    >>> required(None)
    Traceback (most recent call last):
    labelclean.errors.InvalidInputError: pred_probs must be given; got none. Give held-out probabilities.
    """
    if models is None:
        raise InvalidInputError("pred_probs must be given; got none.", fix="Give held-out probabilities.")
    return models


def _split(pred_probs: PredProbs) -> list[ArrayLike]:
    if isinstance(pred_probs, np.ndarray):
        return list(pred_probs) if pred_probs.ndim == 3 else [pred_probs]  # noqa: PLR2004  (models, rows, classes)
    if isinstance(pred_probs, list | tuple) and (not pred_probs or np.ndim(pred_probs[0]) == 2):  # noqa: PLR2004
        return list(pred_probs)
    return [pred_probs]


def _logits(probs: FloatArray) -> FloatArray:
    """Return logarithms, 0 for the most likely class of each row."""
    shifted = log_probs(probs, smallest=SMALLEST)
    shifted -= shifted.max(axis=1, keepdims=True)
    return shifted
