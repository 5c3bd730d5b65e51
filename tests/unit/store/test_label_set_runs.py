"""An audit of label sets as a run."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.label_set import LabelSet
from labelclean.label_set_results import LabelSetAuditResult
from labelclean.store.label_set_runs import label_set_run
from labelclean.store.run_records import ComputedRun

NOW = datetime(2026, 3, 4, tzinfo=UTC)
NAMES = ("broken", "late", "money")


def _result(
    given: list[list[int] | None], suggested: list[list[int]], cells: list[list[float]], errors: list[float]
) -> LabelSetAuditResult:
    """Return a result over three labels; None stands for a row without a set, whose cells are probabilities."""
    n_labels = len(NAMES)

    def table(sets: list[list[int] | None]) -> np.ndarray:
        return np.array([[code in (codes or []) for code in range(n_labels)] for codes in sets])

    is_labelled = np.array([codes is not None for codes in given])
    values = np.array(cells, dtype=np.float32)
    row_errors = np.where(is_labelled, errors, np.nan)
    return LabelSetAuditResult(
        class_names=NAMES,
        is_given=table(given),
        is_labelled=is_labelled,
        pred_probs=values,
        cell_error_probabilities=np.where(is_labelled[:, np.newaxis], values, np.float32(np.nan)),
        error_probabilities=row_errors,
        is_cell_issue=values > 0.5,
        is_issue=row_errors > 0.5,
        is_suggested=table(list(suggested)),
        ranked_rows=np.argsort(-np.nan_to_num(row_errors, nan=-1.0), kind="stable"),
        added_rates=np.array([0.1, 0.0, 0.2]),
        missing_rates=np.array([0.0, 0.3, 0.0]),
        n_added=np.array([1.4, 0.0, 2.0]),
        n_missing=np.array([0.0, 3.0, 0.0]),
        n_wrong_rows=1.3,
        uses_cooccurrence=False,
        cooccurrence_gain=0.0,
    )


def _likely(computed: ComputedRun, row: int) -> dict[LabelSet, float]:
    run = computed.run
    names = [run.class_names[code] for code in run.likely_labels[row]]
    return {
        name: float(prob) for name, prob in zip(names, run.likely_probs[row], strict=True) if type(name) is LabelSet
    }


def test_given_and_suggested_sets_are_classes() -> None:
    """Each row finds its sets among the class names; a row without a set has the code -1."""
    result = _result(
        [[0], [], None], [[0, 1], [2], [1]], [[0.1, 0.9, 0.1], [0.1, 0.1, 0.2], [0.1, 0.8, 0.3]], [0.8, 0.3, 0.0]
    )

    run = label_set_run(result, {"n_folds": 5}, NOW).run

    assert run.has_label_sets
    assert [run.class_names[code] if code >= 0 else None for code in run.labels] == [
        LabelSet(["broken"]),
        LabelSet(),
        None,
    ]
    assert [run.class_names[code] for code in run.suggested_labels] == [
        LabelSet(["broken", "late"]),
        LabelSet(["money"]),
        LabelSet(["late"]),
    ]
    assert run.label_quality_scores.tolist()[:2] == pytest.approx([0.2, 0.7])
    assert np.isnan(run.label_quality_scores[2])


def test_likely_sets_share_the_row_s_probability_by_the_odds_of_their_cells() -> None:
    """
    Given {broken}; wrong cells 0.5 (late), 0.2 (money), 0.1 (broken); row 0.6 wrong.

    Odds 1, 1/4, 1/9; that no cell is wrong has probability 0.5 * 0.8 * 0.9 = 0.36, so all other sets together have
    0.64 of it, and each set gets 0.6 * odds * 0.36 / 0.64.
    """
    result = _result([[0]], [[0, 1]], [[0.1, 0.5, 0.2]], [0.6])

    likely = _likely(label_set_run(result, {}, NOW), 0)

    share = 0.6 * 0.36 / 0.64
    assert likely == pytest.approx(
        {
            LabelSet(["broken"]): 0.4,
            LabelSet(["broken", "late"]): share,
            LabelSet(["broken", "money"]): share / 4,
            LabelSet(): share / 9,
        }
    )


def test_a_row_without_a_set_has_the_probabilities_of_its_labels() -> None:
    """Suggested {late} of 0.1, 0.8, 0.3: 0.9 * 0.8 * 0.7; a set that differs in one label has that one turned."""
    result = _result([None], [[1]], [[0.1, 0.8, 0.3]], [0.0])

    likely = _likely(label_set_run(result, {}, NOW), 0)

    assert likely == pytest.approx(
        {
            LabelSet(["late"]): 0.9 * 0.8 * 0.7,
            LabelSet(["late", "money"]): 0.9 * 0.8 * 0.3,
            LabelSet(): 0.9 * 0.2 * 0.7,
            LabelSet(["broken", "late"]): 0.1 * 0.8 * 0.7,
        },
        rel=1e-5,
    )


def test_what_was_found_of_each_label_is_kept() -> None:
    """How many rows have it, wrongly have it and wrongly lack it; and the number of wrong rows."""
    run = label_set_run(_result([[0], [0, 1]], [[1], [0]], [[0.2] * 3] * 2, [0.4, 0.4]), {}, NOW).run

    assert [(each.label, each.n_given, each.n_added, each.n_missing) for each in run.label_noise] == [
        ("broken", 2, 1.4, 0.0),
        ("late", 1, 0.0, 3.0),
        ("money", 0, 2.0, 0.0),
    ]
    assert (run.noise.n_label_errors, run.noise.n_labelled) == (1, 2)


def test_a_sentence_says_what_would_be_added_and_removed() -> None:
    """With the probability of each change; rows without a set have none."""
    result = _result([[0], None], [[1, 2], [1]], [[0.75, 0.5, 0.25], [0.1, 0.8, 0.3]], [0.9, 0.0])

    (evidence,) = label_set_run(result, {}, NOW).evidence

    assert evidence.to_dict()["sentence"] == (
        "The suggested set would add “late” (50 %), “money” (25 %) and remove “broken” (75 %)."
    )


def test_rows_that_all_have_the_empty_set_make_a_run() -> None:
    """There is no label to add or to remove."""
    n_labels = np.zeros(0)
    result = LabelSetAuditResult(
        class_names=(),
        is_given=np.zeros((2, 0), dtype=bool),
        is_labelled=np.ones(2, dtype=bool),
        pred_probs=np.zeros((2, 0), dtype=np.float32),
        cell_error_probabilities=np.zeros((2, 0), dtype=np.float32),
        error_probabilities=np.zeros(2),
        is_cell_issue=np.zeros((2, 0), dtype=bool),
        is_issue=np.zeros(2, dtype=bool),
        is_suggested=np.zeros((2, 0), dtype=bool),
        ranked_rows=np.arange(2),
        added_rates=n_labels,
        missing_rates=n_labels,
        n_added=n_labels,
        n_missing=n_labels,
        n_wrong_rows=0.0,
        uses_cooccurrence=False,
        cooccurrence_gain=0.0,
    )

    run = label_set_run(result, {}, NOW).run

    assert run.class_names == (LabelSet(),)
    assert run.labels.tolist() == run.suggested_labels.tolist() == [0, 0]


CELLS = st.floats(0.001, 0.999)


@settings(deadline=None)
@given(st.data(), st.integers(1, 6))
def test_likely_sets_are_different_and_their_probabilities_add_up(data: st.DataObject, n_rows: int) -> None:
    """For any cells: no set twice, at most 1 together, the suggested set among them, best first."""
    codes = st.lists(st.integers(0, 2), unique=True, max_size=3).map(sorted)
    given_sets = data.draw(st.lists(st.none() | codes, min_size=n_rows, max_size=n_rows))
    others = {(): [0], (0,): [1]}  # a set that is suggested is never the given one
    suggested = [data.draw(codes) for _ in given_sets]
    suggested = [
        others.get(tuple(found), []) if found == own else found
        for own, found in zip(given_sets, suggested, strict=True)
    ]
    cells = data.draw(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=n_rows, max_size=n_rows))
    errors = data.draw(st.lists(CELLS, min_size=n_rows, max_size=n_rows))

    run = label_set_run(_result(given_sets, suggested, cells, errors), {}, NOW).run

    for row in range(n_rows):
        assert len(set(run.likely_labels[row].tolist())) == run.likely_labels.shape[1]
        assert run.suggested_labels[row] in run.likely_labels[row]
        assert run.labels[row] == -1 or run.labels[row] in run.likely_labels[row]
    assert np.all(np.diff(run.likely_probs, axis=1) <= 0)
    assert np.all(run.likely_probs >= 0)
    assert {field.name for field in fields(run)} >= {"label_noise", "annotators"}
