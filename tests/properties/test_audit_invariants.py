"""What must make no difference to an audit by the built-in learners."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.arrays import Label
from labelclean.config import AuditConfig
from labelclean.pipeline import audit
from tests.messages import messages, same_bits

ALONE = AuditConfig(n_folds=50)
"""More folds than rows: each is held out alone, so that nothing is dealt by lot."""

N_ROWS = 40
_ROW_FIELDS = ("pred_probs", "label_quality_scores", "error_probabilities", "is_issue")


def small_sample() -> tuple[list[str], list[Label | None]]:
    """Return forty messages, two of them with a wrong label, one with none, and one twice."""
    texts, _, given_labels = messages(N_ROWS)
    given_labels[7] = None
    texts[20] = texts[8]
    return texts, given_labels


@settings(deadline=None, max_examples=15)
@given(st.permutations(range(N_ROWS)))
def test_the_order_of_rows_permutes_the_result(order: list[int]) -> None:
    """Where no folds are dealt; the noise, and what is said of all rows, stay."""
    texts, labels = small_sample()
    plain = audit(texts, labels, config=ALONE)

    moved = audit([texts[row] for row in order], [labels[row] for row in order], config=ALONE)

    for name in _ROW_FIELDS:
        assert np.allclose(getattr(moved, name), getattr(plain, name)[order], atol=1e-5, equal_nan=True)
    assert np.array_equal(moved.suggested_labels, plain.suggested_labels[order])
    assert np.array_equal(moved.noise.confident_joint, plain.noise.confident_joint)
    assert moved.n_errors_interval == plain.n_errors_interval


@settings(deadline=None, max_examples=15)
@given(st.permutations(["one", "two", "three"]))
def test_other_names_of_classes_permute_the_columns(names: list[str]) -> None:
    """Where no folds are dealt; each class keeps its numbers, wherever it now stands among the others."""
    texts, labels = small_sample()
    plain = audit(texts, labels, config=ALONE)
    renamed = dict(zip(plain.class_names, names, strict=True))

    other = audit(texts, [None if label is None else renamed[label] for label in labels], config=ALONE)

    columns = [other.class_names.index(renamed[name]) for name in plain.class_names]
    assert np.allclose(other.pred_probs[:, columns], plain.pred_probs, atol=1e-5)
    assert np.allclose(other.error_probabilities, plain.error_probabilities, atol=1e-5, equal_nan=True)
    assert np.array_equal(other.noise.confident_joint[np.ix_(columns, columns)], plain.noise.confident_joint)
    assert np.array_equal(np.array(columns)[plain.suggested_labels], other.suggested_labels)


@pytest.mark.parametrize("names", [["A", "B", "C"], [1, 2, 3], [False, 7, "x"]])
def test_names_in_the_same_order_change_no_bit(names: list[Label]) -> None:
    """Folds and all; the result differs in nothing but the names."""
    texts, _, given_labels = messages()
    plain = audit(texts, given_labels)
    renamed = dict(zip(plain.class_names, names, strict=True))

    other = audit(texts, [renamed[label] for label in given_labels if label is not None])

    assert other.class_names == tuple(names)
    for name in (*_ROW_FIELDS, "ranked_rows", "likely_probs", "noise", "signals", "n_errors_interval", "statement"):
        assert same_bits(getattr(other, name), getattr(plain, name))


@pytest.mark.parametrize("blank", ["", " \n"])
def test_blank_rows_without_a_label_change_nothing_for_the_others(blank: str) -> None:
    """Before or behind them, folds and all; they themselves get what the classes' shares say."""
    texts, _, given_labels = messages()
    plain = audit(texts, given_labels)

    behind = audit([*texts, blank, blank], [*given_labels, None, None])
    before = audit([blank, *texts], [None, *given_labels])

    for name in _ROW_FIELDS:
        assert getattr(behind, name)[:90].tobytes() == getattr(plain, name).tobytes()
        assert getattr(before, name)[1:].tobytes() == getattr(plain, name).tobytes()
    assert behind.ranked_rows[:90].tolist() == plain.ranked_rows.tolist()
    assert same_bits(behind.noise, plain.noise)
    assert behind.pred_probs[90].tobytes() == behind.pred_probs[91].tobytes()
    assert np.ptp(behind.pred_probs[90]) < 0.1  # about thirty rows of each class
