"""The audit with more to learn from than the texts, with less memory, and with reasons."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from labelclean.arrays import UNLABELLED, Label
from labelclean.config import AuditConfig
from labelclean.core.reranking import rerank
from labelclean.core.reranking_data import RankingSignals, Verdicts, ViewLogOdds
from labelclean.errors import InvalidInputError
from labelclean.explain.evidence import RowEvidence
from labelclean.pipeline import audit
from labelclean.results import AuditResult
from tests.messages import TOPICS, WRONG_ROWS, messages, same_bits


def silent_texts(n_rows: int = 90) -> list[str]:
    """Return texts that say nothing about any topic."""
    return [f"number {row}" for row in range(n_rows)]


def embedded(true: list[Label | None]) -> NDArray[np.float64]:
    """Return embeddings that know the true topic, with some noise."""
    codes = [list(TOPICS).index(str(label)) for label in true]
    return np.eye(3)[codes] + np.random.default_rng(5).normal(scale=0.1, size=(len(true), 3))


def first_three(result: AuditResult) -> list[int]:
    """Return the rows that are suspected most, in row order."""
    rows: list[int] = sorted(result.ranked_rows[:3].tolist())
    return rows


def test_embeddings_find_what_the_texts_do_not_say() -> None:
    """The texts are of no use; three labels are wrong."""
    _, true, given = messages()

    without = audit(silent_texts(), given)
    result = audit(silent_texts(), given, embeddings=embedded(true))

    assert first_three(without) != list(WRONG_ROWS)
    assert first_three(result) == list(WRONG_ROWS)
    assert [result.class_names[result.suggested_labels[row]] for row in WRONG_ROWS] == [true[row] for row in WRONG_ROWS]


@pytest.mark.parametrize("given_as", [list, pd.DataFrame, np.float32])
def test_embeddings_may_come_as_lists_tables_or_arrays(given_as: type) -> None:
    """The same numbers give the same bytes."""
    texts, true, given = messages()
    numbers = embedded(true).astype(np.float32)
    values = numbers.tolist() if given_as is list else given_as(numbers)

    assert same_bits(audit(texts, given, embeddings=values), audit(texts, given, embeddings=numbers))


def test_embeddings_stay_the_callers() -> None:
    """They are neither written to nor locked."""
    texts, true, given = messages()
    numbers = embedded(true).astype(np.float32)
    before = numbers.copy()

    audit(texts, given, embeddings=numbers)

    assert np.array_equal(numbers, before)
    assert numbers.flags.writeable


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda numbers: numbers[:-1], "one row for each of the 90 rows"),
        (lambda numbers: np.where(numbers > 1, np.nan, numbers), "must be finite|finite numbers"),
        (lambda numbers: numbers.astype(str), "numbers"),
    ],
)
def test_embeddings_that_do_not_fit_are_refused(change: object, message: str) -> None:
    """Before any text is read."""
    texts, true, given = messages()
    told: list[str] = []
    assert callable(change)

    with pytest.raises(InvalidInputError, match=message):
        audit(texts, given, embeddings=change(embedded(true)), progress=lambda step, _: told.append(step))
    assert set(told) == {"Reading texts"}
    assert len(told) == 1


def test_another_column_finds_what_the_texts_do_not_say() -> None:
    """A category that goes with the true topic; a row has none."""
    _, true, given = messages()
    shelf = [f"shelf {list(TOPICS).index(str(label))}" for label in true]
    shelf[7] = ""

    result = audit(silent_texts(), given, extra_columns={"shelf": shelf})

    assert first_three(result) == list(WRONG_ROWS)
    assert isinstance(result.signals, RankingSignals)
    assert "ridge on column shelf" in result.signals.views.names


def test_columns_may_come_as_arrays_or_series_of_numbers_with_gaps() -> None:
    """As a notebook holds them: what is missing is empty, a number is its digits."""
    texts, true, given = messages()
    codes = [list(TOPICS).index(str(label)) for label in true]
    plain = audit(texts, given, extra_columns={"shelf": ["", *map(str, codes[1:])]})

    for column in (
        [None, *codes[1:]],
        np.array(["", *map(str, codes[1:])]),
        pd.Series([None, *codes[1:]], dtype="Int64", index=range(100, 190)),
    ):
        assert same_bits(plain, audit(texts, given, extra_columns={"shelf": column}))  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"shelf": ["a"]}, "Extra column 'shelf' must have one value for each of the 90 texts; got 1"),
        ({"shelf": "a" * 90}, "Extra column 'shelf' must be a list, .*; got str"),
        (["shelf"], "extra_columns must be columns by their names; got list"),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns: object, message: str) -> None:
    """By name."""
    texts, _, given = messages()

    with pytest.raises(InvalidInputError, match=message):
        audit(texts, given, extra_columns=columns)  # type: ignore[arg-type]  # what a careless caller gives


def test_no_columns_are_as_good_as_none_named() -> None:
    """An empty mapping, with probabilities of one's own as well."""
    texts, _, given = messages()
    probs = audit(texts, given).pred_probs

    assert same_bits(audit(texts, given), audit(texts, given, extra_columns={}))
    assert audit(texts, given, pred_probs=probs, extra_columns={}).signals is None


