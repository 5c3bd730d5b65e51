"""What holds of the problems of any data."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.dataset import Dataset
from labelclean.issues.encoding_damage import encoding_damage, repaired_text
from labelclean.issues.find_problems import find_problems
from labelclean.store.problem_bytes import problem_from_bytes, problem_to_bytes

WORDS = st.sampled_from(
    [
        "order",
        "money",
        "cafÃ©",
        "&amp;",
        "",
        "12",
        "👍",
        "посылка",
        "快递",
        "[spam]",
        "lam\ufffd",
        "ok",
        "please",
        "\x07",
    ]
)
ROWS = st.lists(st.tuples(st.lists(WORDS, max_size=6).map(" ".join), st.sampled_from(["a", "b", None])), max_size=80)


@settings(max_examples=30, deadline=None)
@given(rows=ROWS, seed=st.integers(0, 9))
def test_the_order_of_the_rows_makes_no_difference(rows: list[tuple[str, str | None]], seed: int) -> None:
    """The same rows have the same problems, wherever they stand; and each row at most once for each kind."""
    order = np.random.default_rng(seed).permutation(len(rows)).tolist()

    found = find_problems(Dataset.from_labels(*_columns(rows)))
    shuffled = find_problems(Dataset.from_labels(*_columns([rows[row] for row in order])))

    assert {kind for kind, _ in found.left_out} == {"split_overlap", "ambiguous"}
    assert [problem.kind for problem in found.problems] == [problem.kind for problem in shuffled.problems]
    for one, other in zip(found.problems, shuffled.problems, strict=True):
        assert sorted(one.rows.tolist()) == sorted(order[row] for row in other.rows.tolist())
        assert len(set(one.rows.tolist())) == one.n_rows
        assert ((one.scores >= 0) & (one.scores <= 1)).all()


@settings(max_examples=30, deadline=None)
@given(rows=ROWS)
def test_what_is_stored_is_what_was_found(rows: list[tuple[str, str | None]]) -> None:
    """Scores to seven digits, all else exactly."""
    for problem in find_problems(Dataset.from_labels(*_columns(rows))).problems:
        stored = problem_from_bytes(problem_to_bytes(problem))

        assert stored.kind == problem.kind
        assert (stored.reasons, stored.marks) == (problem.reasons, problem.marks)
        for name in ("rows", "reason_codes", "groups", "contradicts", "is_spare"):
            assert np.array_equal(getattr(stored, name), getattr(problem, name))
        assert np.allclose(stored.scores, problem.scores)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=60))
def test_a_repaired_text_of_any_kind_can_be_repaired_again(text: str) -> None:
    """Repairing never fails, and a text in which nothing is found stays as it is."""
    if encoding_damage([text]) is None:
        assert repaired_text(text) == text
    repaired_text(repaired_text(text))


def _columns(rows: list[tuple[str, str | None]]) -> tuple[list[str], list[str | None]]:
    return [text for text, _ in rows], [label for _, label in rows]
