"""Tests of the public door to the search for problems."""

from __future__ import annotations

import numpy as np
import pytest

import labelclean
from labelclean.errors import InvalidInputError


def test_it_is_a_public_name() -> None:
    """Imported on first use."""
    report = labelclean.find_data_problems(["cafÃ©", "fine"], ["a", None])

    assert [problem.kind for problem in report.problems] == ["encoding_damage"]


def test_probabilities_tell_which_texts_are_ambiguous() -> None:
    """Columns are in the order of the classes."""
    pred_probs = np.array([[0.05, 0.5, 0.45], [0.9, 0.05, 0.05], [0.1, 0.1, 0.8]])

    report = labelclean.find_data_problems(["one", "two", "three"], ["b", "a", "c"], pred_probs=pred_probs)

    found = report.get("ambiguous")
    assert found is not None
    assert found.rows.tolist() == [0]
    assert found.reason_of(0) == "It may be “b” or “c”."


def test_lengths_that_differ_are_refused() -> None:
    """Before any work is done."""
    with pytest.raises(InvalidInputError, match="The column 'split' must have one cell"):
        labelclean.find_data_problems(["one", "two"], ["a", "b"], columns={"split": ["train"]})
    with pytest.raises(InvalidInputError, match="pred_probs must have one row"):
        labelclean.find_data_problems(["one", "two"], ["a", "b"], pred_probs=np.ones((2, 3)))
