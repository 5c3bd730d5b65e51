"""What an audit keeps beside its figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labelclean import reasons
from labelclean.arrays import UNLABELLED
from labelclean.config import AuditConfig
from labelclean.core.reranking import rerank
from labelclean.core.reranking_data import Verdicts
from labelclean.dataset import Dataset
from labelclean.errors import RunCancelledError
from labelclean.explain.evidence import RowEvidence
from labelclean.explain.suggestions import Suggestions, suggest_labels
from labelclean.findings import Findings, find_errors
from labelclean.judging import Judgement, judge_by_texts
from labelclean.models.fold_ridge import RidgeScores
from labelclean.protocols import no_progress
from labelclean.reasons import explain_suspects, ranking_signals
from tests.messages import WRONG_ROWS, messages


def judged() -> tuple[Dataset, Judgement, Suggestions]:
    """Judge messages of which three have a wrong label and one has none."""
    texts, _, given = messages()
    given[50] = None
    data = Dataset.from_labels(texts, given)
    judgement = judge_by_texts(data, AuditConfig(), no_progress, bounded=False)
    return data, judgement, suggest_labels(judgement.pred_probs, n_likely=3)


def found_in(data: Dataset, judgement: Judgement) -> Findings:
    """Find the errors among the rows with a label."""
    labelled = np.flatnonzero(data.labels != UNLABELLED)
    found = find_errors(data.labels[labelled], judgement.pred_probs[labelled], AuditConfig())
    return found.among(labelled, data.n_examples)


def explained(rows: list[int], data: Dataset, judgement: Judgement, suggestions: Suggestions) -> list[RowEvidence]:
    """Explain some rows."""
    return list(explain_suspects(np.array(rows, dtype=np.int64), data, judgement, suggestions, no_progress))


def test_rows_are_explained_in_the_order_they_are_asked_for() -> None:
    """Whatever their order in the file; spans lie in the row's own text."""
    data, judgement, suggestions = judged()
    rows = [58, 4, 50, 31, 7]

    found = explained(rows, data, judgement, suggestions)

    assert [each.row for each in found] == rows
    for each in found:
        text = data.texts[each.row]
        assert all(0 <= span.start < span.end <= len(text) for span in each.spans)
        assert {word.casefold() for word in each.words_for} <= {text[s.start : s.end].casefold() for s in each.spans}


def test_words_speak_for_the_suggestion_and_neighbours_carry_it() -> None:
    """The three wrong labels: what is suggested is the true topic."""
    data, judgement, suggestions = judged()

    for each in explained(list(WRONG_ROWS), data, judgement, suggestions):
        assert each.suggested != each.given
        assert each.words_for
        assert each.n_suggested > each.n_given


def test_a_row_without_a_label_is_weighed_against_its_second_most_likely_class() -> None:
    """It has words for the suggestion, and nothing on the side of a given label."""
    data, judgement, suggestions = judged()

    [found] = explained([50], data, judgement, suggestions)

    assert found.given == UNLABELLED
    assert found.words_for
    assert found.words_against == ()
    assert found.n_given == 0
    assert found.counter_example is None


def test_other_columns_have_no_words_to_show() -> None:
    """Only what the texts say can be marked: not a word that says something in the column, and nothing in the text."""
    texts, _, given = messages()
    data = Dataset.from_labels([f"{text} x0 x1 x2" for text in texts], given)
    notes = {"note": [f"x{row % 3} {row}" for row in range(90)]}
    judgement = judge_by_texts(data, AuditConfig(), no_progress, bounded=False, extra_columns=notes)

    found = explained(list(WRONG_ROWS), data, judgement, suggest_labels(judgement.pred_probs, n_likely=3))

    assert any(judgement.views[each.view].name == "column note" for each in judgement.heard)
    assert all(each.words_for for each in found)
    assert not {word for each in found for word in each.words_for} & {"x0", "x1", "x2"}


