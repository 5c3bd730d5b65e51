"""Guess where the labels of several annotators stand, with the reason in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from labelclean.io.column_names import ANNOTATOR_WORDS, ID_NAMES, LABEL_NAMES, TRUTH_WORDS, name_fit, name_words
from labelclean.io.labels.guess_groups import marks_family, numbered_columns, shares_labels
from labelclean.io.layout import VoteColumns

__all__ = ["guess_vote_id", "guess_votes"]

_SEVERAL = 2
_ENOUGH_UNNAMED = 3
_EXACT_NAME = 1.0
_NEARLY_ALL = 0.8
_REPEATED = 0.2
_AGREE = 0.05
_AGREE_UNNAMED = 0.3
_BEYOND_CHANCE = 0.1
_MAX_CHARACTERS = 60
_NO_VOTE_WORDS = frozenset(
    {"id", "ids", "name", "count", "note", "notes", "comment", "comments", "time", "date", "age"}
)


def guess_votes(
    columns: Mapping[str, Sequence[str]], *, text: str | None, label: str | None
) -> tuple[VoteColumns, str] | None:
    """
    Guess where several annotators' labels stand.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        The first cells of every column, in file order.
    text, label : str or None
        The columns that look like the text and the label.

    Returns
    -------
    tuple of VoteColumns and str, or None
        Where the votes stand and why; None where it does not look so.
    """
    others = {name: cells for name, cells in columns.items() if name != text}
    return _wide(others, label) or _long(columns, text)


def guess_vote_id(
    columns: Mapping[str, Sequence[str]], *, text: str, label: str | None, annotator: str
) -> tuple[str, str]:
    """
    Guess which column tells the texts of votes apart, and why.

    Returns
    -------
    tuple of str and str
        The column, the text's own if no id is there, and the reason.
    """
    n_texts = len(set(columns[text]))
    best = None
    for name, cells in columns.items():
        named = max(name_fit(name, ID_NAMES), 0.5 * name.lower().endswith("id"))
        pairs = set(zip(cells, columns[text], strict=True))
        if name in {text, label, annotator} or not named or not all(cell.strip() for cell in cells):
            continue
        if len(pairs) == len(set(cells)) >= n_texts and len(set(cells)) < len(cells) and (not best or named > best[0]):
            best = (named, name)
    if best is None:
        return text, f"No id comes back with each text, so “{text}” itself tells the texts apart."
    return best[1], f"“{best[1]}” is named like an id and comes back with each of the {n_texts:,} texts."


def _wide(columns: Mapping[str, Sequence[str]], label: str | None) -> tuple[VoteColumns, str] | None:
    named = [name for name in columns if _is_annotators_own(name)]
    if len(named) >= _SEVERAL and _are_votes(columns, named):
        return _wide_guess(columns, named, "are named after annotators")
    if label is not None and name_fit(label, LABEL_NAMES) > _EXACT_NAME:
        return None
    for group in numbered_columns(list(columns)).values():
        if label in group and _are_votes(columns, group) and _agree(columns, group, at_least=_AGREE):
            return _wide_guess(columns, group, "are numbered")
    unnamed = [name for name in columns if not name_fit(name, LABEL_NAMES) and name_words(name).isdisjoint(TRUTH_WORDS)]
    group = _like(columns, unnamed, label)
    if len(group) >= _ENOUGH_UNNAMED and _agree(columns, group, at_least=_AGREE_UNNAMED):
        return _wide_guess(columns, group, "hold the same words")
    return None


def _is_annotators_own(name: str) -> bool:
    words = name_words(name)
    has_word = any(word.rstrip("0123456789") in ANNOTATOR_WORDS for word in words)
    return has_word and words.isdisjoint(_NO_VOTE_WORDS)


def _are_votes(columns: Mapping[str, Sequence[str]], group: Sequence[str]) -> bool:
    cells = [columns[name] for name in group]
    is_short = all(len(cell) <= _MAX_CHARACTERS for column in cells for cell in column)
    return is_short and shares_labels(cells)


def _like(columns: Mapping[str, Sequence[str]], names: Sequence[str], label: str | None) -> list[str]:
    """Return the columns that hold the words of the guessed label's, and nothing else; yes and no are no such words."""
    if label is None or label not in names or marks_family(columns[label]) is not None:
        return []
    known = {cell.strip() for cell in columns[label] if cell.strip()}
    group = []
    for name in names:
        values = {cell.strip() for cell in columns[name] if cell.strip()}
        is_word = any(not value.replace(".", "").isdigit() for value in values)
        if is_word and len(values & known) >= max(_SEVERAL, _NEARLY_ALL * len(values | known)):
            group.append(name)
    return group if _are_votes(columns, group) else []


