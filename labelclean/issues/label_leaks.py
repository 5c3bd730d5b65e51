"""Short strings that give a class away: in nearly all texts of one class, and in nearly none of the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import IndexArray, Label, MaskArray
from labelclean.issues.problem import DataProblem, problem_of
from labelclean.protocols import Progress, no_progress

__all__ = ["label_leaks"]

_STEP = "Looking for texts that give their label away"

_FEWEST_ROWS = 10  # of a class; fewer texts share a string by chance
_SAMPLE_ROWS = 200  # of each class, from which candidates are taken
_MOST_SAMPLE_ROWS = 20_000
_MOST_CANDIDATES = 200
_READ = 2_000  # characters of each text

# Shares of the class's texts that have the string, and of the texts with the string that are in the class. Where one
# label in ten is wrong, a string that gives all others away reaches 0.9 at most.
_NAME_LIMITS = (0.8, 0.8)
_EDGE_LIMITS = (0.8, 0.8)
_WORD_LIMITS = (0.95, 0.95)
_SAMPLE_SLACK = 0.15

_NAME_CHARACTERS = 3  # a name of fewer ASCII characters stands in texts by chance
_TOKENS_AT_EDGE = 3
_EDGE_CHARACTERS = (2, 16)
_MARKED = re.compile(r"[^\w\s.,!?'\"…。，！？、“”‘’-]|__")  # what makes a string a mark, not a word

_Rows = Sequence[tuple[Label, IndexArray]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Candidate:
    """A string that may give a class away, and where in the text it stands."""

    label: int
    string: str
    place: str  # "start", "end" or "anywhere"
    is_name: bool = False

    @property
    def is_mark(self) -> bool:
        """Whether it looks like put there: other than a word, at the beginning or end."""
        return self.place != "anywhere" and _MARKED.search(self.string) is not None

    @property
    def limits(self) -> tuple[float, float]:
        """The shares from which it does."""
        if self.is_name:
            return _NAME_LIMITS
        return _EDGE_LIMITS if self.is_mark else _WORD_LIMITS

    def is_in(self, text: str) -> bool:
        """Tell whether a folded text has the string in its place."""
        if self.place == "start":
            return text.startswith(self.string)
        return text.endswith(self.string) if self.place == "end" else self.string in text


def label_leaks(texts: Sequence[str], rows_of_class: _Rows, *, progress: Progress = no_progress) -> DataProblem | None:
    """
    Find classes that a short string in their texts gives away.

    Looked at are the name of each class, what texts begin and end with, and single words. A name, or a mark such as
    ``[SPAM]`` or ``__label__x`` at the beginning or end, gives a class away if four of five texts of the class have it,
    and four of five texts that have it are of the class; another word, if 19 of 20 do: most words that are typical of
    a class are what the class is about.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts; the first 2,000 characters of each are looked at. Upper and lower case make no difference.
    rows_of_class : sequence of (hashable, ndarray of int64)
        Each class and its rows; of label sets, those of each label. Classes of fewer than 10 rows are passed over.
    progress : Progress, optional
        Told the fraction done; it may raise ``RunCancelledError``.

    Returns
    -------
    DataProblem or None
        The rows of a class that have its string, those of the surest string first, with the string to mark. None where
        there is no such string, or only one class.

    Notes
    -----
    Candidates come from at most 200 texts of each class, and are then counted in all texts. Cost: about 2 s for a
    million texts of 60 characters.

    Examples
    --------
    >>> texts = [f"[spam] {n} to win" for n in range(20)] + [f"{n} is late" for n in range(20)]
    >>> found = label_leaks(texts, [("spam", np.arange(20)), ("ham", np.arange(20, 40))])
    >>> found.n_rows, found.marks
    (40, ('[spam]', 'is late'))
    """
    classes = [(name, rows) for name, rows in rows_of_class if len(rows) >= _FEWEST_ROWS]
    if len(classes) < 2:  # noqa: PLR2004  (nothing to tell apart)
        return None
    progress(_STEP, 0.0)
    folded = [text[:_READ].casefold().strip() for text in texts]
    progress(_STEP, 0.3)
    found: dict[int, tuple[float, str, str]] = {}
    for candidate, covered, precision, has in _sure(folded, classes, progress):
        name, rows = classes[candidate.label]
        other = int(np.count_nonzero(has) - np.count_nonzero(has[rows])) / max(1, len(texts) - len(rows))
        reason = (
            f"“{candidate.string}” stands {_PLACES[candidate.place]} {100 * covered:.0f} % of the texts labelled "
            f"“{name}” and {f'{100 * other:.1f} %' if other else 'none'} of the others."
        )
        for row in rows[has[rows]].tolist():
            found.setdefault(row, (1.0 - covered * precision, reason, candidate.string))
    rows_found = sorted(found)
    return problem_of(
        "label_leaks",
        rows_found,
        [found[row][0] for row in rows_found],
        [found[row][1] for row in rows_found],
        marks=[found[row][2] for row in rows_found],
    )


_PLACES = {"start": "at the beginning of", "end": "at the end of", "anywhere": "in"}


def _sure(
    folded: Sequence[str], classes: _Rows, progress: Progress
) -> Iterator[tuple[_Candidate, float, float, MaskArray]]:
    """Find the best string of each class that has one, with its two shares and the rows that have it."""
    sample = _sample(classes)
    candidates = _promising(folded, sample)
    best: dict[int, tuple[tuple[float, bool, bool, int], _Candidate, float, float, MaskArray]] = {}
    for number, candidate in enumerate(candidates):
        progress(_STEP, 0.3 + 0.7 * number / len(candidates))
        has = np.fromiter(map(candidate.is_in, folded), dtype=np.bool_, count=len(folded))
        rows = classes[candidate.label][1]
        n_both, n_has = int(np.count_nonzero(has[rows])), int(np.count_nonzero(has))
        covered, precision = n_both / len(rows), n_both / max(1, n_has)
        least_covered, least_precision = candidate.limits
        if covered < least_covered or precision < least_precision:
            continue
        rank = (round(covered * precision, 2), candidate.is_mark, candidate.is_name, len(candidate.string))
        if candidate.label not in best or rank > best[candidate.label][0]:
            best[candidate.label] = (rank, candidate, covered, precision, has)
    for _, candidate, covered, precision, has in sorted(best.values(), key=lambda each: each[0], reverse=True):
        yield candidate, covered, precision, has


def _sample(classes: _Rows) -> list[tuple[Label, list[int]]]:
    """Return some rows of each class, spread evenly over it."""
    most = max(_FEWEST_ROWS, min(_SAMPLE_ROWS, _MOST_SAMPLE_ROWS // len(classes)))
    return [
        (name, rows[np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(np.int64)].tolist())
        for name, rows in classes
    ]


def _promising(folded: Sequence[str], sample: Sequence[tuple[Label, list[int]]]) -> list[_Candidate]:
    """Return the strings that give classes away in the sample, or nearly so."""
    counts: list[Counter[tuple[str, str]]] = []
    for _, rows in sample:
        counts.append(Counter(key for row in rows for key in _strings(folded[row])))
    everywhere: Counter[tuple[str, str]] = Counter()
    for of_class in counts:
        everywhere.update(of_class)
    found = []
    for label, ((name, rows), of_class) in enumerate(zip(sample, counts, strict=True)):
        own = [_Candidate(label=label, string=form, place="anywhere", is_name=True) for form in _forms(name)]
        found += [(1.0, each) for each in own if _share(each, rows, folded) >= _NAME_LIMITS[0] - _SAMPLE_SLACK]
        for (place, string), n_rows in of_class.items():
            each = _Candidate(label=label, string=string, place=place)
            covered, precision = n_rows / len(rows), n_rows / everywhere[place, string]
            least_covered, least_precision = each.limits
            if covered >= least_covered - _SAMPLE_SLACK and precision >= least_precision - _SAMPLE_SLACK:
                found.append((covered * precision, each))
    found.sort(key=lambda pair: (-pair[0], -len(pair[1].string), pair[1].string, pair[1].label, pair[1].place))
    return [candidate for _, candidate in found[:_MOST_CANDIDATES]]


def _share(candidate: _Candidate, rows: Sequence[int], folded: Sequence[str]) -> float:
    return sum(candidate.is_in(folded[row]) for row in rows) / len(rows)


def _strings(text: str) -> set[tuple[str, str]]:
    """Return the strings of a text that may give its label away, each with its place."""
    tokens = text.split()
    found = {("anywhere", token) for token in tokens}
    for n_tokens in range(1, min(_TOKENS_AT_EDGE, len(tokens) - 1) + 1):
        found.add(("start", " ".join(tokens[:n_tokens])))
        found.add(("end", " ".join(tokens[-n_tokens:])))
    shortest, longest = _EDGE_CHARACTERS
    for n_characters in range(shortest, min(longest, len(text) - 1) + 1):
        found.add(("start", text[:n_characters].rstrip()))
        found.add(("end", text[-n_characters:].lstrip()))
    return {(place, string) for place, string in found if len(string) >= shortest and not string.isdecimal()}


def _forms(name: Label) -> Iterable[str]:
    """Return how the name of a class may stand in texts, folded; nothing where it is too short to mean anything."""
    if not isinstance(name, str):
        return []
    plain = name.casefold().strip()
    forms = dict.fromkeys([plain, re.sub(r"[_\-]+", " ", plain).strip()])
    return [form for form in forms if len(form) >= (_NAME_CHARACTERS if form.isascii() else 2)]
