"""Random noise matrices with a given trace, for experiments where the noise must be known."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import ClassArray, MaskArray, ProbMatrix
from labelclean.errors import ConfigError

__all__ = ["is_learnable", "random_noise_matrix"]

_MAX_DRAWS = 1000
_SUM_TOLERANCE = 1e-6
_MARGIN_KEPT = 0.1  # of the margin that the mixing matrix has, see _made_learnable


def random_noise_matrix(
    n_classes: int,
    *,
    trace: float,
    class_priors: ArrayLike | None = None,
    fraction_zero_rates: float = 0.0,
    learnable: bool = True,
    random_state: int | np.random.Generator,
) -> ProbMatrix:
    """
    Draw a noise matrix whose diagonal adds up to a given number.

    The trace says how much noise there is: ``n_classes`` is none, 1 is what labels drawn by chance have.

    Parameters
    ----------
    n_classes : int
        At least 1.
    trace : float
        Sum of the diagonal, 0 to ``n_classes``; above 1 if the matrix has to be learnable.
    class_priors : array-like of float, shape (n_classes,), optional
        P(true class), sums to 1; equal shares if left out. Only ``learnable`` looks at it.
    fraction_zero_rates : float, default=0.0
        Share of the ``n_classes * (n_classes - 1)`` noise rates that are 0, from 0 to 1; rounded to whole rates. Where
        so many are asked for that some classes cannot have any noise, their columns are those of the identity.
        With a trace of ``n_classes`` all of them are 0, whatever was asked for.
    learnable : bool, default=True
        Whether every given class must tell something about its true class; see ``is_learnable``.
    random_state : int or numpy.random.Generator
        Seed, or the generator to draw from.

    Returns
    -------
    ndarray of float64, shape (n_classes, n_classes)
        P(given | true), indexed [given, true]; every column sums to 1, the diagonal to ``trace``, up to rounding of
        floating-point numbers.

    Raises
    ------
    ConfigError
        If no such matrix exists, or none was found: a sparse and learnable one is drawn at most 1000 times.

    Notes
    -----
    Drawn are uniform numbers, scaled towards 0 or 1 until they add up to what they must. A full matrix that is not
    learnable is mixed with ``a * I + (1 - a) / n_classes``, which has the same trace and is learnable for any priors,
    just so far that it becomes learnable too.

    Examples
    --------
    >>> matrix = random_noise_matrix(3, trace=2.4, random_state=0)
    >>> matrix.sum(axis=0).round(12), np.trace(matrix).round(12)
    (array([1., 1., 1.]), np.float64(2.4))
    """
    priors = _checked_priors(class_priors, n_classes, learnable=learnable)
    n_zero = _checked_zero_count(n_classes, trace, fraction_zero_rates, learnable=learnable)
    generator = np.random.default_rng(random_state)
    for _ in range(_MAX_DRAWS):
        matrix = _draw(n_classes, trace, n_zero, generator)
        if not learnable or is_learnable(matrix, priors):
            return matrix
        if n_zero == 0:
            return _made_learnable(matrix, priors, trace)
    raise ConfigError(
        f"trace and fraction_zero_rates must leave room for a learnable matrix; got {trace:g} and "
        f"{fraction_zero_rates:g}, with which none was found in {_MAX_DRAWS:,} draws.",
        fix="Raise the trace, ask for fewer zero rates, or make the class priors more even.",
    )


def is_learnable(noise_matrix: ProbMatrix, class_priors: ClassArray) -> bool:
    """
    Tell whether each given class goes together with its true class more often than by chance.

    Parameters
    ----------
    noise_matrix : ndarray of float64, shape (n_classes, n_classes)
        P(given | true), indexed [given, true]; every column sums to 1.
    class_priors : ndarray of float64, shape (n_classes,)
        P(true class), sums to 1.

    Returns
    -------
    bool
        Whether ``P(given = k, true = k) > P(given = k) * P(true = k)`` for every class k. Summed over the classes this
        says that the trace is above 1. A class with a prior of 0 never fulfils it.

    References
    ----------
    Natarajan, Dhillon, Ravikumar & Tewari (2013), "Learning with Noisy Labels", NeurIPS: for two classes it is their
    condition that the two noise rates sum to less than 1.

    Examples
    --------
    >>> is_learnable(np.array([[0.9, 0.2], [0.1, 0.8]]), np.array([0.5, 0.5]))
    True
    >>> is_learnable(np.array([[0.5, 0.5], [0.5, 0.5]]), np.array([0.5, 0.5]))
    False
    """
    return bool((_margins(noise_matrix, class_priors) * class_priors > 0).all())


def _margins(noise_matrix: ProbMatrix, class_priors: ClassArray) -> ClassArray:
    """P(given = k | true = k) - P(given = k), without cancellation in the part that both hold."""
    diagonal = noise_matrix.diagonal()
    from_others = (noise_matrix - np.diag(diagonal)) @ class_priors
    return np.asarray(diagonal * (1.0 - class_priors) - from_others, dtype=np.float64)


def _made_learnable(matrix: ProbMatrix, priors: ClassArray, trace: float) -> ProbMatrix:
    """Mix in as little as needed of a matrix that is learnable whatever the priors are."""
    n_classes = len(priors)
    kept = (trace - 1.0) / (n_classes - 1.0)
    safe = kept * np.eye(n_classes) + (1.0 - kept) / n_classes
    found, wanted = _margins(matrix, priors), _margins(safe, priors)
    short = found < _MARGIN_KEPT * wanted
    share = float(np.min((1.0 - _MARGIN_KEPT) * wanted[short] / (wanted[short] - found[short])))
    return np.asarray(share * matrix + (1.0 - share) * safe, dtype=np.float64)


def _draw(n_classes: int, trace: float, n_zero: int, generator: np.random.Generator) -> ProbMatrix:
    n_clean = n_classes if trace == n_classes else max(0, n_zero - n_classes * (n_classes - 2))
    is_clean = np.zeros(n_classes, dtype=np.bool_)
    is_clean[generator.permutation(n_classes)[:n_clean]] = True
    diagonal = np.ones(n_classes)
    diagonal[~is_clean] = _draw_with_sum(n_classes - n_clean, trace - n_clean, generator)
    rates = generator.random((n_classes, n_classes))
    rates = (1.0 - rates) * _draw_nonzero_cells(is_clean, n_zero, generator)  # in (0, 1], so that none is 0 by chance
    totals = np.where(is_clean, 1.0, rates.sum(axis=0))
    matrix = rates / totals * (1.0 - diagonal)
    np.fill_diagonal(matrix, diagonal)
    return matrix


def _draw_with_sum(count: int, total: float, generator: np.random.Generator) -> NDArray[np.float64]:
    """Numbers from 0 to 1 with a given sum: uniform ones, moved towards 0 or 1 in equal proportion."""
    values = generator.random(count)
    sum_of_values = float(values.sum())
    if total <= sum_of_values:
        return values * (total / sum_of_values) if sum_of_values else values
    return 1.0 - (1.0 - values) * ((count - total) / (count - sum_of_values))


def _draw_nonzero_cells(is_clean: MaskArray, n_zero: int, generator: np.random.Generator) -> MaskArray:
    """Choose which noise rates are above 0: one for each noisy class, the others anywhere in their columns."""
    n_classes = len(is_clean)
    order = generator.random((n_classes, n_classes))
    order[:, is_clean] = np.inf
    np.fill_diagonal(order, np.inf)
    noisy = np.flatnonzero(~is_clean)
    order[order[:, noisy].argmin(axis=0), noisy] = -1.0
    n_nonzero = max(0, n_classes * (n_classes - 1) - max(n_zero, int(is_clean.sum()) * (n_classes - 1)))
    chosen = np.zeros(n_classes * n_classes, dtype=np.bool_)
    chosen[np.argsort(order, axis=None, kind="stable")[:n_nonzero]] = True
    return chosen.reshape(n_classes, n_classes)


def _checked_priors(class_priors: ArrayLike | None, n_classes: int, *, learnable: bool) -> ClassArray:
    if n_classes < 1:
        raise ConfigError(f"n_classes must be at least 1; got {n_classes:,}.")
    if class_priors is None:
        return np.full(n_classes, 1.0 / n_classes)
    priors = np.asarray(class_priors, dtype=np.float64)
    if priors.shape != (n_classes,) or not (priors >= 0).all() or abs(priors.sum() - 1.0) > _SUM_TOLERANCE:
        raise ConfigError(
            f"class_priors must be {n_classes:,} numbers from 0 to 1 that sum to 1; got shape {priors.shape}, "
            f"sum {priors.sum():g}."
        )
    if learnable and not priors.all():
        raise ConfigError(
            f"class_priors must all be above 0 if the matrix has to be learnable; got 0 for class "
            f"{int(np.argmin(priors)):,}.",
            fix="Leave the class out, or set learnable=False.",
        )
    return priors


def _checked_zero_count(n_classes: int, trace: float, fraction_zero_rates: float, *, learnable: bool) -> int:
    if not (0 <= trace <= n_classes) or (n_classes == 1 and trace != 1):
        allowed = "1" if n_classes == 1 else f"from 0 to {n_classes:,}"
        raise ConfigError(f"trace must be {allowed} for {n_classes:,} classes; got {trace:g}.")
    if learnable and trace <= 1:
        raise ConfigError(
            f"trace must be above 1 if the matrix has to be learnable; got {trace:g}.",
            fix="Raise it, or set learnable=False.",
        )
    if not 0 <= fraction_zero_rates <= 1:
        raise ConfigError(f"fraction_zero_rates must be from 0 to 1; got {fraction_zero_rates:g}.")
    n_zero = round(fraction_zero_rates * n_classes * (n_classes - 1))
    n_clean = n_zero - n_classes * (n_classes - 2)
    if trace < n_clean or (n_clean == n_classes > trace):
        raise ConfigError(
            f"fraction_zero_rates must leave a noise rate in every class that is not free of noise; got "
            f"{fraction_zero_rates:g}, with which {n_clean:,} classes have no noise and the trace cannot be {trace:g}.",
            fix="Ask for fewer zero rates, or raise the trace.",
        )
    return n_zero
