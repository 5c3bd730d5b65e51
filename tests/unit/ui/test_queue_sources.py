"""Tests of what the filters of a project's queues can ask: each part is fetched when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from labelclean.issues.near_copies import near_copies
from labelclean.issues.problem import DataProblem
from labelclean.review.copy_groups import CopyGroups
from labelclean.review.text_search import fold_texts
from labelclean.ui.queue_sources import ProjectSources

TEXTS = ("Where is it?", "where is it?", "Thanks")


@dataclass
class _Loads:
    """Notes what is fetched."""

    are_known: bool = True
    done: list[str] = field(default_factory=list)

    def all_copies(self) -> CopyGroups:
        self.done.append("all copies")
        return CopyGroups(np.array([0, 0, 2]))

    def known_copies(self) -> CopyGroups | None:
        self.done.append("known copies")
        return CopyGroups(np.array([0, 0, 2])) if self.are_known else None

    def problem(self, kind: str) -> DataProblem | None:
        self.done.append(kind)
        return near_copies(TEXTS, np.array([0, 1, 0])) if kind == "near_duplicates" else None

    def sources(self) -> ProjectSources:
        return ProjectSources(
            texts=lambda: fold_texts(TEXTS),
            columns=lambda: None,
            problem=self.problem,
            all_copies=self.all_copies,
            known_copies=self.known_copies,
        )


def test_nothing_is_fetched_before_it_is_asked_for() -> None:
    """Opening the page costs what the page shows."""
    loads = _Loads()

    sources = loads.sources()

    assert sources.rows_containing("THANKS").tolist() == [False, False, True]
    assert loads.done == []


def test_what_is_not_there_finds_no_row() -> None:
    """A column that cannot be read, a problem nobody looked for."""
    sources = _Loads().sources()

    assert sources.rows_with("country", "PT").tolist() == []
    assert sources.rows_with_problem("outliers").tolist() == []
    assert sorted(sources.rows_with_problem("near_duplicates").tolist()) == [0, 1]


def test_copies_that_are_known_are_fetched_once() -> None:
    """A card asks for its group each time it is made."""
    loads = _Loads()
    sources = loads.sources()

    groups = [sources.group_of(row).tolist() for row in (0, 1, 2)]

    assert groups == [[0, 1], [0, 1], [2]]
    assert len(sources.copies()) == 1
    assert loads.done == ["known copies"]


def test_nobody_waits_for_copies_but_who_asks_for_contradictions() -> None:
    """Until then each row stands alone; afterwards all know them."""
    loads = _Loads(are_known=False)
    sources = loads.sources()

    before = [sources.group_of(0).tolist() for _ in range(3)]
    sources.copies()

    assert before == [[0]] * 3
    assert sources.group_of(0).tolist() == [0, 1]
    assert loads.done == ["known copies", "all copies"]


def test_why_a_row_has_a_problem_is_fetched_once_for_all_cards() -> None:
    """A queue about a problem asks on each of its cards."""
    loads = _Loads()
    sources = loads.sources()

    remarks = [sources.remark_on("near_duplicates", row) for row in (0, 1, 2)]

    assert remarks == ["Other rows say the same, and carry another label."] * 2 + [""]
    assert loads.done == ["near_duplicates"]
