"""The most likely tags among those that describe spans (Viterbi's algorithm)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label, MaskArray, ProbMatrix
from labelclean.tasks.tokens.scores import best_classes
from labelclean.tasks.tokens.sentences import TokenProbs, flatten_probs
from labelclean.tasks.tokens.tags import BEGIN, INSIDE, Tags, TagScheme, continues_span, read_tags

__all__ = ["decode_rows", "most_likely_tags"]

_LEAST_PROBABILITY = 1e-12
_SLACK = 1e-6  # the favour that a given label has, as in the filters: a tie is no disagreement
_BATCH_TOKENS = 1 << 15
_STEPS_PER_NAT = float(1 << 30)  # logarithms in whole steps add up exactly, so that equal products tie in any order


def most_likely_tags(
    pred_probs: TokenProbs, *, class_names: Sequence[Label], scheme: TagScheme = "BIO"
) -> list[CodeArray]:
    """
    Return the most likely tags of each sentence that keep the rules of their scheme.

    Parameters
    ----------
    pred_probs : sequence of array-likes of float, length n_sentences
        For each sentence a table of probabilities, shape (n_tokens, n_classes), 0 to 1.
    class_names : sequence of str, length n_classes
        All tags, such as "O", "B-PER" and "I-PER".
    scheme : {"BIO", "BIOES"}, default="BIO"
        How spans are written.

    Returns
    -------
    list of ndarray of int64, length n_sentences
        Class codes, one per token. I- and E- follow only on B- or I- of the same type; in BIOES, B- and I- are always
        followed by one of them.

    Raises
    ------
    ConfigError
        If the scheme is unknown.
    InvalidInputError
        If the probabilities break the rules of ``find_token_issues``, or a class name is no tag of the scheme.

    Notes
    -----
    Maximised is the product of the probabilities of the tags of a sentence; a probability below 1e-12 counts as that.
    Where the most likely tag of every token makes a valid sequence, it is the answer. Otherwise logarithms are rounded
    to 1e-9, and among sequences that are then equally likely the earlier class wins, from the end of the sentence
    backwards, and B- before I-.
    Cost: O(n_tokens * n_classes), since a tag that goes on has two predecessors, and all others share theirs.

    References
    ----------
    Viterbi (1967), "Error bounds for convolutional codes and an asymptotically optimum decoding algorithm".

    Examples
    --------
    >>> most_likely_tags([[[0.6, 0.3, 0.1], [0.0, 0.3, 0.7]]], class_names=["O", "B-PER", "I-PER"])
    [array([1, 2])]
    """
    tags = read_tags(class_names, scheme=scheme)
    probs, offsets = flatten_probs(pred_probs, n_names=len(class_names))
    codes = decode_rows(probs, offsets, tags)
    return [codes[start:end] for start, end in pairwise(offsets.tolist())]


def decode_rows(
    pred_probs: ProbMatrix, offsets: IndexArray, tags: Tags, *, favoured: CodeArray | None = None
) -> CodeArray:
    """
    Return the most likely valid tags of a table of tokens; see ``most_likely_tags``.

    Parameters
    ----------
    pred_probs : ndarray of float, shape (n_tokens, n_classes)
        Probabilities of all tokens, sentence after sentence.
    offsets : ndarray of int64, shape (n_sentences + 1,)
        Sentence i has the tokens ``offsets[i]`` to ``offsets[i + 1]``, end exclusive.
    tags : Tags
        What the classes mean.
    favoured : ndarray of int64, shape (n_tokens,), optional
        A class for each token that is taken to be 1e-6 more likely than it is, so that it wins ties.

    Returns
    -------
    ndarray of int64, shape (n_tokens,)
        Class codes.

    Examples
    --------
    >>> from labelclean.tasks.tokens.tags import read_tags
    >>> decode_rows(np.array([[0.4, 0.6], [0.5, 0.5]]), np.array([0, 2]), read_tags(["O", "B-PER"]))
    array([1, 0])
    """
    rows = np.arange(len(pred_probs))
    best = best_classes(pred_probs)
    if favoured is not None:
        best = np.where(pred_probs[rows, favoured] + _SLACK >= pred_probs[rows, best], favoured, best)
    is_invalid = _breaks_a_rule(best, offsets, tags)
    lengths = np.diff(offsets)
    sentence_of_row = np.repeat(np.arange(len(lengths)), lengths)
    sentences = np.flatnonzero(np.bincount(sentence_of_row[is_invalid], minlength=len(lengths)))
    longest_first = sentences[np.argsort(-lengths[sentences], kind="stable")]
    for batch in _batches(longest_first, lengths):
        viterbi = _Viterbi(pred_probs, offsets[batch], lengths[batch], tags, favoured)
        best[viterbi.rows] = viterbi.run()
    return best


def _breaks_a_rule(codes: CodeArray, offsets: IndexArray, tags: Tags) -> MaskArray:
    """Mark tokens that cannot follow on the token before, or that cannot be the last."""
    continues = continues_span(codes, offsets, tags)
    is_followed = np.zeros(len(codes), dtype=np.bool_)
    is_followed[:-1] = continues[1:]
    return np.asarray((tags.goes_on[codes] & ~continues) | (~tags.may_be_last[codes] & ~is_followed))


def _batches(sentences: IndexArray, lengths: IndexArray) -> Iterator[IndexArray]:
    """Cut sentences into groups of about as many tokens as fit the processor's cache."""
    if sentences.size:
        group = lengths[sentences].cumsum() // _BATCH_TOKENS
        yield from np.split(sentences, np.flatnonzero(np.diff(group)) + 1)


