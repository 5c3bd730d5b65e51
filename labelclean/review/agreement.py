"""Where two reviewers decided the same row: how often they agree, and how much more often than by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from labelclean.dataset import label_key
from labelclean.review.decision_columns import LOOKED_AT
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict, undone_uuids
from labelclean.review.shares import Share, share_of

__all__ = ["Agreement", "agreements", "cohens_kappa"]

_CORRECTIONS = {Verdict.ACCEPT, Verdict.RELABEL}


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """
    Two reviewers, and the rows that both decided.

    Attributes
    ----------
    first, second : str
        Who.
    agreed : Share
        Rows where both said the same: the same label, or the same of ambiguous, unsure and exclude.
    kappa : float or None
        Cohen's kappa, at most 1; 0 is what chance gives. None where chance alone makes them agree always.
    """

    first: str
    second: str
    agreed: Share
    kappa: float | None


def cohens_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """
    Return how much more two people agree than they would by chance.

    Parameters
    ----------
    first, second : sequence of hashable
        What each of them said of the same cases.

    Returns
    -------
    float or None
        (p_o - p_e) / (1 - p_e), where p_o is the share of cases on which they agree and p_e the share expected if each
        kept to their own frequencies and chose by chance. None where p_e is 1 or there is no case.

    References
    ----------
    Cohen (1960), "A Coefficient of Agreement for Nominal Scales", Educational and Psychological Measurement 20, eq. 1.

    Examples
    --------
    Of 50 cases they agree on 20 yes and 15 no: p_o = 0.7, p_e = 0.5 * 0.6 + 0.5 * 0.4 = 0.5.

    >>> first = ["yes"] * 25 + ["no"] * 25
    >>> second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> round(cohens_kappa(first, second), 3)
    0.4
    """
    n = len(first)
    if not n:
        return None
    n_agreed = sum(one == other for one, other in zip(first, second, strict=True))
    ones, others = Counter(first), Counter(second)
    expected = sum(n_times * others[said] for said, n_times in ones.items())  # times n * n
    return None if expected == n * n else (n_agreed * n - expected) / (n * n - expected)


def agreements(events: Sequence[ReviewEvent]) -> tuple[Agreement, ...]:
    """
    Compare all pairs of reviewers who decided the same rows.

    Parameters
    ----------
    events : sequence of ReviewEvent
        The whole log. Each reviewer's last decision about a row counts that they did not take back, if they looked at
        the row by itself.

    Returns
    -------
    tuple of Agreement
        The pairs with the most rows first. Whoever comes second may have seen what the first said.
    """
    said = _said(events)
    together: dict[tuple[str, str], tuple[list[Hashable], list[Hashable]]] = {}
    for answers in said.values():
        for first, second in combinations(sorted(answers), 2):
            ones, others = together.setdefault((first, second), ([], []))
            ones.append(answers[first])
            others.append(answers[second])
    found = [
        Agreement(
            first=first,
            second=second,
            agreed=share_of(sum(one == other for one, other in zip(ones, others, strict=True)), len(ones)),
            kappa=cohens_kappa(ones, others),
        )
        for (first, second), (ones, others) in together.items()
    ]
    return tuple(sorted(found, key=lambda pair: (-pair.agreed.n, pair.first, pair.second)))


def _said(events: Sequence[ReviewEvent]) -> dict[int, dict[str, Hashable]]:
    """Return what each reviewer said of each row that more than one of them decided."""
    people: dict[int, set[str]] = {}
    for event in _decided(events):
        people.setdefault(event.row, set()).add(event.reviewer)
    shared = {row for row, names in people.items() if len(names) > 1}
    if not shared:
        return {}
    undone = undone_uuids(events)
    said: dict[int, dict[str, Hashable]] = {}
    for event in _decided(events):
        if event.row in shared and event.uuid not in undone and event.batch not in undone:
            said.setdefault(event.row, {})[event.reviewer] = _answer(event)
    return said


def _decided(events: Iterable[ReviewEvent]) -> Iterable[ReviewEvent]:
    return (event for event in events if event.kind is EventKind.DECIDE and event.source in LOOKED_AT)


def _answer(event: ReviewEvent) -> Hashable:
    """Return what comes of a decision: the label, or why there is none; keeping is an answer of its own."""
    if event.verdict in _CORRECTIONS and event.label is not None:
        return label_key(event.label)
    return event.verdict
