"""The audit from end to end."""

from __future__ import annotations

import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest

import labelclean
from labelclean.arrays import Label
from labelclean.config import AuditConfig
from labelclean.dataset import Dataset
from labelclean.errors import ConfigError, InvalidInputError, RunCancelledError
from labelclean.pipeline import audit, audit_dataset
from tests.messages import TOPICS, WRONG_ROWS, messages, same_bits

STEPS = {
    "Reading texts",
    "Looking for near-duplicates",
    "Judging by words",
    "Judging by characters",
    "Estimating noise",
    "Ranking",
    "Gathering evidence",
    "Done",
}


def test_the_noise_counts_every_labelled_row_once() -> None:
    """Rows without a label are no part of the joint, so that its total is the number of labels."""
    texts, _, given = messages()
    given[0] = None
    given[50] = ""

    result = audit(texts, given)

    assert result.noise.n_labelled == result.n_labelled == 88
    assert result.label_accuracy == pytest.approx(1 - result.noise.n_label_errors / 88)


def test_planted_errors_are_flagged_ranked_first_and_put_right() -> None:
    """Three wrong labels among ninety clear messages."""
    texts, true, given = messages()

    result = audit(texts, given)

    assert sorted(result.ranked_rows[:3].tolist()) == list(WRONG_ROWS)
    assert result.is_issue[list(WRONG_ROWS)].all()
    assert [result.class_names[result.suggested_labels[row]] for row in WRONG_ROWS] == [true[row] for row in WRONG_ROWS]
    assert result.label_accuracy == pytest.approx(87 / 90, abs=0.03)


def test_scores_suggestions_and_ranking_fit_together() -> None:
    """Quality is the given label's probability; the first likely class is the suggestion."""
    texts, _, given = messages()

    result = audit(texts, given)

    rows = np.arange(90)
    assert np.array_equal(result.label_quality_scores, result.pred_probs[rows, result.labels].astype(np.float64))
    assert np.array_equal(result.likely_labels[:, 0], result.suggested_labels)
    assert np.array_equal(result.suggested_labels, result.pred_probs.argmax(axis=1))
    assert (np.diff(result.error_probabilities[result.ranked_rows]) <= 0).all()
    assert not result.is_issue[result.suggested_labels == result.labels].any()


@pytest.mark.parametrize("n_jobs", [1, 2, 5])
def test_the_same_input_gives_the_same_bytes_on_any_number_of_threads(n_jobs: int) -> None:
    """Twice, and against one thread."""
    texts, _, given = messages()

    first = audit(texts, given, config=AuditConfig(n_jobs=1))
    second = audit(texts, given, config=AuditConfig(n_jobs=n_jobs))

    assert same_bits(first, second)


def test_another_seed_deals_other_folds() -> None:
    """The seed is the only randomness."""
    texts, _, given = messages()

    assert not same_bits(audit(texts, given), audit(texts, given, config=AuditConfig(random_state=1)))


def test_lists_arrays_and_series_give_the_same_result() -> None:
    """Whatever a notebook holds."""
    texts, _, given = messages()
    given[0] = None

    plain = audit(texts, given)
    arrays = audit(np.array(texts), np.array(given, dtype=object))  # type: ignore[arg-type]  # notebooks do this
    series = audit(pd.Series(texts), pd.Series(given))  # type: ignore[arg-type]  # notebooks do this
    strings = audit(pd.Series(texts, dtype="string"), pd.Series(given, dtype="string"))  # type: ignore[arg-type]

    assert same_bits(plain, arrays)
    assert same_bits(plain, series)
    assert same_bits(plain, strings)


