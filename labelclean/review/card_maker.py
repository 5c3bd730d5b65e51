"""Makes the card of any row: its text and labels, why it is suspected, what was decided, its copies."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

from labelclean.arrays import UNLABELLED, IndexArray
from labelclean.dataset import Dataset
from labelclean.explain.evidence import RowEvidence
from labelclean.label_set import LabelSet
from labelclean.review.card_chips import label_chips
from labelclean.review.decisions import ReviewEvent
from labelclean.review.evidence_view import EvidenceViewer
from labelclean.review.label_cells import LabelCells
from labelclean.review.label_names import LabelNames
from labelclean.review.payload import Card, CardDecision, LikelyClass, OtherColumn
from labelclean.review.queue import ReviewedRun
from labelclean.review.row_groups import group_codes, row_group

__all__ = ["CardMaker"]

_DIGITS = 9


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class CardMaker:
    """
    Makes the card of any row of one project.

    Attributes
    ----------
    run : ReviewedRun
        The result of the audit.
    dataset : Dataset
        The texts and ids.
    names : LabelNames
        All classes under their names on the screen.
    decisions : mapping of int to ReviewEvent
        The decisions in force, by row.
    evidence : mapping of int to RowEvidence
        What explains the rows that may be shown.
    viewer : EvidenceViewer
        Turns it into what a card shows.
    label_cells : LabelCells or None
        Of label sets: how likely labels belong to each row.
    copies_of : callable or None
        Returns the rows of a row's group of copies.
    control_rows : container of int
        Rows that were drawn at random.
    decides_groups : bool
        Whether the labels of all copies are offered, since a decision is about all of them.
    columns_of : callable or None
        Returns the other columns of a row.
    """

    run: ReviewedRun
    dataset: Dataset
    names: LabelNames
    decisions: Mapping[int, ReviewEvent]
    evidence: Mapping[int, RowEvidence]
    viewer: EvidenceViewer
    label_cells: LabelCells | None = None
    copies_of: Callable[[int], IndexArray] | None = None
    control_rows: Container[int] = frozenset()
    decides_groups: bool = False
    columns_of: Callable[[int], list[OtherColumn]] | None = None

    def card(self, row: int, index: int | None) -> Card:
        """Gather what is known of one row."""
        given = int(self.run.labels[row])
        suggested = int(self.run.suggested_labels[row])
        probs = dict(zip(self.run.likely_labels[row].tolist(), self.run.likely_probs[row].tolist(), strict=True))
        quality = _number(self.run.label_quality_scores[row])
        members = None if self.copies_of is None else self.copies_of(row)
        of_copies = [] if members is None or not self.decides_groups else group_codes(members, self.run)
        likely = dict.fromkeys([*(code for code, _ in of_copies), *probs])
        card = Card(
            index=index,
            row=row,
            row_id=None if self.dataset.row_ids is None else self.dataset.row_ids[row],
            text=self.dataset.texts[row],
            given=None if given == UNLABELLED else self._token(given),
            given_prob=None if given == UNLABELLED else _rounded(probs.get(given, quality)),
            suggested=self._token(suggested),
            suggested_prob=_rounded(probs.get(suggested)),
            likely=[
                LikelyClass(label=self._token(code), prob=_rounded(probs.get(code)))
                for code in list(likely)[: max(_DIGITS, len(probs))]
            ],
            error_probability=_rounded(_number(self.run.error_probabilities[row])),
            is_issue=bool(self.run.is_issue[row]),
            decision=self.decision(self.decisions.get(row)),
            evidence=self.viewer.view(self.evidence.get(row)),
        )
        self._add_parts(card, members, [code for code, _ in of_copies])
        return card

    def _add_parts(self, card: Card, members: IndexArray | None, of_copies: list[int]) -> None:
        """Add what only some cards have."""
        row = card["row"]
        if self.names.members is not None:
            given, suggested = self.run.labels[row], self.run.suggested_labels[row]
            card["chips"] = label_chips(
                None if given == UNLABELLED else self._set(int(given)),
                self._set(int(suggested)),
                [] if self.label_cells is None else self.label_cells.of_row(row),
                copies=[self._set(code) for code in of_copies],
            )
        group = None if members is None else row_group(row, members, self.run, self.viewer)
        if group is not None:
            card["group"] = group
        if row in self.control_rows:
            card["is_control"] = True
        if self.columns_of is not None:
            card["columns"] = self.columns_of(row)

    def _set(self, code: int) -> LabelSet:
        name = self.run.class_names[code]
        return name if isinstance(name, LabelSet) else LabelSet([name])

    def _token(self, code: int) -> str:
        return self.names.token(self.run.class_names[code])

    def decision(self, event: ReviewEvent | None) -> CardDecision | None:
        """Say what was decided."""
        if event is None or event.verdict is None:
            return None
        label = None if event.label is None else self.names.token(event.label)
        decision = CardDecision(uuid=event.uuid, verdict=event.verdict.value, label=label, note=event.note)
        if event.batch is not None:
            decision["batch"] = event.batch
        return decision


def _number(value: float) -> float | None:
    """Return a plain float; None for NaN, which JSON does not know."""
    return None if math.isnan(value) else float(value)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
