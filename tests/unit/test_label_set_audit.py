from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest

from labelclean.config import AuditConfig
from labelclean.errors import ConfigError, InvalidInputError, RunCancelledError
from labelclean.label_set_audit import audit_label_sets
from labelclean.label_set_results import LabelSetAuditResult

_WORDS = {
    "delivery": ["parcel", "courier", "shipped", "tracking", "doorstep"],
    "money": ["refund", "charged", "invoice", "price", "card"],
    "quality": ["broken", "scratched", "faulty", "torn", "leaking"],
    "praise": ["lovely", "thanks", "perfect", "great", "delighted"],
}
_FILLERS = ["my", "order", "from", "last", "week", "about", "the", "blue", "one", "with", "again", "today"]


def _made(n_rows: int, *, seed: int = 0) -> tuple[list[str], list[list[str]]]:
    """Texts with words of each of their labels, in any order."""
    rng = np.random.default_rng(seed)
    names = list(_WORDS)
    texts, sets = [], []
    for _ in range(n_rows):
        chosen = [name for name in names if rng.random() < 0.35]
        words = [word for name in chosen for word in rng.choice(_WORDS[name], 2, replace=False)]
        words += rng.choice(_FILLERS, 5).tolist()
        texts.append(" ".join(rng.permutation(words)))
        sets.append(chosen)
    return texts, sets


def _with_errors(sets: list[list[str]], n_errors: int) -> tuple[list[list[str]], set[int]]:
    """Turn one label around in the first rows, each label in turn."""
    names = list(_WORDS)
    wrong = [list(labels) for labels in sets]
    for row in range(n_errors):
        name = names[row % len(names)]
        wrong[row] = [label for label in wrong[row] if label != name] if name in wrong[row] else [*wrong[row], name]
    return wrong, set(range(n_errors))


@pytest.fixture(scope="module")
def planted() -> tuple[list[str], list[list[str]], list[list[str]], LabelSetAuditResult]:
    """Texts, their true sets, the given ones with 30 errors in the first rows, and what was found."""
    texts, true_sets = _made(600)
    given, _ = _with_errors(true_sets, 30)
    return texts, true_sets, given, audit_label_sets(texts, given)


def test_planted_errors_come_first(
    planted: tuple[list[str], list[list[str]], list[list[str]], LabelSetAuditResult],
) -> None:
    """Of 30 rows with a label turned around among 600, at least 27 stand among the first 30."""
    result = planted[3]

    assert np.count_nonzero(result.ranked_rows[:30] < 30) >= 27


def test_suggestions_restore_the_true_sets(
    planted: tuple[list[str], list[list[str]], list[list[str]], LabelSetAuditResult],
) -> None:
    """Of the flagged rows nine in ten become right, and so does nearly every wrong row, flagged or not."""
    _, true_sets, _, result = planted

    is_right = np.array([set(result.suggested_labels(row)) == set(true_sets[row]) for row in range(600)])

    assert 20 <= result.n_issues <= 40
    assert is_right[result.is_issue].mean() >= 0.9
    assert np.count_nonzero(is_right[:30]) >= 28


def test_labels_taken_for_each_other_are_exchanged() -> None:
    """Every text is about one thing; where another one is given, that one is removed and the right one added."""
    rng = np.random.default_rng(0)
    names = list(_WORDS)
    right = rng.integers(4, size=400)
    given = np.where(np.arange(400) < 40, (right + rng.integers(1, 4, size=400)) % 4, right)
    texts = [" ".join([*rng.choice(_WORDS[names[code]], 2, replace=False), *rng.choice(_FILLERS, 5)]) for code in right]

    result = audit_label_sets(texts, [[names[code]] for code in given])

    n_exchanged = sum(
        (result.labels_to_add(row), result.labels_to_remove(row)) == ((names[right[row]],), (names[given[row]],))
        for row in range(40)
    )
    assert n_exchanged >= 36


def test_the_number_of_errors_is_estimated(
    planted: tuple[list[str], list[list[str]], list[list[str]], LabelSetAuditResult],
) -> None:
    """30 cells in 30 rows, within a third; the probabilities add up to the same."""
    result = planted[3]

    assert 20 <= result.n_wrong_cells <= 40
    assert 20 <= result.n_wrong_rows <= 40
    assert abs(result.cell_error_probabilities.sum() - result.n_wrong_cells) < 1.0
    assert abs(result.error_probabilities.sum() - result.n_wrong_rows) < 1.0


