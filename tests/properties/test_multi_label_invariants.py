"""What must hold for any label sets and probabilities."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.tasks.multi_label import (
    ClassScore,
    MultiLabelFilter,
    MultiLabelIssues,
    confusion_of_issues,
    estimate_multi_label_noise,
    find_multi_label_issues,
    health_of_issues,
    multi_label_class_scores,
    multi_label_confusion,
    multi_label_quality_scores,
)
from tests import reference_multi_label as reference

Case = tuple[NDArray[np.bool_], NDArray[np.float64]]

METHODS = st.sampled_from(get_args(MultiLabelFilter))
PRUNING = st.sampled_from(["prune_by_noise_rate", "prune_by_class", "both"])
SCORES = st.sampled_from(get_args(ClassScore))


@st.composite
def cases(draw: st.DrawFn, *, ties: bool = True) -> Case:
    """One-hot labels, classes in all rows or in none too, and probabilities; with ties, in tenths or almost even."""
    n_classes = draw(st.integers(1, 5))
    n_rows = draw(st.integers(0, 40))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shares = generator.choice([0.0, 0.1, 0.3, 0.7, 1.0], n_classes)
    labels = generator.random((n_rows, n_classes)) < shares
    belief = generator.beta(3, 2, (n_rows, n_classes))
    probs = np.where(labels ^ (generator.random(labels.shape) < 0.15), belief, 1 - belief).astype(np.float64)
    if not ties:
        return labels, probs
    almost_even = 0.5 + generator.choice([-6e-7, -5e-7, -4e-7, 0.0, 4e-7, 5e-7, 6e-7], probs.shape)
    return labels, np.where(generator.random(probs.shape) < 0.2, almost_even, np.round(probs, 1))


def find(
    case: tuple[NDArray[np.bool_], NDArray[np.floating]], method: MultiLabelFilter, *, chunk_bytes: int = 1 << 19
) -> MultiLabelIssues:
    """Search one-hot labels."""
    return find_multi_label_issues(*case, label_format="one_hot", filter_by=method, chunk_bytes=chunk_bytes)


@given(cases(), METHODS, st.integers(0, 4), st.sampled_from([0.3, 0.5, 1.0]))
@settings(deadline=None, max_examples=300)
def test_flags_are_those_of_the_plain_loops(case: Case, method: MultiLabelFilter, least: int, share: float) -> None:
    """Ties, empty and full classes included; the calibrated joint is taken as found, it has a test of its own."""
    labels, probs = case
    prunes = method in {"prune_by_noise_rate", "prune_by_class", "both"}
    share = share if prunes else 1.0

    found = find_multi_label_issues(
        labels, probs, label_format="one_hot", filter_by=method, min_examples_per_class=least, frac_noise=share
    )

    joints = found.noise.confident_joint.tolist()
    for k, joint in enumerate(joints):
        expected = reference.flags(labels[:, k].tolist(), probs[:, k].tolist(), joint, method, least=least, share=share)
        assert found.is_class_issue[:, k].tolist() == expected
    assert found.is_issue.tolist() == [any(row) for row in found.is_class_issue.tolist()]


@given(cases())
@settings(deadline=None, max_examples=200)
def test_the_noise_is_that_of_the_plain_loops(case: Case) -> None:
    """Thresholds and raw joints to the last bit, calibrated ones within rounding, matrices from the joints found."""
    labels, probs = case

    noise = estimate_multi_label_noise(labels, probs, label_format="one_hot")

    for k, joint in enumerate(noise.confident_joint.tolist()):
        column = labels[:, k].tolist()
        raw = reference.raw_joint(column, probs[:, k].tolist())
        exact = np.array(reference.calibrated(raw, column), dtype=np.float64)
        assert np.allclose(
            noise.confident_thresholds[k], reference.thresholds(column, probs[:, k].tolist()), atol=1e-15
        )
        assert noise.raw_confident_joint[k].tolist() == raw
        assert np.abs(joint - exact).max() < 1
        assert [sum(row) for row in joint] == [column.count(False), column.count(True)]
        assert np.allclose(noise.noise_matrices[k], reference.column_shares(joint))
        assert np.allclose(noise.inverse_noise_matrices[k], reference.row_shares(joint))
        assert np.allclose(noise.joint[k] * max(len(labels), 1), joint)


@given(cases(), SCORES, st.floats(0, 1), st.floats(0.01, 10))
@settings(deadline=None, max_examples=200)
def test_scores_are_those_of_the_plain_loops(case: Case, method: ClassScore, alpha: float, temperature: float) -> None:
    """Each cell's score, and both ways of joining a row."""
    labels, probs = case

    cells = multi_label_class_scores(labels, probs, label_format="one_hot", method=method)
    averages = multi_label_quality_scores(labels, probs, label_format="one_hot", method=method, alpha=alpha)
    minima = multi_label_quality_scores(
        labels, probs, label_format="one_hot", method=method, aggregate_by="softmin", temperature=temperature
    )

    for i, row in enumerate(labels.tolist()):
        expected = [
            reference.cell_score(label, prob, method) for label, prob in zip(row, probs[i].tolist(), strict=True)
        ]
        assert np.allclose(cells[i], expected, rtol=0, atol=1e-12)
        assert np.isclose(averages[i], reference.moving_average(expected, alpha), rtol=0, atol=1e-12)
        assert np.isclose(minima[i], reference.softmin(expected, temperature), rtol=0, atol=1e-9)