def test_a_learner_that_is_not_heard_is_not_asked() -> None:
    """With a scale of 0 it had no part in the suggestion; with none heard there are neighbours, but no words."""
    data, judgement, suggestions = judged()
    silent = replace(judgement, heard=tuple(replace(each, scale=0.0) for each in judgement.heard))

    [found] = explained([4], data, silent, suggestions)

    assert found.spans == ()
    assert found.neighbours


def test_ridge_models_whose_coefficients_were_not_kept_find_them_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same evidence; where they would be too large, naive Bayes alone answers."""
    data, judgement, suggestions = judged()
    usual = explained([4, 31], data, judgement, suggestions)
    dropped = replace(
        judgement,
        heard=tuple(
            replace(each, model=replace(each.model, dual_coef=None)) if isinstance(each.model, RidgeScores) else each
            for each in judgement.heard
        ),
    )
    bayes_only = replace(
        judgement, heard=tuple(each for each in judgement.heard if not isinstance(each.model, RidgeScores))
    )

    again = explained([4, 31], data, dropped, suggestions)
    monkeypatch.setattr(reasons, "_LARGEST_DUAL", 0)
    too_large = explained([4, 31], data, dropped, suggestions)

    assert [each.words_for for each in again] == [each.words_for for each in usual]
    assert too_large == explained([4, 31], data, bayes_only, suggestions)


def test_without_views_or_rows_there_is_no_evidence() -> None:
    """Such as with the user's own probabilities."""
    data, judgement, suggestions = judged()
    nobody = Judgement(pred_probs=judgement.pred_probs, groups=np.arange(90))

    assert explained([4], data, nobody, suggestions) == []
    assert explained([], data, judgement, suggestions) == []


def test_progress_rises_and_may_stop_it() -> None:
    """The error comes through."""
    data, judgement, suggestions = judged()
    told: list[float] = []

    def stop(step: str, fraction: float) -> None:
        if step and fraction > 0:
            raise RunCancelledError("Stopped.")

    explain_suspects(np.arange(90), data, judgement, suggestions, lambda _, fraction: told.append(fraction))

    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1
    with pytest.raises(RunCancelledError):
        explain_suspects(np.arange(90), data, judgement, suggestions, stop)


def test_a_reranking_runs_on_the_signals() -> None:
    """Each learner is a column; a reviewer who always sides with the given label calms the queue."""
    data, judgement, suggestions = judged()
    found = found_in(data, judgement)

    signals = ranking_signals(
        data.labels,
        judgement,
        suggestions,
        error_probabilities=found.error_probabilities,
        label_quality_scores=found.label_quality_scores,
        is_issue=found.is_issue,
        noise=found.noise,
    )

    assert signals is not None
    assert signals.views.names == tuple(learner.name for learner in judgement.learners)
    for column, learner in enumerate(judgement.learners):
        assert np.array_equal(signals.views.values[:, column], learner.log_odds, equal_nan=True)
    rows = np.array(WRONG_ROWS)
    verdicts = Verdicts(rows=rows, is_wrong=np.array([True, True, False]), true_labels=np.full(3, UNLABELLED))
    ranked = rerank(signals, verdicts)
    assert ranked.error_probabilities[rows].tolist() == [1.0, 1.0, 0.0]
    assert ranked.ranked_rows[-1] == 50
    assert sorted(ranked.ranked_rows.tolist()) == list(range(90))


def test_without_learners_there_is_nothing_to_rank_anew() -> None:
    """The user's own probabilities are one voice only."""
    data, judgement, suggestions = judged()
    found = found_in(data, judgement)

    signals = ranking_signals(
        data.labels,
        Judgement(pred_probs=judgement.pred_probs, groups=np.arange(90)),
        suggestions,
        error_probabilities=found.error_probabilities,
        label_quality_scores=found.label_quality_scores,
        is_issue=found.is_issue,
        noise=found.noise,
    )

    assert signals is None