def test_suggestions_only_name_what_can_be_added_or_removed(
    planted: tuple[list[str], list[list[str]], list[list[str]], LabelSetAuditResult],
) -> None:
    """What is added was not given, what is removed was; both together make the suggested set, which is another one."""
    _, _, given, result = planted

    for row, labels in enumerate(given):
        added, removed = set(result.labels_to_add(row)), set(result.labels_to_remove(row))
        assert not added & set(labels)
        assert removed <= set(labels)
        assert added or removed
        assert set(result.suggested_labels(row)) == (set(labels) | added) - removed


def test_flagged_is_what_is_likelier_wrong_than_right(
    planted: tuple[list[str], list[list[str]], list[list[str]], LabelSetAuditResult],
) -> None:
    """Rows by their error probability, so that they are the first of the queue; labels by theirs, in such rows."""
    result = planted[3]

    assert set(np.flatnonzero(result.is_issue)) == set(np.flatnonzero(result.error_probabilities > 0.5))
    assert set(np.flatnonzero(result.is_issue)) == set(result.ranked_rows[: result.n_issues])
    assert not result.is_cell_issue[~result.is_issue].any()
    assert (result.cell_error_probabilities[result.is_cell_issue] > 0.5).all()
    assert (result.is_suggested != result.is_given)[result.is_cell_issue].all()


def test_the_frame_is_the_queue(
    planted: tuple[list[str], list[list[str]], list[list[str]], LabelSetAuditResult],
) -> None:
    """One line per row, most suspect first, with what to change."""
    result = planted[3]

    frame = result.to_frame()

    assert frame.columns.tolist() == [
        "rank",
        "row",
        "given",
        "suggested_add",
        "suggested_remove",
        "error_probability",
        "is_issue",
    ]
    assert frame["row"].tolist() == result.ranked_rows.tolist()
    assert frame["error_probability"].is_monotonic_decreasing
    assert frame["suggested_add"][0] == result.labels_to_add(int(result.ranked_rows[0]))
    assert frame["is_issue"].sum() == result.n_issues
    assert len(frame) == result.n_examples
    assert result.noise_frame()["n_given"].sum() == result.is_given.sum()


def test_results_are_read_only(
    planted: tuple[list[str], list[list[str]], list[list[str]], LabelSetAuditResult],
) -> None:
    """Every array of the result."""
    result = planted[3]

    with pytest.raises(ValueError, match="read-only"):
        result.error_probabilities[0] = 1.0


def test_the_number_of_threads_changes_no_bit() -> None:
    """Same data and options, same bytes."""
    texts, sets = _made(200)

    one = audit_label_sets(texts, sets, config=AuditConfig(n_jobs=1))
    three = audit_label_sets(texts, sets, config=AuditConfig(n_jobs=3))

    assert one.pred_probs.tobytes() == three.pred_probs.tobytes()
    assert one.error_probabilities.tobytes() == three.error_probabilities.tobytes()


def test_the_names_of_labels_do_not_matter() -> None:
    """Renamed in the same order, nothing changes; in another order, only the columns and the rounding do."""
    texts, sets = _made(200)
    kept = {"delivery": "a", "money": "b", "praise": "c", "quality": "d"}
    turned = {"delivery": "d", "money": "c", "praise": "b", "quality": "a"}

    plain = audit_label_sets(texts, sets)
    same_order = audit_label_sets(texts, [[kept[name] for name in labels] for labels in sets])
    turned_around = audit_label_sets(texts, [[turned[name] for name in labels] for labels in sets])

    assert plain.error_probabilities.tobytes() == same_order.error_probabilities.tobytes()
    # Folds go by the rarest label; where two are equally rare, by the first.
    np.testing.assert_allclose(plain.error_probabilities, turned_around.error_probabilities, atol=1e-3)