@pytest.mark.parametrize("more", [{"embeddings": np.eye(90)}, {"extra_columns": {"shelf": ["a"] * 90}}])
def test_more_to_learn_from_needs_our_own_learners(more: dict[str, object]) -> None:
    """Probabilities of one's own were learnt from something else already."""
    texts, _, given = messages()

    with pytest.raises(InvalidInputError, match="embeddings and extra_columns are for the built-in learners"):
        audit(texts, given, pred_probs=np.full((90, 3), 1 / 3), **more)  # type: ignore[arg-type]  # by name


def test_with_less_memory_the_words_are_enough() -> None:
    """One view, hashed; on clear messages it finds the same."""
    texts, _, given = messages()

    result = audit(texts, given, config=AuditConfig(bounded=True))

    assert first_three(result) == list(WRONG_ROWS)
    assert isinstance(result.signals, RankingSignals)
    assert not any("characters" in name for name in result.signals.views.names)


@pytest.mark.parametrize("needed", [False, True])
def test_whether_memory_is_short_is_found_out_unless_it_is_said(
    monkeypatch: pytest.MonkeyPatch, *, needed: bool
) -> None:
    """What the estimate says counts only where nobody chose."""
    texts, _, given = messages()
    monkeypatch.setattr("labelclean.pipeline.needs_bounds", lambda _dataset, _config: needed)

    asked = audit(texts, given)
    told = audit(texts, given, config=AuditConfig(bounded=False))

    assert same_bits(asked, audit(texts, given, config=AuditConfig(bounded=needed)))
    assert isinstance(told.signals, RankingSignals)
    assert any("characters" in name for name in told.signals.views.names)


def test_the_first_suspects_get_evidence_in_the_order_of_the_ranking() -> None:
    """As many as asked for; what stands in a span is the text's own, and it can be stored."""
    texts, _, given = messages()
    given[50] = None

    result = audit(texts, given, config=AuditConfig(n_explained=8))

    found = [each for each in result.evidence if isinstance(each, RowEvidence)]
    assert [each.row for each in found] == result.ranked_rows[:8].tolist()
    for each in found:
        assert each.given == result.labels[each.row]
        assert each.suggested == result.suggested_labels[each.row]
        assert each.sentence.endswith(".")
        assert {texts[each.row][span.start : span.end].strip() for span in each.spans} >= {*each.words_for}
        assert all(0 <= span.start < span.end <= len(texts[each.row]) for span in each.spans)
        assert 50 not in [neighbour.row for neighbour in each.neighbours]
        assert RowEvidence.from_dict(json.loads(json.dumps(each.to_dict()))) == each
    wrong = [each for each in found if each.row in WRONG_ROWS]
    assert all(each.n_suggested > each.n_given and each.words_for for each in wrong)


def test_evidence_changes_nothing_else() -> None:
    """It is only gathered; and rows without a label can be explained as well."""
    texts, _, given = messages()
    given[50] = None

    without, every = audit(texts, given), audit(texts, given, config=AuditConfig(n_explained=1000))

    assert without.evidence == ()
    assert len(every.evidence) == 90
    last = every.evidence[-1]
    assert isinstance(last, RowEvidence)
    assert (last.row, last.given) == (50, UNLABELLED)
    for name in ("pred_probs", "error_probabilities", "ranked_rows", "noise", "signals"):
        assert same_bits(getattr(every, name), getattr(without, name))


def test_no_evidence_is_gathered_where_our_learners_did_not_judge() -> None:
    """There is no model to ask."""
    texts, _, given = messages()
    probs = audit(texts, given).pred_probs

    result = audit(texts, given, pred_probs=probs, config=AuditConfig(n_explained=5))

    assert result.evidence == ()
    assert result.signals is None


def test_a_reranking_starts_from_the_signals() -> None:
    """Without a verdict it is the audit's own ranking; a verdict settles its row."""
    texts, _, given = messages()
    given[50] = None
    result = audit(texts, given)
    signals = result.signals
    assert isinstance(signals, RankingSignals)
    row = int(result.ranked_rows[0])

    same = rerank(signals, Verdicts(rows=np.empty(0, int), is_wrong=np.empty(0, bool), true_labels=np.empty(0, int)))
    decided = rerank(signals, Verdicts(rows=np.array([row]), is_wrong=np.array([True]), true_labels=np.array([-1])))

    assert same.ranked_rows.tobytes() == result.ranked_rows.tobytes()
    assert np.array_equal(same.is_issue, result.is_issue)
    assert decided.error_probabilities[row] == 1.0
    assert np.isnan(decided.error_probabilities[50])
    assert ViewLogOdds.from_bytes(signals.views.to_bytes()).names == signals.views.names


def test_the_number_of_errors_has_an_interval_around_it_and_clean_labels_are_called_clean() -> None:
    """Three of ninety are wrong; of three hundred none."""
    texts, _, given = messages()
    clean_texts, clean, _ = messages(300)

    noisy, calm = audit(texts, given), audit(clean_texts, clean)

    assert noisy.n_errors_interval is not None
    assert noisy.n_errors_interval[0] <= 3 <= noisy.n_errors_interval[1]
    assert noisy.statement == ""
    assert calm.statement.startswith("The labels look nearly clean: about 0 of 300 are wrong")
