"""What is found about single tokens: frozen results over read-only arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label, MaskArray, freeze_fields
from labelclean.errors import InvalidInputError
from labelclean.results import NoiseEstimate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SentenceScores", "TokenIssues", "name_array"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class TokenIssues:
    """
    Which tokens have a suspected label, most suspect first.

    Attributes
    ----------
    sentence_index : ndarray of int64, shape (n_issues,)
        Sentence of each token, from 0.
    token_index : ndarray of int64, shape (n_issues,)
        Place of each token in its sentence, from 0.
    label_quality_scores : ndarray of float64, shape (n_issues,)
        0 to 1, low = suspect; in rising order, ties by place.
    given_labels, suggested_labels : ndarray of int64, shape (n_issues,)
        Class codes: the label of each token, and its most likely class.
    class_names : tuple of hashable, length n_classes
        The classes as the user spells them.
    noise : NoiseEstimate or None
        The noise of all tokens; None where issues were found by a limit on the scores alone.
    """

    sentence_index: IndexArray
    token_index: IndexArray
    label_quality_scores: FloatArray
    given_labels: CodeArray
    suggested_labels: CodeArray
    class_names: tuple[Label, ...]
    noise: NoiseEstimate | None

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_issues(self) -> int:
        """Number of suspected tokens."""
        return len(self.token_index)

    def select(self, is_kept: MaskArray) -> Self:
        """
        Return only some of the issues, in the same order.

        Parameters
        ----------
        is_kept : ndarray of bool, shape (n_issues,)
            True for issues to keep.

        Returns
        -------
        TokenIssues
            The issues that are kept; the noise stays that of all tokens.
        """
        return type(self)(
            sentence_index=self.sentence_index[is_kept],
            token_index=self.token_index[is_kept],
            label_quality_scores=self.label_quality_scores[is_kept],
            given_labels=self.given_labels[is_kept],
            suggested_labels=self.suggested_labels[is_kept],
            class_names=self.class_names,
            noise=self.noise,
        )

    def texts(self, tokens: Sequence[Sequence[str]]) -> list[str]:
        """
        Return the text of each suspected token.

        Parameters
        ----------
        tokens : sequence of sequences of str, length n_sentences
            The tokens of each sentence.

        Returns
        -------
        list of str, length n_issues
            In the order of the issues.

        Raises
        ------
        InvalidInputError
            If a sentence or a token of an issue does not exist.
        """
        places = zip(self.sentence_index.tolist(), self.token_index.tolist(), strict=True)
        try:
            return [tokens[sentence][token] for sentence, token in places]
        except IndexError as error:
            raise InvalidInputError(
                f"tokens must be those of the labels; got {len(tokens):,} sentences, in which a suspected token does "
                "not exist.",
                fix="Give the tokens of the same sentences, in the same order.",
            ) from error

    def to_frame(self, tokens: Sequence[Sequence[str]] | None = None) -> pd.DataFrame:
        """
        Return one line per suspected token, most suspect first.

        Parameters
        ----------
        tokens : sequence of sequences of str, length n_sentences, optional
            The tokens of each sentence.

        Returns
        -------
        DataFrame
            Columns ``rank`` (1 = most suspect), ``sentence``, ``token_index``, ``token`` (only if given),
            ``given_label``, ``suggested_label``, ``label_quality`` (0 to 1, low = suspect).
        """
        import pandas as pd  # noqa: PLC0415  (keeps the import of the package light)

        names = name_array(self.class_names)
        columns: dict[str, object] = {
            "rank": np.arange(1, self.n_issues + 1),
            "sentence": self.sentence_index,
            "token_index": self.token_index,
        }
        if tokens is not None:
            columns["token"] = pd.Series(self.texts(tokens), dtype=object)
        columns["given_label"] = pd.Series(names[self.given_labels], dtype=object)
        columns["suggested_label"] = pd.Series(names[self.suggested_labels], dtype=object)
        columns["label_quality"] = self.label_quality_scores
        return pd.DataFrame(columns)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SentenceScores:
    """
    How well the labels of each sentence, and of each token, fit the held-out probabilities.

    Attributes
    ----------
    sentence_scores : ndarray of float64, shape (n_sentences,)
        0 to 1, low = suspect; 1 for an empty sentence, in which nothing can be wrong.
    token_scores : ndarray of float64, shape (n_tokens,)
        Scores of all tokens, sentence after sentence.
    offsets : ndarray of int64, shape (n_sentences + 1,)
        Sentence i has the tokens ``offsets[i]`` to ``offsets[i + 1]``, end exclusive.
    given_labels, suggested_labels : ndarray of int64, shape (n_tokens,)
        Class codes: the label of each token, and its most likely class.
    class_names : tuple of hashable, length n_classes
        The classes as the user spells them.
    """

    sentence_scores: FloatArray
    token_scores: FloatArray
    offsets: IndexArray
    given_labels: CodeArray
    suggested_labels: CodeArray
    class_names: tuple[Label, ...]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def scores_by_sentence(self) -> list[FloatArray]:
        """
        Return the token scores sentence by sentence.

        Returns
        -------
        list of ndarray of float64, length n_sentences
            Read-only views, one score per token.
        """
        return [self.token_scores[start:end] for start, end in pairwise(self.offsets.tolist())]


def name_array(class_names: Sequence[Label]) -> NDArray[np.object_]:
    """
    Return names as an array that codes can be looked up in.

    Parameters
    ----------
    class_names : sequence of hashable, length n_classes
        Names of any type, tuples too.

    Returns
    -------
    ndarray of object, shape (n_classes,)
        The names as they are.

    Examples
    --------
    >>> name_array(["O", "PER"])[np.array([1, 0])]
    array(['PER', 'O'], dtype=object)
    """
    names = np.empty(len(class_names), dtype=object)
    names[:] = class_names
    return names