@given(cases())
@settings(deadline=None)
def test_adjusted_scores_are_those_of_the_plain_loops(case: Case) -> None:
    """A class with both states is adjusted by its thresholds, any other is left as it is."""
    labels, probs = case

    cells = multi_label_class_scores(labels, probs, label_format="one_hot", adjust_pred_probs=True)

    for k in range(probs.shape[1]):
        column = labels[:, k].tolist()
        limits = reference.thresholds(column, probs[:, k].tolist())
        if len(set(column)) < 2:
            limits = [0.0, 0.0]
        expected = [
            reference.adjusted_self_confidence(label, prob, limits)
            for label, prob in zip(column, probs[:, k].tolist(), strict=True)
        ]
        assert np.allclose(cells[:, k], expected, rtol=0, atol=1e-12)


@given(cases(), METHODS)
@settings(deadline=None)
def test_the_confusion_is_that_of_the_plain_loops(case: Case, method: MultiLabelFilter) -> None:
    """Each pair's share, exactly; and nothing that was flagged is lost."""
    assume(len(case[0]) > 0)
    issues = find(case, method)

    confusion = confusion_of_issues(issues)

    swaps, spurious, missing = reference.confusion(
        case[0].tolist(), issues.is_class_issue.tolist(), issues.is_opposed.tolist()
    )
    assert confusion.swaps.tolist() == [[float(share) for share in row] for row in swaps]
    assert confusion.spurious.tolist() == [float(share) for share in spurious]
    assert confusion.missing.tolist() == [float(share) for share in missing]
    flagged_wrong = (issues.is_class_issue & case[0]).sum(axis=0)
    assert (confusion.swaps.sum(axis=1) + confusion.spurious >= flagged_wrong - 1e-9).all()


@given(cases(), METHODS, st.integers(1, 2000))
@settings(deadline=None)
def test_chunking_gives_the_same_bits(case: Case, method: MultiLabelFilter, chunk_bytes: int) -> None:
    """How the rows are cut is a question of speed only."""
    whole, cut = find(case, method), find(case, method, chunk_bytes=chunk_bytes)
    scores = [
        multi_label_quality_scores(*case, label_format="one_hot", adjust_pred_probs=True, chunk_bytes=size)
        for size in (1 << 20, chunk_bytes)
    ]

    assert whole.is_class_issue.tobytes() == cut.is_class_issue.tobytes()
    assert whole.noise.confident_thresholds.tobytes() == cut.noise.confident_thresholds.tobytes()
    assert whole.noise.noise_matrices.tobytes() == cut.noise.noise_matrices.tobytes()
    assert scores[0].tobytes() == scores[1].tobytes()


