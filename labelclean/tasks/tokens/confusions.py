"""Which words are labelled wrongly again and again, and how."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, Label, MaskArray, freeze_fields
from labelclean.errors import ConfigError, InvalidInputError
from labelclean.tasks.tokens.results import TokenIssues, name_array

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TokenConfusions", "common_token_confusions", "issues_of_token"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class TokenConfusions:
    """
    How often each word is suspected of having one label where another was meant, most often first.

    Attributes
    ----------
    tokens : tuple of str, length n_confusions
        The words.
    given_labels, suggested_labels : ndarray of int64, shape (n_confusions,)
        Class codes.
    counts : ndarray of int64, shape (n_confusions,)
        Number of suspected tokens, at least 1; in falling order, ties by word, given and suggested label.
    class_names : tuple of hashable, length n_classes
        The classes as the user spells them.
    """

    tokens: tuple[str, ...]
    given_labels: CodeArray
    suggested_labels: CodeArray
    counts: NDArray[np.int64]
    class_names: tuple[Label, ...]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def counts_by_token(self) -> dict[str, int]:
        """
        Return how often each word is suspected, whatever its labels.

        Returns
        -------
        dict of str to int
            Most often first, ties by word.
        """
        totals: dict[str, int] = {}
        for token, count in zip(self.tokens, self.counts.tolist(), strict=True):
            totals[token] = totals.get(token, 0) + count
        return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per word, given and suggested label.

        Returns
        -------
        DataFrame
            Columns ``token``, ``given_label``, ``suggested_label``, ``n_issues``.
        """
        import pandas as pd  # noqa: PLC0415  (keeps the import of the package light)

        names = name_array(self.class_names)
        return pd.DataFrame(
            {
                "token": pd.Series(self.tokens, dtype=object),
                "given_label": pd.Series(names[self.given_labels], dtype=object),
                "suggested_label": pd.Series(names[self.suggested_labels], dtype=object),
                "n_issues": self.counts,
            }
        )


def common_token_confusions(
    issues: TokenIssues,
    tokens: Sequence[Sequence[str]],
    *,
    exclude: Collection[tuple[Label, Label]] = (),
    ignore_case: bool = False,
    top: int | None = None,
) -> TokenConfusions:
    """
    Count the issues of each word, by its given and its suggested label.

    A word at the top is often a rule that annotators read differently, and is best settled once for all.

    Parameters
    ----------
    issues : TokenIssues
        Suspected tokens.
    tokens : sequence of sequences of str, length n_sentences
        The tokens of each sentence.
    exclude : collection of (given, suggested) pairs, default=()
        Confusions to leave out, by class name (by code if the classes have no names).
    ignore_case : bool, default=False
        Whether words that differ in case only are one; they are then given in lower case.
    top : int, optional
        Number of confusions to return; all if left out.

    Returns
    -------
    TokenConfusions
        Most often first.

    Raises
    ------
    ConfigError
        If ``top`` is negative.
    InvalidInputError
        If a suspected token does not exist, or an excluded pair names an unknown class.

    Examples
    --------
    >>> from labelclean.tasks.tokens import sentence_quality_scores, token_issues_from_scores
    >>> scores = sentence_quality_scores([[0, 1], [1]], [[[0.9, 0.1], [0.96, 0.04]], [[0.99, 0.01]]])
    >>> confusions = common_token_confusions(token_issues_from_scores(scores), [["in", "May"], ["May"]])
    >>> confusions.tokens, confusions.counts
    (('May',), array([2]))
    """
    if top is not None and top < 0:
        raise ConfigError(f"top must be at least 0; got {top:,}.")
    kept = issues.select(~_is_excluded(issues, exclude))
    texts = [text.lower() for text in kept.texts(tokens)] if ignore_case else kept.texts(tokens)
    words = sorted(set(texts))
    code_of_word = {word: code for code, word in enumerate(words)}
    word_codes = np.fromiter((code_of_word[text] for text in texts), dtype=np.int64, count=len(texts))
    triples = np.column_stack([word_codes, kept.given_labels, kept.suggested_labels])
    found, counts = np.unique(triples, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:top]
    return TokenConfusions(
        tokens=tuple(words[code] for code in found[order, 0]),
        given_labels=found[order, 1],
        suggested_labels=found[order, 2],
        counts=counts[order].astype(np.int64),
        class_names=issues.class_names,
    )


def issues_of_token(
    issues: TokenIssues, tokens: Sequence[Sequence[str]], token: str, *, ignore_case: bool = True
) -> TokenIssues:
    """
    Return the issues of one word.

    Parameters
    ----------
    issues : TokenIssues
        Suspected tokens.
    tokens : sequence of sequences of str, length n_sentences
        The tokens of each sentence.
    token : str
        The word.
    ignore_case : bool, default=True
        Whether a word that differs in case only is the same.

    Returns
    -------
    TokenIssues
        Those of the word, in the same order.

    Raises
    ------
    InvalidInputError
        If a suspected token does not exist.

    Examples
    --------
    >>> from labelclean.tasks.tokens import sentence_quality_scores, token_issues_from_scores
    >>> scores = sentence_quality_scores([[0, 1], [1]], [[[0.9, 0.1], [0.96, 0.04]], [[0.99, 0.01]]])
    >>> issues_of_token(token_issues_from_scores(scores), [["in", "may"], ["June"]], "May").sentence_index
    array([0])
    """
    texts = issues.texts(tokens)
    if ignore_case:
        token, texts = token.lower(), [text.lower() for text in texts]
    return issues.select(np.array([text == token for text in texts], dtype=np.bool_))


def _is_excluded(issues: TokenIssues, exclude: Collection[tuple[Label, Label]]) -> MaskArray:
    n_classes = len(issues.class_names)
    code_of_name = {name: code for code, name in enumerate(issues.class_names)}
    try:
        pairs = [code_of_name[given] * n_classes + code_of_name[suggested] for given, suggested in exclude]
    except KeyError as error:
        raise InvalidInputError(
            f"exclude must hold pairs of class names; got one with a name that is none of the {n_classes:,} classes.",
        ) from error
    return np.isin(issues.given_labels * n_classes + issues.suggested_labels, np.array(pairs, dtype=np.int64))
