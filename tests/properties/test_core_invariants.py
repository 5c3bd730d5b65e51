"""What must hold for any labels and probabilities."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from labelclean.config import CountingRule, FilterMethod
from labelclean.core.joint import calibrate_joint, confident_joint
from labelclean.core.label_issues import find_label_issues
from labelclean.core.prune_counts import counts_for_removals
from tests import reference
from tests.core_cases import Case, cases, counts

METHODS = st.sampled_from(get_args(FilterMethod))
PRUNING: st.SearchStrategy[FilterMethod] = st.sampled_from(["prune_by_class", "prune_by_noise_rate", "both"])
RULES: st.SearchStrategy[CountingRule] = st.sampled_from(["reference", "paper"])


def plain_flags(
    case: Case, method: FilterMethod, to_prune: reference.Counts, *, least: int, counting: CountingRule = "reference"
) -> list[bool]:
    """Flag by the plain loops, given how many rows to take of each pair of classes."""
    labels, rows = case[0].tolist(), case[1].tolist()
    disagrees = [not reference.agrees(label, row) for label, row in zip(labels, rows, strict=True)]
    by_class = reference.prune_by_class(labels, rows, to_prune, least)
    by_rate = reference.prune_by_noise_rate(labels, rows, to_prune, least)
    limits = reference.thresholds(labels, rows, case[1].shape[1])
    guesses = [reference.confident_guess(row, limits, counting=counting) for row in rows]
    confident = [guess is not None and guess != label for guess, label in zip(guesses, labels, strict=True)]
    n_lowest = sum(one and other for one, other in zip(confident, disagrees, strict=True))
    flagged = {
        "prune_by_class": by_class,
        "prune_by_noise_rate": by_rate,
        "both": [one and other for one, other in zip(by_class, by_rate, strict=True)],
        "confident_learning": confident,
        "predicted_neq_given": [reference.best_class(row) != label for label, row in zip(labels, rows, strict=True)],
        "low_self_confidence": reference.lowest(reference.self_confidence(labels, rows), n_lowest),
        "low_normalized_margin": reference.lowest(reference.normalized_margin(labels, rows), n_lowest),
    }[method]
    if method.startswith("low_"):
        return flagged
    return [one and other for one, other in zip(flagged, disagrees, strict=True)]


@given(cases(), METHODS, st.integers(0, 4), st.sampled_from([0.3, 0.5, 1.0]), RULES)
@settings(deadline=None, max_examples=300)
def test_flags_are_those_of_the_plain_loops(
    case: Case, method: FilterMethod, least: int, share: float, counting: CountingRule
) -> None:
    """Ties and missing classes included; the calibrated joint is taken as found, it has tests of its own."""
    found = find_label_issues(
        *case, filter_by=method, frac_noise=share, min_examples_per_class=least, counting=counting
    )

    to_prune = reference.prune_counts(found.noise.confident_joint.tolist(), least, share)
    assert found.is_issue.tolist() == plain_flags(case, method, to_prune, least=least, counting=counting)


@given(cases(), PRUNING, st.integers(0, 4), st.data())
@settings(deadline=None, max_examples=150)
def test_a_joint_of_the_users_own_is_calibrated_and_then_used(
    case: Case, method: FilterMethod, least: int, data: st.DataObject
) -> None:
    """In place of the one of these probabilities."""
    labels, probs = case
    own = data.draw(counts(n_classes=probs.shape[1], least_on_diagonal=1))

    found = find_label_issues(*case, filter_by=method, min_examples_per_class=least, confident_joint=own)

    calibrated = calibrate_joint(own, np.bincount(labels, minlength=probs.shape[1]))
    to_prune = reference.prune_counts(calibrated.tolist(), least, 1.0)
    assert found.noise.confident_joint.tolist() == calibrated.tolist()
    assert found.is_issue.tolist() == plain_flags(case, method, to_prune, least=least)


@given(cases(), PRUNING, st.data())
@settings(deadline=None, max_examples=150)
def test_numbers_of_rows_to_flag_are_taken_class_by_class(
    case: Case, method: FilterMethod, data: st.DataObject
) -> None:
    """In the proportions of the estimated errors, and no more of a class than was asked for."""
    labels, probs = case
    sizes = np.bincount(labels, minlength=probs.shape[1])
    removals = [data.draw(st.integers(0, size)) for size in sizes.tolist()]

    found = find_label_issues(*case, filter_by=method, n_to_remove_per_class=removals)

    to_prune = counts_for_removals(found.noise.confident_joint, np.array(removals))
    assert found.is_issue.tolist() == plain_flags(case, method, to_prune.tolist(), least=0)
    assert (np.bincount(labels[found.is_issue], minlength=len(sizes)) <= removals).all()


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


@given(cases(), METHODS, st.permutations(["ham", "spam", "1", "Ham", "other"]), st.booleans())
@settings(deadline=None)
def test_labels_in_words_give_the_answers_of_codes(
    case: Case, method: FilterMethod, words: list[str], in_frame: bool
) -> None:
    """Whatever the words and their order, told as class names or as the columns of a table."""
    labels, probs = case
    names = words[: probs.shape[1]]
    spelt = [names[code] for code in labels.tolist()]

    by_code = find_label_issues(labels, probs, filter_by=method)
    by_word = (
        find_label_issues(spelt, pd.DataFrame(probs, columns=names), filter_by=method)
        if in_frame
        else find_label_issues(spelt, probs, class_names=names, filter_by=method)
    )

    assert by_word.class_names == tuple(names)
    assert by_word.labels.tolist() == labels.tolist()
    assert by_word.is_issue.tobytes() == by_code.is_issue.tobytes()
    assert by_word.noise.confident_joint.tobytes() == by_code.noise.confident_joint.tobytes()


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


@given(cases(), st.integers(2, 4))
@settings(deadline=None)
def test_repeating_all_rows_multiplies_the_counts(case: Case, times: int) -> None:
    """Raw counts off the diagonal exactly, calibrated ones up to the rounding of each cell."""
    labels, probs = case
    many, much = np.tile(labels, times), np.tile(probs, (times, 1))
    off = ~np.eye(probs.shape[1], dtype=np.bool_)

    once, often = confident_joint(labels, probs, calibrate=False), confident_joint(many, much, calibrate=False)
    single, several = confident_joint(labels, probs), confident_joint(many, much)

    assert (often[off] == times * once[off]).all()
    assert (several.sum(axis=1) == times * single.sum(axis=1)).all()
    confirmed = once.diagonal() * times == often.diagonal()  # the raised ones do not scale
    assert (np.abs(several - times * single)[confirmed] < times + 1).all()


@given(cases(ties=False))
@settings(deadline=None)
def test_doubling_all_rows_changes_no_share(case: Case) -> None:
    """Thresholds are means and the joint is counts: twice the data says the same."""
    labels, probs = case
    assume(len(labels) > 0)

    once = find_label_issues(labels, probs).noise.class_priors
    twice = find_label_issues(np.tile(labels, 2), np.tile(probs, (2, 1))).noise.class_priors

    assert np.abs(once - twice).max() <= (probs.shape[1] + 1) / len(labels) + 1e-12
