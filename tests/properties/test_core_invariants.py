"""What must hold for any labels and probabilities."""

from __future__ import annotations

from typing import get_args

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.config import FilterMethod
from labelclean.core.label_issues import find_label_issues
from tests import reference

Case = tuple[NDArray[np.int64], NDArray[np.float64]]

METHODS = st.sampled_from(get_args(FilterMethod))


@st.composite
def cases(draw: st.DrawFn, *, ties: bool = True) -> Case:
    """Labels and probabilities with few classes; with ties, in steps of a tenth, so that equal values are common."""
    n_classes = draw(st.integers(1, 5))
    n_rows = draw(st.integers(0, 40))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    labels = generator.integers(0, draw(st.integers(1, n_classes)), n_rows)
    probs = generator.dirichlet(np.full(n_classes, 0.5), n_rows)
    probs[np.arange(n_rows), labels] += generator.random(n_rows)
    probs = probs / probs.sum(axis=1, keepdims=True)
    return labels, np.round(probs, 1) if ties else probs


@given(cases(), METHODS, st.integers(0, 4), st.sampled_from([0.3, 0.5, 1.0]))
@settings(deadline=None, max_examples=300)
def test_flags_are_those_of_the_plain_loops(case: Case, method: FilterMethod, least: int, share: float) -> None:
    """Ties and missing classes included; the calibrated joint is taken as found, it has tests of its own."""
    labels, probs = case
    found = find_label_issues(labels, probs, filter_by=method, frac_noise=share, min_examples_per_class=least)
    n_classes, rows = probs.shape[1], probs.tolist()
    counts = reference.prune_counts(found.noise.confident_joint.tolist(), least, share)
    limits = reference.thresholds(labels.tolist(), rows, n_classes)

    by_class = reference.prune_by_class(labels.tolist(), rows, counts, least)
    by_rate = reference.prune_by_noise_rate(labels.tolist(), rows, counts, least)
    guesses = [reference.confident_guess(row, limits) for row in rows]
    confident = [guess is not None and guess != label for guess, label in zip(guesses, labels, strict=True)]
    both = [one and other for one, other in zip(by_class, by_rate, strict=True)]
    disagrees = [not reference.agrees(int(label), row) for label, row in zip(labels, rows, strict=True)]
    n_lowest = sum(one and other for one, other in zip(confident, disagrees, strict=True))
    flagged = {
        "prune_by_class": by_class,
        "prune_by_noise_rate": by_rate,
        "both": both,
        "confident_learning": confident,
        "predicted_neq_given": [reference.best_class(row) != label for label, row in zip(labels, rows, strict=True)],
        "low_self_confidence": reference.lowest(reference.self_confidence(labels.tolist(), rows), n_lowest),
        "low_normalized_margin": reference.lowest(reference.normalized_margin(labels.tolist(), rows), n_lowest),
    }[method]

    if not method.startswith("low_"):
        flagged = [one and other for one, other in zip(flagged, disagrees, strict=True)]
    assert found.is_issue.tolist() == flagged


@given(cases())
@settings(deadline=None)
def test_the_joint_keeps_the_proportions_of_the_plain_counts(case: Case) -> None:
    """Each cell is within one of the exact share of its row, and rows sum to the classes."""
    labels, probs = case
    n_classes = probs.shape[1]
    raw = np.array(reference.confident_counts(labels.tolist(), probs.tolist(), n_classes))
    class_counts = np.bincount(labels, minlength=n_classes)

    found = find_label_issues(labels, probs).noise.confident_joint

    exact = raw / raw.sum(axis=1, keepdims=True) * class_counts[:, np.newaxis]
    assert np.abs(found - exact).max() < 1
    assert found.sum(axis=1).tolist() == class_counts.tolist()