def test_labels_of_any_kind_come_back_as_they_were() -> None:
    """Numbers, bools and text of the same look stay apart; numpy's numbers become Python's."""
    texts, true, _ = messages()
    kinds: dict[Label, Label] = {"refund": 1, "delivery": True, "account": "1"}

    mixed = audit(texts, [kinds[label] for label in true if label is not None])
    numbers = audit(texts, np.array([list(TOPICS).index(str(label)) for label in true]))  # type: ignore[arg-type]

    assert {repr(name) for name in mixed.class_names} == {"1", "True", "'1'"}
    assert numbers.class_names == (0, 1, 2)
    assert all(type(name) is int for name in numbers.class_names)


def test_rows_without_a_label_get_a_suggestion_and_no_score() -> None:
    """They come last, in file order, are never flagged, and nothing is learnt from them."""
    texts, true, given = messages()
    for row in (0, 10, 89):
        given[row] = None

    result = audit(texts, given)

    assert result.ranked_rows[-3:].tolist() == [0, 10, 89]
    assert np.isnan(result.label_quality_scores[[0, 10, 89]]).all()
    assert np.isnan(result.error_probabilities[[0, 10, 89]]).all()
    assert not result.is_issue[[0, 10, 89]].any()
    assert [result.class_names[result.suggested_labels[row]] for row in (0, 10, 89)] == [true[0], true[10], true[89]]
    assert result.noise.confident_joint.sum() == 87


def test_random_labels_on_duplicates_are_not_learnt() -> None:
    """Copies share a fold, so agreement with the given labels stays near chance."""
    generator = np.random.default_rng(15)
    words = np.array([f"w{number}" for number in range(300)])
    distinct = [" ".join(generator.choice(words, 5)) for _ in range(120)]
    coin = ["heads" if toss else "tails" for toss in generator.random(120) < 0.5]

    result = audit([f" {text} " for text in distinct] + distinct * 3, coin * 4)

    assert 0.3 < (result.suggested_labels == result.labels).mean() < 0.7


def test_chinese_text_is_understood() -> None:
    """Words without spaces; one wrong label is found."""
    refund, parcel = (
        ["请退款", "我要退货退钱", "退款还没到账", "什么时候退款"],
        ["快递没到", "包裹丢了", "快递太慢", "包裹在哪里"],
    )
    texts = [f"{text}{suffix}" for suffix in ("", "啊", "吗", "呢", "谢谢") for text in refund + parcel]
    labels = (["退款"] * 4 + ["快递"] * 4) * 5
    labels[9] = "快递"

    result = audit(texts, labels)

    assert result.ranked_rows[0] == 9
    assert result.class_names[result.suggested_labels[9]] == "退款"


@pytest.mark.parametrize(
    ("texts", "labels"),
    [
        (["a b", "c d"], ["x", "y"]),
        (["same", "same"], ["x", "y"]),
        (["one", "two", "three"], ["x", "x", "y"]),
        (["", "text", ""], ["x", "y", "x"]),
        (["!", "?", "."], ["x", "y", "x"]),
        (["only one of its class", *["common text"] * 8], ["rare", *["common"] * 8]),
    ],
)
def test_tiny_and_odd_data_are_audited(texts: list[str], labels: list[Label | None]) -> None:
    """Few rows, one row per class, duplicates only, texts without words: defined results, no crash."""
    result = audit(texts, labels)

    assert sorted(result.ranked_rows.tolist()) == list(range(len(texts)))
    assert np.isfinite(result.error_probabilities).all()
    assert np.allclose(result.pred_probs.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        ([], [], "no rows"),
        (["a", "b"], [None, ""], "labels are empty"),
        (["", " "], ["x", "y"], "texts are empty"),
        (["a", "b"], ["x", None], "At least 2 rows"),
        (["a", "b"], ["x", "x"], "at least two classes"),
        (["a", "b"], ["x"], "got 2 texts and 1 labels"),
    ],
)
def test_impossible_data_are_refused_with_a_way_out(texts: list[str], labels: list[Label | None], message: str) -> None:
    """The same sentences as on the upload page."""
    with pytest.raises(InvalidInputError, match=message) as caught:
        audit(texts, labels)
    assert caught.value.fix


