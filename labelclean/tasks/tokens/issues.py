"""Wrong labels of single tokens, by the same confident learning as everywhere, over the tokens of all sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labelclean.arrays import FloatArray, IndexArray, Label
from labelclean.config import CountingRule, FilterMethod
from labelclean.core.label_issues import find_label_issues
from labelclean.core.scores import ScoringMethod
from labelclean.errors import ConfigError
from labelclean.tasks.tokens.results import SentenceScores, TokenIssues
from labelclean.tasks.tokens.scores import best_classes
from labelclean.tasks.tokens.sentences import TokenLabels, TokenProbs, flatten_sentences, places_of_rows

__all__ = ["find_token_issues", "sentence_issues_from_scores", "token_issues_from_scores"]


def find_token_issues(
    labels: TokenLabels,
    pred_probs: TokenProbs,
    *,
    class_names: Sequence[Label] | None = None,
    filter_by: FilterMethod = "prune_by_noise_rate",
    frac_noise: float = 1.0,
    min_examples_per_class: int = 1,
    n_to_remove_per_class: Sequence[int] | None = None,
    score_by: ScoringMethod = "self_confidence",
    adjust_pred_probs: bool = False,
    counting: CountingRule = "reference",
) -> TokenIssues:
    """
    Find the tokens whose labels are probably wrong.

    Every token counts as one example, whichever sentence it stands in; the noise is that of all tokens together.

    Parameters
    ----------
    labels : sequence of sequences, length n_sentences
        Labels of the tokens of each sentence: class codes 0 to n_classes - 1 or, with ``class_names``, names. A
        sentence may be empty.
    pred_probs : sequence of array-likes of float, length n_sentences
        For each sentence a table of held-out probabilities, shape (n_tokens, n_classes), 0 to 1.
    class_names : sequence of hashable, length n_classes, optional
        Name of each column of the probabilities.
    filter_by : {"prune_by_noise_rate", "prune_by_class", "both", "confident_learning", ...}
        Which tokens are flagged; all filters of ``labelclean.core.label_issues.find_label_issues``.
    frac_noise : float, default=1.0
        Share of the estimated errors to flag, above 0 and at most 1.
    min_examples_per_class : int, default=1
        Tokens of each class that are never flagged.
    n_to_remove_per_class : sequence of int, length n_classes, optional
        How many tokens to flag among those given each class, in place of the estimate.
    score_by : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}, default="self_confidence"
        Score that orders the issues.
    adjust_pred_probs : bool, default=False
        Whether the scores see probabilities less each class's threshold.
    counting : {"reference", "paper"}, default="reference"
        Where a token is counted that is confident of several classes.

    Returns
    -------
    TokenIssues
        The flagged tokens, most suspect first.

    Raises
    ------
    ConfigError
        If an option is outside its range.
    InvalidInputError
        If labels and probabilities do not fit each other; the message names the first sentence and token.

    References
    ----------
    Wang & Mueller (2022), "Detecting Label Errors in Token Classification Data", arXiv:2210.03920.

    Examples
    --------
    >>> labels = [["O", "PER"], ["O"], ["PER", "O"], ["O"]]
    >>> probs = [[[0.9, 0.1], [0.2, 0.8]], [[0.8, 0.2]], [[0.1, 0.9], [0.9, 0.1]], [[0.05, 0.95]]]
    >>> issues = find_token_issues(labels, probs, class_names=["O", "PER"])
    >>> issues.sentence_index, issues.token_index
    (array([3]), array([0]))
    """
    flat = flatten_sentences(labels, pred_probs, class_names=class_names)
    found = find_label_issues(
        flat.labels,
        flat.pred_probs,
        filter_by=filter_by,
        frac_noise=frac_noise,
        min_examples_per_class=min_examples_per_class,
        n_to_remove_per_class=n_to_remove_per_class,
        score_by=score_by,
        adjust_pred_probs=adjust_pred_probs,
        counting=counting,
    )
    flagged = np.flatnonzero(found.is_issue)
    rows = flagged[np.argsort(found.label_quality_scores[flagged], kind="stable")]
    sentences, tokens = flat.places(rows)
    return TokenIssues(
        sentence_index=sentences,
        token_index=tokens,
        label_quality_scores=found.label_quality_scores[rows],
        given_labels=flat.labels[rows],
        suggested_labels=best_classes(flat.pred_probs[rows]),
        class_names=flat.class_names,
        noise=found.noise,
    )


def token_issues_from_scores(scores: SentenceScores, *, threshold: float = 0.1) -> TokenIssues:
    """
    Return the tokens whose scores are below a limit.

    How many there are depends on the limit alone; ``find_token_issues`` estimates it from the data instead.

    Parameters
    ----------
    scores : SentenceScores
        As ``sentence_quality_scores`` gives them.
    threshold : float, default=0.1
        A score below it is an issue; one equal to it is not.

    Returns
    -------
    TokenIssues
        Most suspect first, ties by place; empty where no score is below the limit.

    Raises
    ------
    ConfigError
        If the limit is not a number.

    Examples
    --------
    >>> from labelclean.tasks.tokens import sentence_quality_scores
    >>> scores = sentence_quality_scores([[0, 1], [1]], [[[0.9, 0.1], [0.96, 0.04]], [[0.99, 0.01]]])
    >>> issues = token_issues_from_scores(scores)
    >>> issues.sentence_index, issues.token_index
    (array([1, 0]), array([0, 1]))
    """
    rows = _lowest(scores.token_scores, threshold)
    sentences, tokens = places_of_rows(scores.offsets, rows)
    return TokenIssues(
        sentence_index=sentences,
        token_index=tokens,
        label_quality_scores=scores.token_scores[rows],
        given_labels=scores.given_labels[rows],
        suggested_labels=scores.suggested_labels[rows],
        class_names=scores.class_names,
        noise=None,
    )


def sentence_issues_from_scores(scores: SentenceScores, *, threshold: float = 0.1) -> IndexArray:
    """
    Return the sentences whose scores are below a limit.

    Parameters
    ----------
    scores : SentenceScores
        As ``sentence_quality_scores`` gives them.
    threshold : float, default=0.1
        A score below it is an issue; one equal to it is not.

    Returns
    -------
    ndarray of int64, shape (n_issues,)
        Sentences from 0, most suspect first, ties by place; empty where no score is below the limit.

    Raises
    ------
    ConfigError
        If the limit is not a number.

    Examples
    --------
    >>> from labelclean.tasks.tokens import sentence_quality_scores
    >>> scores = sentence_quality_scores([[0, 1], [0], [1]], [[[0.9, 0.1], [0.96, 0.04]], [[0.9, 0.1]], [[0.99, 0.01]]])
    >>> sentence_issues_from_scores(scores)
    array([2, 0])
    """
    return _lowest(scores.sentence_scores, threshold)


def _lowest(scores: FloatArray, threshold: float) -> IndexArray:
    if np.isnan(threshold):
        raise ConfigError("threshold must be a number; got NaN.")
    rows = np.flatnonzero(scores < threshold)
    return rows[np.argsort(scores[rows], kind="stable")]
