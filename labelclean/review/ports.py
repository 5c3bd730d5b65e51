"""What reviewing needs of a store, whatever it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from labelclean.explain.evidence import RowEvidence
from labelclean.review.decisions import ReviewEvent

__all__ = ["EvidenceStore", "ReviewStore"]


class ReviewStore(Protocol):
    """An append-only log of review events for each project."""

    def append_events(self, project_id: str, events: Sequence[ReviewEvent]) -> frozenset[str]:
        """
        Store events; those whose uuid is already there are left as they are.

        All are stored, or none.

        Returns
        -------
        frozenset of str
            All uuids that were given: they are in the store, or are of bulk decisions about rows decided by then.

        Raises
        ------
        NotFoundError
            If the project does not exist.
        StoreError
            If the database cannot be written.
        """

    def load_events(self, project_id: str, *, after_position: int = 0) -> list[ReviewEvent]:
        """Return the events of a project in the order of the log, those after a position."""


class EvidenceStore(Protocol):
    """What an audit found about single rows of each project."""

    def load_evidence(self, project_id: str, rows: Sequence[int]) -> Mapping[int, RowEvidence]:
        """
        Return what explains these rows, by row; rows that were not explained are absent.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