class _Viterbi:
    """
    One group of sentences, longest first, decoded side by side, token by token.

    Scores have one column more than there are classes: one that never occurs, for the I- tag that a type may lack.
    """

    def __init__(
        self, pred_probs: ProbMatrix, first: IndexArray, lengths: IndexArray, tags: Tags, favoured: CodeArray | None
    ) -> None:
        self.lengths = lengths
        self.n_active = np.searchsorted(-lengths, -np.arange(lengths[0]), side="left")  # sentences with a token t
        self.row_starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self.n_active)])
        self.rows = np.concatenate([first[:count] + step for step, count in enumerate(self.n_active)])
        probs = pred_probs[self.rows].astype(np.float64)
        if favoured is not None:
            probs[np.arange(len(probs)), favoured[self.rows]] += _SLACK
        self.log_probs = np.rint(np.log(np.maximum(probs, _LEAST_PROBABILITY)) * _STEPS_PER_NAT)
        self.inside = np.flatnonzero(tags.goes_on)
        self.free = np.flatnonzero(~tags.goes_on)
        self.closing = np.flatnonzero(tags.may_be_last)
        self.before_inside = [_class_of_type(tags, prefix)[tags.types[self.inside]] for prefix in (BEGIN, INSIDE)]
        self.is_inside = tags.goes_on
        self.inside_rank = np.cumsum(tags.goes_on) - 1
        self.free_from = np.zeros(len(self.rows), dtype=np.int64)  # where the best path to each token came from
        self.went_on = np.zeros((len(self.rows), len(self.inside)), dtype=np.bool_)  # from I- rather than B-

    def run(self) -> CodeArray:
        """Return the class codes of ``self.rows``."""
        n_classes = self.log_probs.shape[1]
        codes = np.zeros(len(self.rows), dtype=np.int64)
        scores = np.full((len(self.lengths), n_classes + 1), -np.inf)
        scores[:, self.free] = self.log_probs[: len(scores), self.free]
        for step in range(1, len(self.n_active)):
            codes[self._ending(step - 1)] = self._last(scores[self.n_active[step] :])
            scores = self._advance(scores[: self.n_active[step]], step)
        codes[self._ending(len(self.n_active) - 1)] = self._last(scores)
        self._follow_back(codes)
        return codes

    def _slice(self, step: int) -> slice:
        return slice(int(self.row_starts[step]), int(self.row_starts[step + 1]))

    def _ending(self, step: int) -> slice:
        """Rows of the sentences whose last token this is."""
        following = int(self.n_active[step + 1]) if step + 1 < len(self.n_active) else 0
        return slice(int(self.row_starts[step]) + following, int(self.row_starts[step + 1]))

    def _last(self, scores: FloatArray) -> CodeArray:
        return np.asarray(self.closing[scores[:, self.closing].argmax(axis=1)], dtype=np.int64)

    def _advance(self, scores: FloatArray, step: int) -> FloatArray:
        rows = self._slice(step)
        log_probs = self.log_probs[rows]
        best = self._last(scores)
        begin, go_on = (scores[:, columns] for columns in self.before_inside)
        self.free_from[rows] = best
        self.went_on[rows] = go_on > begin
        following = np.full_like(scores, -np.inf)
        following[:, self.free] = scores[np.arange(len(scores)), best][:, np.newaxis] + log_probs[:, self.free]
        following[:, self.inside] = np.maximum(begin, go_on) + log_probs[:, self.inside]
        return following

    def _follow_back(self, codes: CodeArray) -> None:
        for step in range(len(self.n_active) - 1, 0, -1):
            rows = self._slice(step)
            current = codes[rows]
            before = self.free_from[rows].copy()
            inside = np.flatnonzero(self.is_inside[current])
            rank = self.inside_rank[current[inside]]
            went_on = self.went_on[rows][inside, rank]
            before[inside] = np.where(went_on, self.before_inside[1][rank], self.before_inside[0][rank])
            start = int(self.row_starts[step - 1])
            codes[start : start + len(before)] = before


def _class_of_type(tags: Tags, prefix: int) -> NDArray[np.int64]:
    """Return the class of each type that has a prefix; the number of classes where there is none."""
    classes = np.full(len(tags.type_names), len(tags.types), dtype=np.int64)
    found = np.flatnonzero(tags.prefixes == prefix)
    classes[tags.types[found]] = found
    return classes
