"""The labels on the card of a row with a label set: those that would change, those that stay, those that may belong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from labelclean.arrays import Label
from labelclean.dataset import label_key
from labelclean.label_set import LabelSet
from labelclean.review.label_set_names import member_token
from labelclean.review.payload import LabelChip

__all__ = ["MAX_CHIPS", "label_chips"]

MAX_CHIPS = 12
"""Most labels on a card, unless its given and suggested sets have more."""

_WORTH_SHOWING = 0.01


def label_chips(
    given: LabelSet | None,
    suggested: LabelSet,
    cells: Sequence[tuple[Label, float]] = (),
    *,
    copies: Iterable[LabelSet] = (),
) -> list[LabelChip]:
    """
    Return the labels that matter for one row, in the order of the digits.

    Parameters
    ----------
    given : LabelSet or None
        None where the row has no set yet.
    suggested : LabelSet
        The suggested set.
    cells : sequence of (label, probability), default=()
        How likely labels belong to the row, as ``LabelCells.of_row`` gives them.
    copies : iterable of LabelSet, default=()
        The sets of the row's copies: what is in them is shown as well.

    Returns
    -------
    list of LabelChip
        First what the suggestion adds, then what it removes, then what both sets have, then the labels of copies, then
        other likely ones as long as there is room.

    Examples
    --------
    >>> chips = label_chips(LabelSet(["late"]), LabelSet(["late", "refund"]), [("refund", 0.9), ("price", 0.2)])
    >>> [(chip["label"], chip["prob"]) for chip in chips]
    [('refund', 0.9), ('late', None), ('price', 0.2)]
    """
    has = given if given is not None else LabelSet()
    probs = {label_key(label): prob for label, prob in cells}
    in_order = [
        *(label for label in suggested if label not in has),
        *(label for label in has if label not in suggested),
        *(label for label in has if label in suggested),
        *(label for labels in copies for label in labels),
    ]
    n_in_sets = len({label_key(label) for label in (*has, *suggested)})
    likely = [label for label, prob in cells if prob >= _WORTH_SHOWING]
    labels = {label_key(label): label for label in (*in_order, *likely)}
    return [
        LabelChip(
            label=member_token(label),
            prob=None if key not in probs else round(probs[key], 4),
            given=label in has,
            suggested=label in suggested,
        )
        for key, label in list(labels.items())[: max(MAX_CHIPS, n_in_sets)]
    ]
