"""Tests of problems as bytes."""

from __future__ import annotations

import zlib

import pytest

from labelclean.errors import StoreError
from labelclean.issues.problem import ProblemReport, problem_of
from labelclean.store.problem_bytes import (
    account_from_bytes,
    account_to_bytes,
    problem_from_bytes,
    problem_to_bytes,
)


def test_a_problem_comes_back_as_it_was() -> None:
    """Reasons hold any text."""
    problem = problem_of("label_leaks", [3, 1], [0.5, 0.25], ["“é”\ud800", "b"], marks=["x", ""])
    assert problem is not None

    stored = problem_from_bytes(problem_to_bytes(problem))

    assert stored.rows.tolist() == [1, 3]
    assert stored.scores.tolist() == [0.25, 0.5]
    assert stored.reason_of(3) == "“é”\ud800"
    assert stored.mark_of(3) == "x"
    assert stored.is_spare.tolist() == [True, True]


def test_what_was_looked_for_comes_back_in_the_fixed_order() -> None:
    """Kinds that no longer exist are left out."""
    report = ProblemReport(checked=("outliers", "label_leaks"), left_out=(("ambiguous", "No model."),))

    stored = account_from_bytes(account_to_bytes(report))

    assert stored.checked == ("label_leaks", "outliers")
    assert stored.left_out == (("ambiguous", "No model."),)


@pytest.mark.parametrize(
    "content",
    [b"", b"abc", zlib.compress(b"[]"), zlib.compress(b'{"kind": "typo"}'), zlib.compress(b'{"kind": "outliers"}')],
)
def test_damaged_bytes_are_refused(content: bytes) -> None:
    """With the next step."""
    with pytest.raises(StoreError, match="must be whole"):
        problem_from_bytes(content)
    with pytest.raises(StoreError, match="must be whole"):
        account_from_bytes(content)
