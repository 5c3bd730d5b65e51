"""What the decisions in force would change: one entry per decided row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from labelclean.arrays import Label
from labelclean.dataset import Dataset, is_missing_label, label_key, text_hash
from labelclean.errors import InvalidInputError
from labelclean.review.decisions import ReviewEvent, Verdict

__all__ = ["CORRECTING", "CellChange", "planned_changes", "same_label"]

CORRECTING = frozenset({Verdict.ACCEPT, Verdict.RELABEL})
"""The verdicts that give a row a new label; all others leave the label as it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CellChange:
    """
    One decision in force, beside the label it speaks of.

    Attributes
    ----------
    row : int
        0-based record of the input.
    row_id : str or None
        The user's own id, if the file has any.
    old : hashable or None
        The label in the file; None where there is none.
    new : hashable or None
        The label after the decision; equal to ``old`` unless the verdict is accept or relabel, or a name was merged.
    verdict : Verdict
        What the reviewer said.
    reviewer : str
        Who said it.
    decided_at : datetime or None
        When, UTC; None where it is not known, as from tools that do not say.
    seconds_spent : float or None
        How long the card was on screen.
    error_probability : float or None
        What the card showed, 0 to 1.
    note : str
        The reviewer's remark.
    text_hash : str or None
        The fingerprint of the row's text, by which it is found in another version of the file.
    """

    row: int
    row_id: str | None
    old: Label | None
    new: Label | None
    verdict: Verdict
    reviewer: str
    decided_at: datetime | None
    seconds_spent: float | None
    error_probability: float | None
    note: str
    text_hash: str | None = None

    @property
    def is_correction(self) -> bool:
        """Whether the label in the file would become another one."""
        return not same_label(self.old, self.new)


def planned_changes(dataset: Dataset, decisions: Mapping[int, ReviewEvent]) -> list[CellChange]:
    """
    List the decisions in force in row order.

    Parameters
    ----------
    dataset : Dataset
        The file that was reviewed.
    decisions : mapping of int to ReviewEvent
        The decision in force of each decided row, as ``current_decisions`` gives them.

    Returns
    -------
    list of CellChange
        One for each decision, also for those that leave the label as it is; ``is_correction`` tells them apart.

    Raises
    ------
    InvalidInputError
        If a decision speaks of a row the dataset does not have.
    """
    return [_change(dataset, decisions[row]) for row in sorted(decisions)]


def _change(dataset: Dataset, event: ReviewEvent) -> CellChange:
    if not 0 <= event.row < dataset.n_examples:
        raise InvalidInputError(
            f"A decision must speak of a row of the file, 0 to {dataset.n_examples - 1:,}; got row {event.row:,}.",
            fix="Use the file that was reviewed.",
        )
    old = dataset.given_label(event.row)
    verdict = event.verdict if event.verdict is not None else Verdict.KEEP
    return CellChange(
        row=event.row,
        row_id=None if dataset.row_ids is None else dataset.row_ids[event.row],
        old=old,
        new=event.label if verdict in CORRECTING or event.merged else old,
        verdict=verdict,
        reviewer=event.reviewer,
        decided_at=event.decided_at,
        seconds_spent=event.seconds_spent,
        error_probability=event.error_probability,
        note=event.note,
        text_hash=text_hash(dataset.texts[event.row]),
    )


def same_label(first: Label | None, second: Label | None) -> bool:
    """Tell whether two labels are the same class; ``1``, ``True`` and ``"1"`` are not, two missing ones are."""
    if is_missing_label(first) or is_missing_label(second):
        return is_missing_label(first) and is_missing_label(second)
    return label_key(first) == label_key(second)