def _agree(columns: Mapping[str, Sequence[str]], group: Sequence[str], *, at_least: float) -> bool:
    """
    Tell whether columns agree like people who judge the same text: more often than their labels meet by chance.

    Yes and no cannot tell, as of three columns two always agree: such columns are labels of their own.
    """
    if all(marks_family(columns[name]) is not None for name in group):
        return False
    return _agreement(columns, group) >= at_least and _agree_beyond_chance(columns, group)


def _agree_beyond_chance(columns: Mapping[str, Sequence[str]], group: Sequence[str]) -> bool:
    """Tell whether pairs of votes in a row agree clearly more often than any two votes of the table."""
    rows = [
        [vote for cell in row if (vote := cell.strip())] for row in zip(*(columns[name] for name in group), strict=True)
    ]
    several = [Counter(votes) for votes in rows if len(votes) >= _SEVERAL]
    n_pairs = sum(votes.total() * (votes.total() - 1) for votes in several)
    agree = sum(n * (n - 1) for votes in several for n in votes.values()) / n_pairs
    total = Counter(vote for votes in several for vote in votes.elements())
    by_chance = sum(n * n for n in total.values()) / total.total() ** 2
    return agree - by_chance > _BEYOND_CHANCE * (1 - by_chance)


def _agreement(columns: Mapping[str, Sequence[str]], group: Sequence[str]) -> float:
    """Return in which share of the rows with several votes two of them are the same."""
    n_several = n_agree = 0
    for row in zip(*(columns[name] for name in group), strict=True):
        votes = [cell.strip() for cell in row if cell.strip()]
        n_several += len(votes) >= _SEVERAL
        n_agree += len(set(votes)) < len(votes)
    return n_agree / n_several if n_several else 0.0


def _wide_guess(columns: Mapping[str, Sequence[str]], group: Sequence[str], why: str) -> tuple[VoteColumns, str]:
    share = _agreement(columns, group)
    reason = (
        f"The {len(group):,} columns “{group[0]}” to “{group[-1]}” {why} and share their labels; "
        f"two of them agree in {share:.0%} of the rows with several."
    )
    return VoteColumns(columns=tuple(group)), reason


def _long(columns: Mapping[str, Sequence[str]], text: str | None) -> tuple[VoteColumns, str] | None:
    if text is None:
        return None
    for name, cells in columns.items():
        words = {word.rstrip("0123456789") for word in name_words(name)}
        if name == text or words.isdisjoint(ANNOTATOR_WORDS):
            continue
        n_annotators, n_rows = len(set(cells)), len(cells)
        n_texts = len(set(columns[text]))
        n_pairs = len(set(zip(columns[text], cells, strict=True)))
        if _SEVERAL <= n_annotators < n_rows and n_pairs > n_texts and n_rows - n_texts >= _REPEATED * n_rows:
            reason = (
                f"“{name}” names {n_annotators:,} annotators, and {n_rows:,} rows hold {n_texts:,} different texts, "
                "so each row is the vote of one of them."
            )
            return VoteColumns(annotator=name), reason
    return None