def test_the_order_of_labels_within_a_set_does_not_matter() -> None:
    """Lists, tuples and sets say the same."""
    texts, sets = _made(100)
    others: list[Iterable[str]] = [tuple(reversed(labels)) for labels in sets[:50]]
    others += [frozenset(labels) for labels in sets[50:]]

    assert (
        audit_label_sets(texts, sets).error_probabilities.tobytes()
        == audit_label_sets(texts, others).error_probabilities.tobytes()
    )


def test_columns_of_a_table_are_taken_in_their_order() -> None:
    """Whatever their index says."""
    texts, sets = _made(80)
    index = np.random.default_rng(0).permutation(80)

    plain = audit_label_sets(texts, sets)
    columns = audit_label_sets(
        pd.Series(texts, index=index),  # type: ignore[arg-type]  # pandas does not call its columns sequences
        pd.Series(sets, index=index),  # type: ignore[arg-type]
    )

    assert plain.error_probabilities.tobytes() == columns.error_probabilities.tobytes()


def test_the_order_of_rows_hardly_matters() -> None:
    """Folds are dealt anew, so that probabilities differ a little; the suspects are the same."""
    texts, true_sets = _made(400)
    given, wrong = _with_errors(true_sets, 20)
    order = np.random.default_rng(1).permutation(400)

    plain = audit_label_sets(texts, given)
    mixed = audit_label_sets([texts[row] for row in order], [given[row] for row in order])

    found = set(plain.ranked_rows[:20].tolist()) & set(order[mixed.ranked_rows[:20]].tolist())
    assert len(found & wrong) >= 17


def test_copies_of_a_text_do_not_vouch_for_each_other() -> None:
    """With labels drawn at random, and each text 10 times, the given labels are not predicted better than by chance."""
    rng = np.random.default_rng(0)
    texts = [text for text in _made(60)[0] for _ in range(10)]
    per_text = rng.random((60, 2)) < 0.5
    sets = [[name for name, is_in in zip("ab", row, strict=True) if is_in] for row in np.repeat(per_text, 10, axis=0)]

    result = audit_label_sets(texts, sets)

    assert abs(((result.pred_probs > 0.5) == result.is_given).mean() - 0.5) < 0.15


def test_rows_without_a_set_get_probabilities_and_no_score() -> None:
    """They come last in the queue, are not in the frame, and are suggested what is likelier than not."""
    texts, true_sets = _made(300)
    sets: list[list[str] | None] = [*true_sets[:290], *[None] * 10]

    result = audit_label_sets(texts, sets)

    assert np.isnan(result.error_probabilities[290:]).all()
    assert np.isnan(result.cell_error_probabilities[290:]).all()
    assert not result.is_issue[290:].any()
    assert sorted(result.ranked_rows[-10:].tolist()) == list(range(290, 300))
    assert len(result.to_frame()) == 290
    assert result.given_labels(295) is None
    n_right = sum(set(result.suggested_labels(row)) == set(true_sets[row]) for row in range(290, 300))
    assert n_right >= 7


def test_empty_sets_are_sets() -> None:
    """A text with words of a label and an empty set is suspected, and gets the label."""
    texts, true_sets = _made(400)
    rows = [row for row in range(400) if true_sets[row] == ["praise"]][:6]
    sets = [[] if row in rows else labels for row, labels in enumerate(true_sets)]

    result = audit_label_sets(texts, sets)

    assert len(set(result.ranked_rows[:8].tolist()) & set(rows)) >= 5
    assert result.given_labels(rows[0]) == ()


@pytest.mark.parametrize(
    "sets",
    [
        [["a"], [], ["a"], []] * 3,  # one label
        [["a"]] * 12,  # of everybody
        [[]] * 12,  # no label at all
        [["a"], *[["b"]] * 11],  # one of a single row
        [["a"], *[None] * 11],  # one row with a set
        [[1], [True], ["1"], [1, True, "1"]] * 3,  # three labels that Python partly calls equal
    ],
)
def test_small_and_odd_label_sets_are_audited(sets: list[list[str] | None]) -> None:
    """Nothing fails, and every row with a set gets an error probability."""
    texts = _made(12)[0]

    result = audit_label_sets(texts, sets)

    is_set = [labels is not None for labels in sets]
    assert np.isfinite(result.error_probabilities).tolist() == is_set
    assert np.isfinite(result.pred_probs).all()


