"""Which entities are labelled wrongly, and in what: there at all, its borders, its type."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label, MaskArray
from labelclean.config import FilterMethod
from labelclean.core.label_issues import find_label_issues
from labelclean.core.scores import self_confidence
from labelclean.errors import LabelCleanWarning
from labelclean.tasks.tokens.decoding import decode_rows
from labelclean.tasks.tokens.sentences import TokenLabels, TokenProbs, flatten_sentences, places_of_rows
from labelclean.tasks.tokens.span_matching import match_spans
from labelclean.tasks.tokens.span_results import NO_SPAN, SPAN_ISSUE_KINDS, SpanIssues
from labelclean.tasks.tokens.spans import Spans, spans_of_codes
from labelclean.tasks.tokens.tags import TagScheme, read_tags

__all__ = ["find_span_issues"]

_MANY_BROKEN = 20

_INVALID, _MISSING, _SPURIOUS, _TYPE, _BOUNDARY, _TYPE_AND_BOUNDARY = range(len(SPAN_ISSUE_KINDS))


def find_span_issues(
    labels: TokenLabels,
    pred_probs: TokenProbs,
    *,
    class_names: Sequence[Label],
    scheme: TagScheme = "BIO",
    filter_by: FilterMethod | None = None,
) -> SpanIssues:
    """
    Compare the entities that are labelled with the most likely ones, and say in what they differ.

    Parameters
    ----------
    labels : sequence of sequences, length n_sentences
        Tags of the tokens of each sentence, by name or by code. A sentence may be empty.
    pred_probs : sequence of array-likes of float, length n_sentences
        For each sentence a table of held-out probabilities, shape (n_tokens, n_classes), 0 to 1.
    class_names : sequence of str, length n_classes
        All tags in the order of the columns, such as "O", "B-PER" and "I-PER".
    scheme : {"BIO", "BIOES"}, default="BIO"
        How spans are written.
    filter_by : {"prune_by_noise_rate", "prune_by_class", "both", "confident_learning", ...}, optional
        If given, only differences in which a token is flagged by ``find_token_issues`` with this filter are reported;
        if left out, all of them. Broken tags are reported in any case.

    Returns
    -------
    SpanIssues
        Most suspect first.

    Raises
    ------
    ConfigError
        If an option is unknown.
    InvalidInputError
        If labels and probabilities do not fit each other, or a class name is no tag of the scheme.

    Notes
    -----
    The suggested spans are those of the most likely valid tags, see ``most_likely_tags``, where a given tag wins ties.
    Given tags that break the rules are an issue of their own ("invalid_sequence") and are read as in ``read_spans``;
    where more than half of at least 20 spans do, a warning says so.

    Spans that share tokens are paired, see ``match_spans``. A pair differs in type, in its boundaries, or in both; a
    given span without partner is spurious, a suggested one without partner is missing.

    The score of an issue is the least probability of a given tag where it matters,

        score = min { P[t, given_t] : start <= t <= end, given_t != suggested_t },

    over the tokens from the first of both spans to the one after the last of both, whose tag says where they end. Where
    the given span is one of broken tags it is 0: whatever the model says, they cannot be right.

    References
    ----------
    Wang & Mueller (2022), "Detecting Label Errors in Token Classification Data", arXiv:2210.03920, for the least
    probability as a score.

    Examples
    --------
    >>> names = ["O", "B-PER", "I-PER"]
    >>> probs = [[[0.1, 0.9, 0.0], [0.1, 0.1, 0.8], [0.9, 0.1, 0.0]]]
    >>> find_span_issues([["B-PER", "O", "O"]], probs, class_names=names).issue(0)
    SpanIssue(kind='wrong_boundary', sentence=0, given=Span(start=0, end=1, type='PER'),
              suggested=Span(start=0, end=2, type='PER'), score=0.1)
    """
    tags = read_tags(class_names, scheme=scheme)
    flat = flatten_sentences(labels, pred_probs, class_names=class_names)
    likely = decode_rows(flat.pred_probs, flat.offsets, tags, favoured=flat.labels)
    given = spans_of_codes(flat.labels, flat.offsets, tags)
    suggested = spans_of_codes(likely, flat.offsets, tags)
    _warn_of_another_scheme(given, scheme)
    found = _compare(given, suggested, flat.offsets)
    if filter_by is not None:
        flagged = find_label_issues(flat.labels, flat.pred_probs, filter_by=filter_by).is_issue
        found = found.only(found.holds(flagged & (flat.labels != likely)) | (found.kinds == _INVALID))
    token_scores = self_confidence(flat.labels, flat.pred_probs)
    where_it_matters = np.where(flat.labels == likely, np.inf, token_scores)
    is_broken = np.append(given.is_broken, False)[found.given]  # an issue without a given span has the index -1
    scores = np.where(is_broken, 0.0, _least(where_it_matters, found.first, found.last))
    order = np.lexsort((found.kinds, found.last, found.first, scores))
    return SpanIssues(
        kinds=found.kinds[order],
        given_index=found.given[order],
        suggested_index=found.suggested[order],
        label_quality_scores=scores[order],
        given_spans=given,
        suggested_spans=suggested,
        span_scores=_span_scores(given, token_scores, flat.offsets),
        sentence_scores=_sentence_scores(found, scores, flat.offsets),
    )


def _warn_of_another_scheme(given: Spans, scheme: TagScheme) -> None:
    n_broken = int(given.is_broken.sum())
    if n_broken >= _MANY_BROKEN and n_broken > given.n_spans / 2:
        warnings.warn(
            f"{n_broken:,} of {given.n_spans:,} labelled spans break the rules of the scheme {scheme}. If the tags "
            "follow another scheme, such as IOB1, rewrite them first.",
            LabelCleanWarning,
            stacklevel=3,
        )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Found:
    """Issues on the way: their kinds, their spans, and the rows they are about, end exclusive."""

    kinds: CodeArray
    given: IndexArray
    suggested: IndexArray
    first: IndexArray
    last: IndexArray

    def only(self, is_kept: MaskArray) -> _Found:
        """Return some of the issues."""
        return _Found(**{field.name: getattr(self, field.name)[is_kept] for field in fields(self)})

    def holds(self, is_marked: MaskArray) -> MaskArray:
        """Tell which issues are about at least one marked row."""
        n_before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(is_marked)])
        return np.asarray(n_before[self.last] > n_before[self.first])


def _compare(given: Spans, suggested: Spans, offsets: IndexArray) -> _Found:
    """Name what is wrong with each span."""
    partner = match_spans(given, suggested, offsets)
    paired = np.flatnonzero(partner != NO_SPAN)
    other = partner[paired]
    moved = (given.start[paired] != suggested.start[other]) | (given.end[paired] != suggested.end[other])
    retyped = given.types[paired] != suggested.types[other]
    kind_of_pair = np.where(moved & retyped, _TYPE_AND_BOUNDARY, np.where(moved, _BOUNDARY, _TYPE))
    broken = np.flatnonzero(given.is_broken)
    spurious = np.flatnonzero(partner == NO_SPAN)
    missing = np.flatnonzero(~_marked(other, suggested.n_spans))
    parts = [
        (np.full(len(broken), _INVALID), broken, partner[broken]),
        (kind_of_pair[moved | retyped], paired[moved | retyped], other[moved | retyped]),
        (np.full(len(spurious), _SPURIOUS), spurious, np.full(len(spurious), NO_SPAN)),
        (np.full(len(missing), _MISSING), np.full(len(missing), NO_SPAN), missing),
    ]
    kinds, one, two = (np.concatenate(columns).astype(np.int64) for columns in zip(*parts, strict=True))
    first, last = _window([(given, one), (suggested, two)], offsets)
    return _Found(kinds=kinds, given=one, suggested=two, first=first, last=last)


def _marked(positions: IndexArray, count: int) -> MaskArray:
    mask = np.zeros(count, dtype=np.bool_)
    mask[positions] = True
    return mask


def _window(sides: list[tuple[Spans, IndexArray]], offsets: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Return the rows from the first of both spans to the one after the last of both, end exclusive."""
    n_issues = len(sides[0][1])
    first = np.full(n_issues, offsets[-1])
    last = np.zeros(n_issues, dtype=np.int64)
    for spans, index in sides:
        has_span = np.flatnonzero(index != NO_SPAN)
        chosen = index[has_span]
        sentences = spans.sentence_index[chosen]
        first[has_span] = np.minimum(first[has_span], offsets[sentences] + spans.start[chosen])
        after = np.minimum(offsets[sentences] + spans.end[chosen] + 1, offsets[sentences + 1])
        last[has_span] = np.maximum(last[has_span], after)
    return first, last


def _least(values: FloatArray, first: IndexArray, last: IndexArray) -> FloatArray:
    """Return the least value of each stretch of rows, from 0 to 1; the stretches may overlap, none is empty."""
    least = np.empty(len(first), dtype=np.float64)
    if least.size:
        order = np.argsort(first, kind="stable")  # what lies between two stretches is read as well: keep it short
        edges = np.column_stack([first[order], last[order]]).ravel()
        least[order] = np.minimum.reduceat(np.append(values, np.inf), edges)[::2]
    return np.clip(least, 0.0, 1.0)


def _span_scores(given: Spans, token_scores: FloatArray, offsets: IndexArray) -> FloatArray:
    begins = offsets[given.sentence_index]
    scores = _least(token_scores, begins + given.start, begins + given.end)
    return np.where(given.is_broken, 0.0, scores)


def _sentence_scores(found: _Found, scores: FloatArray, offsets: IndexArray) -> FloatArray:
    sentences, _ = places_of_rows(offsets, found.first)
    lowest = np.ones(len(offsets) - 1, dtype=np.float64)
    np.minimum.at(lowest, sentences, scores)
    return lowest