@pytest.mark.parametrize(
    ("values", "got"),
    [
        ("reviews.csv", "str"),
        (b"ab", "bytes"),
        (None, "NoneType"),
        (7, "int"),
        ({"a", "b"}, "set"),
        ({"a": 1, "b": 2}, "dict"),
        (np.array([["a"], ["b"]]), "ndarray with 2 dimensions"),
        (np.array("a"), "ndarray with 0 dimensions"),
        (pd.DataFrame({"t": ["a", "b"]}), "DataFrame with 2 dimensions"),
    ],
)
def test_what_has_no_row_order_is_refused(values: object, got: str) -> None:
    """A file's name, a set or a whole table would be read as something nobody meant."""
    with pytest.raises(InvalidInputError, match=f"texts must be .*; got {got}"):
        audit(values, ["x", "y"])  # type: ignore[arg-type]  # what a careless caller gives
    with pytest.raises(InvalidInputError, match=f"labels must be .*; got {got}"):
        audit(["a", "b"], values)  # type: ignore[arg-type]


def test_options_are_an_audit_config() -> None:
    """A dict would be taken for options only when something is read from it."""
    texts, _, given = messages()

    with pytest.raises(ConfigError, match="config must be an AuditConfig; got dict"):
        audit(texts, given, config={"n_folds": 3})  # type: ignore[arg-type]  # what a careless caller gives


def test_progress_never_falls_names_the_steps_and_ends_at_1() -> None:
    """A bar that jumps back is not believed."""
    texts, _, given = messages()
    told: list[tuple[str, float]] = []

    audit(
        texts,
        given,
        config=AuditConfig(n_explained=3),
        progress=lambda step, fraction: told.append((step, fraction)),
    )

    fractions = [fraction for _, fraction in told]
    assert told[0] == ("Reading texts", 0.0)
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert all(0 <= fraction <= 1 for fraction in fractions)
    assert {step for step, _ in told} == STEPS


@pytest.mark.parametrize("at", sorted(STEPS))
def test_a_cancelled_run_ends_with_the_error_it_was_given(at: str) -> None:
    """At any step."""
    texts, _, given = messages()

    def stop(step: str, fraction: float) -> None:
        if step == at:
            raise RunCancelledError(f"Stopped at {fraction:.0%}.")

    with pytest.raises(RunCancelledError, match="Stopped"):
        audit(texts, given, config=AuditConfig(n_explained=3), progress=stop)


def test_options_are_heard() -> None:
    """Fewer likely classes; half of the errors; more rows to keep."""
    texts, _, given = messages()

    few = audit(texts, given, config=AuditConfig(n_likely_classes=2))
    half = audit(texts, given, config=AuditConfig(frac_noise=0.5))
    kept = audit(texts, given, config=AuditConfig(min_examples_per_class=33))

    assert few.likely_labels.shape == few.likely_probs.shape == (90, 2)
    assert half.n_issues < few.n_issues
    assert kept.n_issues == 0  # no class has more than 33 rows


def test_nothing_of_the_process_is_changed() -> None:
    """Neither warning filters nor the global random state."""
    texts, _, given = messages()
    filters, state = list(warnings.filters), repr(np.random.get_state())  # noqa: NPY002  (nobody should touch it)

    audit(texts, given)

    assert warnings.filters == filters
    assert repr(np.random.get_state()) == state  # noqa: NPY002  (nobody should touch it)


def test_a_dataset_is_audited_as_its_columns_are() -> None:
    """Both doors lead to the same room."""
    texts, _, given = messages()

    assert same_bits(audit(texts, given), audit_dataset(Dataset.from_labels(texts, given)))


def test_the_package_offers_the_audit_and_stays_light() -> None:
    """`import labelclean` loads neither pandas nor scikit-learn."""
    code = "import labelclean, sys; print(any(name in sys.modules for name in ('sklearn', 'pandas', 'scipy')))"

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert shown.strip() == "False"
    assert labelclean.audit is audit