def test_labels_that_python_calls_equal_are_told_apart() -> None:
    """1, True and "1"."""
    result = audit_label_sets(["a b", "b c", "c a"], [[1, True], ["1"], [True]])

    assert set(map(repr, result.class_names)) == {"True", "1", "'1'"}
    assert result.is_given.sum(axis=1).tolist() == [2, 1, 1]


def test_texts_that_say_nothing_are_audited() -> None:
    """Empty ones, and ones without a common word."""
    result = audit_label_sets(["", "", "x", "y"], [["a"], [], ["a"], ["b"]])

    assert np.isfinite(result.error_probabilities).all()


def test_embeddings_are_one_more_view() -> None:
    """Where the texts say nothing, they alone find the errors."""
    rng = np.random.default_rng(0)
    is_given = rng.random((300, 3)) < 0.4
    embeddings = np.hstack([is_given + rng.normal(scale=0.1, size=(300, 3)), rng.normal(scale=0.1, size=(300, 5))])
    is_given[:10, 0] ^= True
    sets = [[name for name, is_in in zip("abc", row, strict=True) if is_in] for row in is_given]

    result = audit_label_sets(["the same"] * 300, sets, embeddings=embeddings)
    meaningless = ["".join(rng.choice(list("abcdefghij"), 8)) for _ in range(300)]
    of_their_own = audit_label_sets(meaningless, sets, embeddings=embeddings)

    assert np.count_nonzero(of_their_own.ranked_rows[:10] < 10) >= 8
    assert np.isfinite(result.error_probabilities).all()


def test_progress_rises_to_one() -> None:
    """And is told in words."""
    told: list[tuple[str, float]] = []
    texts, sets = _made(60)

    audit_label_sets(texts, sets, progress=lambda step, fraction: told.append((step, fraction)))

    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert all(step for step, _ in told)


@pytest.mark.parametrize("limit", [0.0, 0.05, 0.3, 0.8, 0.95])
def test_it_stops_when_told_to(limit: float) -> None:
    """In every step."""
    texts, sets = _made(60)

    def stop(step: str, fraction: float) -> None:
        if fraction >= limit:
            raise RunCancelledError(step)

    with pytest.raises(RunCancelledError):
        audit_label_sets(texts, sets, progress=stop)


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        ([["a"]], "same length; got 2 texts and 1 sets"),
        (["a", ["b"]], "got str in row 0"),
        ([["a"], 3], "got int in row 1"),
        ([["a"], [""]], "empty or unhashable one in row 1"),
        ([["a"], [["b"]]], "empty or unhashable one in row 1"),
        ([None, float("nan")], "None in all 2 rows"),
    ],
)
def test_what_is_no_label_set_is_refused(sets: list[list[str] | None], message: str) -> None:
    """With the first bad row."""
    with pytest.raises(InvalidInputError, match=message):
        audit_label_sets(["one", "two"], sets)


def test_texts_embeddings_and_options_are_checked() -> None:
    """Each says what is wrong."""
    with pytest.raises(InvalidInputError, match="got int in row 1"):
        audit_label_sets(["one", 2], [["a"], []])  # type: ignore[list-item]  # that is what is tested
    with pytest.raises(InvalidInputError, match="texts must be a list, an array or one column of a table; got str"):
        audit_label_sets("one", [["a"]])
    with pytest.raises(
        InvalidInputError, match="label_sets must be a list, an array or one column of a table; got dict"
    ):
        audit_label_sets(["one"], {"a": 1})  # type: ignore[arg-type]  # likewise
    with pytest.raises(InvalidInputError, match=r"each of the 2 texts; got shape \(3, 1\)"):
        audit_label_sets(["one", "two"], [["a"], []], embeddings=[[1], [2], [3]])
    with pytest.raises(InvalidInputError, match="finite numbers; got others in 1 rows, first in row 1"):
        audit_label_sets(["one", "two"], [["a"], []], embeddings=[[1.0], [np.nan]])
    with pytest.raises(ConfigError, match="must be an AuditConfig"):
        audit_label_sets(["one", "two"], [["a"], []], config=3)  # type: ignore[arg-type]  # likewise
