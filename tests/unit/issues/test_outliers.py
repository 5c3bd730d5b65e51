"""Tests of texts unlike all others."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from labelclean.errors import RunCancelledError
from labelclean.issues import outliers as room
from labelclean.issues.outliers import outliers, typicality


def requests(n_texts: int) -> list[str]:
    """Return texts about one subject, each with words of its own."""
    rng = np.random.default_rng(5)
    things = ["lamp", "table", "chair", "book", "phone", "parcel", "camera", "shelf"]
    verbs = ["order", "return", "track", "cancel", "change", "pay", "send", "find"]
    return [
        f"how can i {verbs[rng.integers(8)]} the {things[rng.integers(8)]} that i bought {verbs[rng.integers(8)]} now"
        for _ in range(n_texts)
    ]


def test_gibberish_among_requests_is_found() -> None:
    """It shares no word with any other text."""
    texts = [*requests(100), "zxqv wjkl pqrr"]

    found = outliers(texts, np.arange(101))

    assert found is not None
    assert found.rows.tolist() == [100]
    assert found.scores.tolist() == [0.0]
    assert found.reason_of(100) == "It has nothing in common with any other text."


def test_letters_of_scripts_without_spaces_are_compared() -> None:
    """Chinese texts share characters, not words."""
    rng = np.random.default_rng(2)
    parts = ["快递", "什么", "时候", "能到", "我的", "订单", "退款", "没有", "收到", "怎么"]
    texts = ["".join(rng.choice(parts, 6)) for _ in range(100)]

    found = outliers([*texts, "鹦鹉螺蕨类"], np.arange(101))

    assert found is not None
    assert found.rows[0] == 100


def test_texts_that_all_differ_alike_are_no_outliers() -> None:
    """What is usual is measured in the data at hand."""
    rng = np.random.default_rng(3)
    words = [f"w{number}" for number in range(400)]
    texts = [" ".join(rng.choice(words, 8)) for _ in range(300)]

    found = outliers(texts, np.arange(300))

    assert found is None or found.n_rows <= 3


def test_copies_do_not_vouch_for_each_other() -> None:
    """Two copies of gibberish are two outliers."""
    texts = [*requests(100), "zxqv wjkl pqrr", "zxqv wjkl pqrr"]
    groups = np.array([*range(100), 100, 100])

    found = outliers(texts, groups)

    assert found is not None
    assert found.rows.tolist() == [100, 101]


def test_rows_passed_over_and_blank_ones_are_not_judged() -> None:
    """They have another problem."""
    texts = [*requests(100), "zxqv wjkl pqrr", ""]
    passed_over = np.arange(102) == 100

    assert outliers(texts, np.arange(102), passed_over=passed_over) is None


def test_fewer_than_fifty_texts_are_not_judged() -> None:
    """They have no neighbours to speak of."""
    assert outliers([*requests(40), "zxqv wjkl"], np.arange(41)) is None


def test_the_order_of_the_rows_makes_no_difference() -> None:
    """Also where neighbours are looked for in a part of the texts alone."""
    texts = [*requests(300), "zxqv wjkl pqrr", "mnbv cxzl"]
    order = np.random.default_rng(1).permutation(302)

    found = outliers(texts, np.arange(302))
    shuffled = outliers([texts[row] for row in order], np.arange(302))

    assert found is not None
    assert shuffled is not None
    assert sorted(order[shuffled.rows].tolist()) == sorted(found.rows.tolist())


def test_large_data_are_searched_in_two_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first round picks the rows that are worth the second, and the outlier is among them."""
    for name, value in {"_FEWEST_SECOND": 20, "_FIRST_POOL": 50, "_POOL": 150, "_USUAL_ROWS": 60}.items():
        monkeypatch.setattr(room, name, value)
    texts = [*requests(300), "zxqv wjkl pqrr"]

    found = outliers(texts, np.arange(301))

    assert found is not None
    assert found.rows[0] == 300


def test_typicality_is_the_mean_of_the_five_nearest() -> None:
    """Worked out by hand: cosines 1, 0.6 and nothing else."""
    features = sparse.csr_array(np.array([[1, 0], [1, 0], [0.6, 0.8]], dtype=np.float32))

    found = typicality(features, np.arange(3), np.array([0, 2]), np.arange(3))

    assert found == pytest.approx([(1 + 0.6) / 5, (0.6 + 0.6) / 5])


def test_it_can_be_cancelled() -> None:
    """Whoever is told the progress may end it."""

    def cancel(step: str, fraction: float) -> None:
        raise RunCancelledError(f"{step} {fraction}", fix="")

    with pytest.raises(RunCancelledError):
        outliers(requests(100), np.arange(100), progress=cancel)
