"""From tags to spans: where entities begin and end, also where the tags break their own rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labelclean.arrays import CodeArray, IndexArray, Label, MaskArray, freeze_fields
from labelclean.tasks.tokens.results import name_array
from labelclean.tasks.tokens.sentences import TokenLabels, flatten_labels, places_of_rows
from labelclean.tasks.tokens.tags import BEGIN, END, SINGLE, Tags, TagScheme, continues_span, read_tags

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Spans", "read_spans", "spans_of_codes"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Spans:
    """
    The spans of all sentences, in the order of the text.

    Attributes
    ----------
    sentence_index : ndarray of int64, shape (n_spans,)
        Sentence of each span, from 0.
    start, end : ndarray of int64, shape (n_spans,)
        First token of each span in its sentence, and the one after its last.
    types : ndarray of int64, shape (n_spans,)
        Type of each span, a position in ``type_names``.
    is_broken : ndarray of bool, shape (n_spans,)
        True where the tags break the rules of their scheme, so that the span is a guess.
    type_names : tuple of str
        The types of spans.
    """

    sentence_index: IndexArray
    start: IndexArray
    end: IndexArray
    types: CodeArray
    is_broken: MaskArray
    type_names: tuple[str, ...]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_spans(self) -> int:
        """Number of spans."""
        return len(self.start)

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per span.

        Returns
        -------
        DataFrame
            Columns ``sentence``, ``start``, ``end`` (exclusive), ``type``, ``is_broken``.
        """
        import pandas as pd  # noqa: PLC0415  (keeps the import of the package light)

        return pd.DataFrame(
            {
                "sentence": self.sentence_index,
                "start": self.start,
                "end": self.end,
                "type": pd.Series(name_array(self.type_names)[self.types], dtype=object),
                "is_broken": self.is_broken,
            }
        )


def read_spans(labels: TokenLabels, *, class_names: Sequence[Label], scheme: TagScheme = "BIO") -> Spans:
    """
    Read the spans that tags describe.

    Parameters
    ----------
    labels : sequence of sequences, length n_sentences
        Tags of the tokens of each sentence, by name or by code.
    class_names : sequence of str, length n_classes
        All tags, such as "O", "B-PER" and "I-PER".
    scheme : {"BIO", "BIOES"}, default="BIO"
        How spans are written.

    Returns
    -------
    Spans
        In the order of the text.

    Raises
    ------
    ConfigError
        If the scheme is unknown.
    InvalidInputError
        If a label is none of the tags, or a class name no tag of the scheme.

    Notes
    -----
    Where tags break the rules, as few tokens as possible change their meaning: a tag that goes on with a span that is
    not there (I- or E- after O, after another type, after the end of a span, or at the start of a sentence) begins one;
    a span that is left open (in BIOES) ends where its tags end. Such spans are marked as broken. This is how the
    evaluation script of the CoNLL-2000 shared task reads them.

    References
    ----------
    Tjong Kim Sang & Buchholz (2000), "Introduction to the CoNLL-2000 Shared Task: Chunking".

    Examples
    --------
    >>> spans = read_spans([["B-PER", "I-PER", "O"], ["O", "I-PER"]], class_names=["O", "B-PER", "I-PER"])
    >>> spans.start, spans.end, spans.is_broken
    (array([0, 1]), array([2, 2]), array([False,  True]))
    """
    codes, offsets = flatten_labels(labels, class_names)
    return spans_of_codes(codes, offsets, read_tags(class_names, scheme=scheme))


def spans_of_codes(codes: CodeArray, offsets: IndexArray, tags: Tags) -> Spans:
    """
    Read the spans of a table of tokens; see ``read_spans``.

    Parameters
    ----------
    codes : ndarray of int64, shape (n_tokens,)
        Class codes of all tokens, sentence after sentence.
    offsets : ndarray of int64, shape (n_sentences + 1,)
        Sentence i has the tokens ``offsets[i]`` to ``offsets[i + 1]``, end exclusive.
    tags : Tags
        What the classes mean.

    Returns
    -------
    Spans
        In the order of the text.

    Examples
    --------
    >>> from labelclean.tasks.tokens.tags import read_tags
    >>> spans_of_codes(np.array([0, 1]), np.array([0, 2]), read_tags(["O", "B-PER"])).start
    array([1])
    """
    types = tags.types[codes]
    is_span = types >= 0
    begins = is_span & ~continues_span(codes, offsets, tags)
    first = np.flatnonzero(begins)
    lengths = np.bincount(begins.cumsum()[is_span] - 1, minlength=len(first)).astype(np.int64)
    is_broken = ~np.isin(tags.prefixes[codes[first]], [BEGIN, SINGLE])
    if tags.scheme == "BIOES":
        is_broken |= ~np.isin(tags.prefixes[codes[first + lengths - 1]], [END, SINGLE])
    sentences, start = places_of_rows(offsets, first)
    return Spans(
        sentence_index=sentences,
        start=start,
        end=start + lengths,
        types=types[first],
        is_broken=is_broken,
        type_names=tags.type_names,
    )
