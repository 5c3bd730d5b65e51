"""Signals that are kept as bytes, and the log-odds they are made of."""

from __future__ import annotations

import io

import numpy as np
import pytest

from labelclean.core.reranking_checks import check_reranking
from labelclean.core.reranking_data import ViewLogOdds, label_log_odds
from labelclean.errors import InvalidInputError
from tests.reranking_cases import make_audit


def test_signals_survive_being_packed_up_to_half_precision() -> None:
    """Names, values, missing values and the sketch come back."""
    values = np.array([[0.5, -3.25], [np.nan, 1e9]], dtype=np.float32)
    views = ViewLogOdds(names=("words", "字"), values=values, text_sketch=np.array([[0.25], [-1.0]], dtype=np.float32))

    found = ViewLogOdds.from_bytes(views.to_bytes())

    assert found.names == ("words", "字")
    assert found.values.dtype == np.float32
    assert found.values.tolist()[0] == [0.5, -3.25]
    assert np.isnan(found.values[1, 0])
    assert 1e4 < found.values[1, 1] < np.inf
    assert found.text_sketch.tolist() == [[0.25], [-1.0]]


def test_packing_is_the_same_every_time() -> None:
    """The bytes hold no clock."""
    views = make_audit(seed=0).signals.views

    assert views.to_bytes() == views.to_bytes()


def empty_archive() -> bytes:
    """Return a sound archive of something else."""
    target = io.BytesIO()
    np.savez_compressed(target, other=np.zeros(1))
    return target.getvalue()


@pytest.mark.parametrize("content", [b"", b"nothing", empty_archive()], ids=["empty", "text", "another archive"])
def test_damaged_bytes_are_refused(content: bytes) -> None:
    """With what to do about it."""
    with pytest.raises(InvalidInputError, match="damaged"):
        ViewLogOdds.from_bytes(content)


def test_log_odds_are_those_of_every_class_but_the_given_one() -> None:
    """1 to 3 against, 9 to 1 for; certainty stays finite."""
    probs = np.array([[0.75, 0.25], [0.9, 0.1], [1.0, 0.0]], dtype=np.float32)

    found = label_log_odds(np.array([0, 1, 1]), probs)

    assert found.dtype == np.float64
    assert found[:2].tolist() == pytest.approx([-np.log(3), np.log(9)], abs=1e-6)
    assert 20 < found[2] < 21


@pytest.mark.parametrize(
    ("values", "sketch", "message"),
    [
        (np.zeros((400, 1)), np.zeros((0, 0)), "one column for each"),
        (np.zeros((399, 2)), np.zeros((0, 0)), "one row for each of the 400"),
        (np.zeros((400, 2)), np.zeros((3, 5)), "sketch of the texts"),
    ],
)
def test_views_of_another_run_are_refused(values: np.ndarray, sketch: np.ndarray, message: str) -> None:
    """Shapes tell."""
    made = make_audit(seed=0)
    views = ViewLogOdds(names=("a", "b"), values=values.astype(np.float32), text_sketch=sketch.astype(np.float32))
    signals = type(made.signals)(
        **{name: getattr(made.signals, name) for name in made.signals.__slots__ if name != "views"}, views=views
    )

    with pytest.raises(InvalidInputError, match=message):
        check_reranking(signals, made.judge(made.top(3)))
