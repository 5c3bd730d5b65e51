"""What travels between Python and the review card in the browser, as plain JSON."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

__all__ = [
    "Card",
    "CardData",
    "CardDecision",
    "CardEvidence",
    "LabelChip",
    "LikelyClass",
    "NearText",
    "OtherColumn",
    "Outlook",
    "Progress",
    "Refusal",
    "RowGroup",
    "StackEntry",
    "TintedSpan",
    "Told",
]


class LikelyClass(TypedDict):
    """One of the classes on the digit keys; ``prob`` is 0 to 1, None where it is not known."""

    label: str
    prob: float | None


class CardDecision(TypedDict):
    """The decision in force for a row; ``label`` is a token or None; ``batch`` is that of decisions made at once."""

    uuid: str
    verdict: str
    label: str | None
    note: str
    batch: NotRequired[str]


class TintedSpan(TypedDict):
    """
    A part of the text that speaks for one of the two labels; places in UTF-16 code units, as JavaScript counts.

    ``is_main`` is true for the one that says most for the suggested label (for the given one, where none does).
    """

    start: int
    end: int
    is_main: bool
    side: Literal["suggested", "given"]


Told: TypeAlias = Literal["corrected", "confirmed", "excluded"]
"""What a reviewer said of another row."""


class NearText(TypedDict):
    """The beginning of another row's text and its label by now; ``told`` is None where nobody decided."""

    row: int
    text: str
    label: str
    told: Told | None


class CardEvidence(TypedDict):
    """Why a row is suspected: ``suggested`` and ``given`` are the labels it speaks of, ``counter`` speaks against."""

    sentence: str
    suggested: str
    given: str | None
    spans: list[TintedSpan]
    nearest: list[NearText]
    counter: NearText | None


class LabelChip(TypedDict):
    """
    One label on the card of a row with a label set.

    ``given`` and ``suggested`` say whether it is in the given and in the suggested set; where they differ the chip is a
    suggested addition or removal. ``prob`` is P(it belongs), 0 to 1; None where it is not known.
    """

    label: str
    prob: float | None
    given: bool
    suggested: bool


class OtherColumn(TypedDict):
    """Another column of the row as it stands in the file."""

    name: str
    value: str


class RowGroup(TypedDict):
    """
    Rows whose texts are the same as the card's, or nearly so, without the card's own.

    ``labels`` are the labels given in the whole group, the most common ones with the number of rows that have each;
    ``n_classes`` counts all of them. ``near`` are the first of ``n_copies``; ``rows`` is empty where there are too many
    for one key.
    """

    rows: list[int]
    near: list[NearText]
    labels: list[tuple[str, int]]
    n_classes: int
    n_copies: int


class Card(TypedDict):
    """
    One row as the card shows it; ``index`` is its place in the queue, None for a row outside of it.

    ``remark`` is why it is in a queue that is not about its label, in one sentence.
    """

    index: int | None
    row: int
    row_id: str | None
    text: str
    given: str | None
    given_prob: float | None
    suggested: str
    suggested_prob: float | None
    likely: list[LikelyClass]
    error_probability: float | None
    is_issue: bool
    decision: CardDecision | None
    evidence: CardEvidence | None
    chips: NotRequired[list[LabelChip]]
    group: NotRequired[RowGroup]
    columns: NotRequired[list[OtherColumn]]
    is_control: NotRequired[bool]
    remark: NotRequired[str]


class StackEntry(TypedDict):
    """
    A step that can be undone or redone: a decision, or all of a group or a bulk.

    ``row`` and ``decision`` are those of its first decision, ``n_rows`` counts all. The newest ten bring the first
    ``words`` of the text, and their ``card`` where it is not among those sent; ``rows`` are all rows of a small group.
    """

    uuid: str
    row: int
    index: int | None
    decision: CardDecision | None
    n_rows: int
    words: NotRequired[str]
    rows: NotRequired[list[int]]
    card: NotRequired[Card]


class Refusal(TypedDict):
    """An event that was not stored, and why; the browser drops it and says so."""

    uuid: str
    reason: str


class Progress(TypedDict):
    """How far the queue is; ``fixed`` counts labels that changed, ``per_minute`` the reviewer's own decisions."""

    decided: int
    total: int
    fixed: int
    per_minute: float | None


class Outlook(TypedDict):
    """
    How the review is going, in figures that each come with how they were computed.

    ``lines`` are short sentences under the card, ``how`` says for each how it was computed. ``stop`` is why the
    reviewer may stop now, or None.
    """

    lines: list[str]
    how: list[str]
    stop: str | None


class CardData(TypedDict):
    """
    Everything the card needs, on each run of the page.

    ``are_sets`` where each class is a label set; then ``labels`` are the labels in them. ``decides_groups`` where a
    decision counts for all copies of a row unless the reviewer says otherwise. ``preferences`` are those of
    the reviewer, as ``review.preferences`` gives them. ``has_guideline`` says whether a text beside the card tells how
    the labels are meant; the text itself does not travel with every card.
    """

    project: str
    queue: str
    reviewer: str
    classes: list[str]
    total: int
    offset: int
    at: int
    first_undecided: int | None
    cards: list[Card]
    acked: list[str]
    refused: list[Refusal]
    undo: list[StackEntry]
    redo: list[StackEntry]
    progress: Progress
    undecided_only: bool
    are_sets: NotRequired[bool]
    labels: NotRequired[list[str]]
    decides_groups: NotRequired[bool]
    preferences: NotRequired[dict[str, object]]
    has_guideline: NotRequired[bool]
    outlook: NotRequired[Outlook]