@given(cases(), METHODS, st.integers(1, 2000))
@settings(deadline=None)
def test_chunking_gives_the_same_bits(case: Case, method: FilterMethod, chunk_bytes: int) -> None:
    """How the rows are cut is a question of speed only."""
    whole = find_label_issues(*case, filter_by=method)
    cut = find_label_issues(*case, filter_by=method, chunk_bytes=chunk_bytes)

    assert whole.is_issue.tobytes() == cut.is_issue.tobytes()
    assert whole.noise.noise_matrix.tobytes() == cut.noise.noise_matrix.tobytes()
    assert whole.noise.class_priors.tobytes() == cut.noise.class_priors.tobytes()


@given(cases(ties=False), METHODS, st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_the_order_of_the_rows_does_not_matter(case: Case, method: FilterMethod, seed: int) -> None:
    """Shuffled rows get the same flags; only exact ties go by row."""
    labels, probs = case
    order = np.random.default_rng(seed).permutation(len(labels))

    straight = find_label_issues(labels, probs, filter_by=method)
    shuffled = find_label_issues(labels[order], probs[order], filter_by=method)

    assert np.array_equal(shuffled.is_issue, straight.is_issue[order])
    assert np.array_equal(shuffled.noise.confident_joint, straight.noise.confident_joint)


@given(cases(ties=False))
@settings(deadline=None)
def test_renaming_the_classes_permutes_the_answer(case: Case) -> None:
    """Where no rounding tie has to be broken by class index, class numbers mean nothing."""
    labels, probs = case
    n_classes = probs.shape[1]
    new_of_old = np.random.default_rng(n_classes).permutation(n_classes)
    old_of_new = np.argsort(new_of_old)

    before = find_label_issues(labels, probs)
    after = find_label_issues(new_of_old[labels], probs[:, old_of_new])

    assume(np.array_equal(after.noise.confident_joint[np.ix_(new_of_old, new_of_old)], before.noise.confident_joint))
    assert np.array_equal(after.is_issue, before.is_issue)
    assert np.allclose(
        after.noise.noise_matrix[np.ix_(new_of_old, new_of_old)], before.noise.noise_matrix, rtol=0, atol=1e-12
    )


@given(cases(), METHODS)
@settings(deadline=None)
def test_perfect_probabilities_flag_nothing(case: Case, method: FilterMethod) -> None:
    """A model sure of every given label finds no errors."""
    labels, probs = case

    found = find_label_issues(labels, np.eye(probs.shape[1])[labels], filter_by=method)

    assert not found.is_issue.any()
    assert found.noise.n_label_errors == 0


@given(cases(), METHODS)
@settings(deadline=None)
def test_matrices_are_distributions_and_scores_are_probabilities(case: Case, method: FilterMethod) -> None:
    """Columns, rows and priors sum to 1; nothing leaves [0, 1]."""
    labels, probs = case

    found = find_label_issues(labels, probs, filter_by=method)

    assert np.allclose(found.noise.noise_matrix.sum(axis=0), 1)
    assert np.allclose(found.noise.inverse_noise_matrix.sum(axis=1), 1)
    assert np.isclose(found.noise.class_priors.sum(), 1)
    assert ((found.label_quality_scores >= 0) & (found.label_quality_scores <= 1)).all()
    if method not in {"low_self_confidence", "low_normalized_margin"}:  # these rank all rows, whoever agrees
        assert not found.is_issue[labels == probs.argmax(axis=1)].any()


@given(cases(ties=False))
@settings(deadline=None)
def test_doubling_all_rows_changes_no_share(case: Case) -> None:
    """Thresholds are means and the joint is counts: twice the data says the same."""
    labels, probs = case
    assume(len(labels) > 0)

    once = find_label_issues(labels, probs).noise.class_priors
    twice = find_label_issues(np.tile(labels, 2), np.tile(probs, (2, 1))).noise.class_priors

    assert np.abs(once - twice).max() <= (probs.shape[1] + 1) / len(labels) + 1e-12
