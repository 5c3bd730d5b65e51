"""Learning from decisions about label sets: a reviewer who answers by the truth finds more where errors are habits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelclean.arrays import Label, MaskArray
from labelclean.core.noise import estimate_noise
from labelclean.label_set import LabelSet
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.label_cells import LabelCells
from labelclean.review.set_learning import LearnedSets, learn_sets
from labelclean.store.run_records import StoredRun
from tests.store_examples import MOMENT, decide

MEMBERS: tuple[Label, ...] = tuple("abcdefgh")
N_ROWS = 1_200


@dataclass(frozen=True, eq=False, kw_only=True)
class Case:
    """A run over label sets, and the sets that are right."""

    run: StoredRun
    cells: LabelCells
    truths: list[LabelSet]
    is_wrong: MaskArray


def _case(*, is_systematic: bool, seed: int = 0) -> Case:
    """Doubt one label of each row; where errors are habits only three of the eight labels are rightly doubted."""
    rng = np.random.default_rng(seed)
    doubted = rng.integers(0, len(MEMBERS), N_ROWS)
    is_given = rng.random((N_ROWS, len(MEMBERS))) < 0.3
    claimed = rng.beta(2.0, 3.0, N_ROWS)
    real = np.where(doubted < 3, 0.8, 0.05) if is_systematic else claimed
    is_wrong = rng.random(N_ROWS) < real
    errors = np.full(is_given.shape, 0.01)
    errors[np.arange(N_ROWS), doubted] = claimed
    sets = [_set_of(row) for row in is_given]
    flipped = is_given.copy()
    flipped[np.arange(N_ROWS), doubted] ^= True
    suggested = [_set_of(row) for row in flipped]
    names = tuple(dict.fromkeys([*sets, *suggested]))
    code_of = {name: code for code, name in enumerate(names)}
    labels = np.array([code_of[name] for name in sets])
    codes = np.array([code_of[name] for name in suggested])
    row_errors = 1.0 - np.prod(1.0 - errors, axis=1)
    run = StoredRun(
        config={},
        class_names=names,
        labels=labels,
        suggested_labels=codes,
        label_quality_scores=1.0 - row_errors,
        error_probabilities=row_errors,
        is_issue=row_errors > 0.5,
        ranked_rows=np.argsort(-row_errors, kind="stable"),
        likely_labels=np.column_stack([codes, labels]),
        likely_probs=np.column_stack([row_errors, 1.0 - row_errors]).astype(np.float32),
        noise=estimate_noise(np.array([[N_ROWS, 0], [0, 0]])),
        created_at=MOMENT,
    )
    cells = LabelCells(
        members=MEMBERS,
        codes=np.tile(np.arange(len(MEMBERS), dtype=np.int32), (N_ROWS, 1)),
        probs=np.where(is_given, 1.0 - errors, errors).astype(np.float32),
    )
    truths = [suggested[row] if is_wrong[row] else sets[row] for row in range(N_ROWS)]
    return Case(run=run, cells=cells, truths=truths, is_wrong=is_wrong)


def _set_of(row: MaskArray) -> LabelSet:
    return LabelSet(MEMBERS[code] for code in np.flatnonzero(row))


def _decisions(case: Case, rows: list[int]) -> dict[int, ReviewEvent]:
    said = {}
    for row in rows:
        verdict = Verdict.RELABEL if case.is_wrong[row] else Verdict.KEEP
        label = case.truths[row] if case.is_wrong[row] else None
        said[row] = decide(f"e{row}", row, verdict=verdict, label=label)
    return said


def _found(case: Case, *, learns: bool, n_decisions: int = 300) -> int:
    """Return how many errors a reviewer finds who learns after each 50 decisions, or never."""
    probs, decided = case.run.error_probabilities, list[int]()
    while len(decided) < n_decisions:
        order = np.argsort(-probs, kind="stable")
        decided += order[~np.isin(order, decided)][:50].tolist()
        if learns:
            probs = learn_sets(case.run, case.cells, _decisions(case, decided)).error_probabilities
    return int(case.is_wrong[decided].sum())


def test_clearly_more_errors_are_found_where_errors_are_habits() -> None:
    """A quarter more in the same 300 decisions, at least."""
    case = _case(is_systematic=True)

    assert _found(case, learns=True) >= 1.25 * _found(case, learns=False)


def test_hardly_anything_is_lost_where_the_probabilities_are_right() -> None:
    """Three in a hundred at most: the model moves only as far as there is evidence."""
    case = _case(is_systematic=False)

    assert _found(case, learns=True) >= 0.97 * _found(case, learns=False)


def _learned(case: Case) -> LearnedSets:
    return learn_sets(case.run, case.cells, _decisions(case, case.run.ranked_rows[:200].tolist()))


def test_nothing_is_learned_from_nothing() -> None:
    """The audit's own probabilities and suggestions, bit for bit."""
    case = _case(is_systematic=True)

    learned = learn_sets(case.run, case.cells, {})

    np.testing.assert_array_equal(learned.error_probabilities, case.run.error_probabilities)
    np.testing.assert_array_equal(learned.suggested_labels, case.run.suggested_labels)
    np.testing.assert_array_equal(learned.is_issue, case.run.is_issue)
    assert learned.account.habits == ()


def test_what_was_learned_is_said_of_labels() -> None:
    """Which labels are wrongly doubted, and that held-out decisions agree better than before."""
    account = _learned(_case(is_systematic=True)).account

    assert account.n_decisions == 200
    assert account.is_held_out
    assert account.agreement_before is not None
    assert account.agreement_after is not None
    assert account.agreement_after > account.agreement_before
    assert {habit.kind for habit in account.habits} <= {"add", "drop", "not_add", "not_drop"}
    assert account.habits


def test_the_same_decisions_teach_the_same() -> None:
    """Whatever order they come in."""
    case = _case(is_systematic=True)
    rows = case.run.ranked_rows[:80].tolist()

    one = learn_sets(case.run, case.cells, _decisions(case, rows))
    other = learn_sets(case.run, case.cells, _decisions(case, rows[::-1]))

    np.testing.assert_allclose(one.error_probabilities, other.error_probabilities, atol=1e-6)