@given(cases(ties=False), METHODS, st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_the_order_of_the_rows_does_not_matter(case: Case, method: MultiLabelFilter, seed: int) -> None:
    """Shuffled rows get the same flags; only exact ties go by row. Sums are the same to the last bit."""
    labels, probs = case
    order = np.random.default_rng(seed).permutation(len(labels))

    straight, shuffled = find(case, method), find((labels[order], probs[order]), method)

    assert np.array_equal(shuffled.is_class_issue, straight.is_class_issue[order])
    assert shuffled.noise.confident_thresholds.tobytes() == straight.noise.confident_thresholds.tobytes()
    assert confusion_of_issues(shuffled).swaps.tobytes() == confusion_of_issues(straight).swaps.tobytes()


@given(cases(), METHODS, st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_the_order_of_the_classes_does_not_matter(case: Case, method: MultiLabelFilter, seed: int) -> None:
    """Each class is looked at by itself, so that even ties stay what they are."""
    labels, probs = case
    order = np.random.default_rng(seed).permutation(probs.shape[1])

    straight, permuted = find(case, method), find((labels[:, order], probs[:, order]), method)

    assert np.array_equal(permuted.is_class_issue, straight.is_class_issue[:, order])
    assert permuted.noise.noise_matrices.tobytes() == straight.noise.noise_matrices[order].tobytes()
    assert np.array_equal(
        confusion_of_issues(permuted).swaps, confusion_of_issues(straight).swaps[np.ix_(order, order)]
    )


@given(cases())
@settings(deadline=None)
def test_doubling_all_rows_doubles_the_counts(case: Case) -> None:
    """Thresholds are means and do not move; raw counts double, but for the 1 that stands in for a right row."""
    labels, probs = case
    once = estimate_multi_label_noise(labels, probs, label_format="one_hot")

    twice = estimate_multi_label_noise(np.tile(labels, (2, 1)), np.tile(probs, (2, 1)), label_format="one_hot")

    assert twice.confident_thresholds.tobytes() == once.confident_thresholds.tobytes()
    doubled = 2 * once.raw_confident_joint
    right = np.eye(2, dtype=np.bool_)[np.newaxis] & (once.raw_confident_joint == 1)
    assert np.array_equal(twice.raw_confident_joint[~right], doubled[~right])
    assert np.isin(twice.raw_confident_joint[right], [1, 2]).all()


@given(cases(), METHODS)
@settings(deadline=None)
def test_perfect_probabilities_flag_nothing(case: Case, method: MultiLabelFilter) -> None:
    """A model sure of every given label finds no errors."""
    labels, _ = case

    found = find((labels, labels.astype(np.float64)), method)

    assert not found.is_issue.any()
    assert not found.noise.n_label_errors.any()
    assert health_of_issues(found).overall == 1


@given(cases(), METHODS)
@settings(deadline=None)
def test_matrices_are_distributions(case: Case, method: MultiLabelFilter) -> None:
    """Columns, rows and priors sum to 1, and a cell whose given state is the likelier one is never flagged."""
    labels, probs = case

    found = find(case, method)

    assert np.allclose(found.noise.noise_matrices.sum(axis=1), 1)
    assert np.allclose(found.noise.inverse_noise_matrices.sum(axis=2), 1)
    assert np.allclose(found.noise.class_priors.sum(axis=1), 1)
    assert np.allclose(found.noise.joint.sum(axis=(1, 2)), 1 if len(labels) else 0)
    assert not found.is_class_issue[labels == (probs > 0.5)].any()


@given(cases(), METHODS, st.sampled_from(["float16", "float32", "fortran", "read_only"]))
@settings(deadline=None)
def test_the_same_numbers_give_the_same_answer_however_they_lie_in_memory(
    case: Case, method: MultiLabelFilter, kind: str
) -> None:
    """Any float type, Fortran order and read-only arrays; the caller's arrays stay as they were."""
    labels, probs = case
    plain = np.round(probs * 8) / 8  # the same numbers in any float type
    other: NDArray[np.floating] = plain.copy(order="F")
    if kind in {"float16", "float32"}:
        other = plain.astype(kind)
    other.flags.writeable = kind != "read_only"
    before = other.tobytes(), labels.tobytes()

    expected, found = find((labels, plain), method), find((labels, other), method)

    assert found.is_class_issue.tobytes() == expected.is_class_issue.tobytes()
    assert (
        multi_label_quality_scores(labels, other, label_format="one_hot").tobytes()
        == multi_label_quality_scores(labels, plain, label_format="one_hot").tobytes()
    )
    assert (other.tobytes(), labels.tobytes()) == before


@pytest.mark.parametrize("method", get_args(MultiLabelFilter))
def test_eight_threads_give_the_answers_of_one(method: MultiLabelFilter) -> None:
    """Nothing is shared between calls with different inputs."""
    generator = np.random.default_rng(7)
    many = [
        (generator.random((n_rows, 6)) < 0.3, generator.random((n_rows, 6)))
        for n_rows in generator.integers(200, 2000, 24)
    ]

    alone = [find(case, method) for case in many]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda case: find(case, method), many))
        confusions = list(pool.map(lambda case: multi_label_confusion(*case, label_format="one_hot").swaps, many))

    for one, other in zip(alone, together, strict=True):
        assert one.is_class_issue.tobytes() == other.is_class_issue.tobytes()
    expected = [multi_label_confusion(*case, label_format="one_hot").swaps.tobytes() for case in many]
    assert [swaps.tobytes() for swaps in confusions] == expected
