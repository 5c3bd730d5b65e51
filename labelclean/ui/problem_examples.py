"""Examples of a problem as HTML: texts with their labels and reasons, copies side by side, classes as bars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

from labelclean.ui.elements import count, plate

if TYPE_CHECKING:
    from labelclean.dataset import Dataset
    from labelclean.issues.problem import DataProblem

__all__ = ["ProblemExample", "class_bars_html", "example_html", "examples_html", "examples_of", "pair_html"]

_CHARACTERS = 190  # of a text that are shown
_PAIR_CHARACTERS = 130
_BEFORE = 60  # characters before what is marked
_MOST_BARS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemExample:
    """
    One row of a problem as it is shown.

    Attributes
    ----------
    row : int
        Its position.
    text : str
        Its text.
    given : str or None
        Its label as the user spells it, None where it has none.
    reason : str
        Why it is there.
    mark : str
        What to mark in the text; empty where there is nothing.
    repaired : str
        How the text reads repaired; empty where nothing was repaired.
    """

    row: int
    text: str
    given: str | None
    reason: str
    mark: str = ""
    repaired: str = ""


def examples_of(problem: DataProblem, dataset: Dataset, rows: Sequence[int]) -> list[ProblemExample]:
    """Return some rows of a problem ready to be shown."""
    return [_example(problem, dataset, row) for row in rows]


def example_html(example: ProblemExample) -> str:
    """Return one example: the text, then its label and why it is there."""
    repaired = ""
    if example.repaired:
        start = _first_difference(example.text, example.repaired)
        text = _window(example.text, start, _CHARACTERS)
        repaired = f"<p class='lc-repaired'>Repaired: {escape(_window(example.repaired, start, _CHARACTERS))}</p>"
        shown = escape(text)
    else:
        shown = _marked(example.text, example.mark, _CHARACTERS)
    return (
        f'<div class="lc-example"><p class="lc-example-text">{shown or _NO_TEXT}</p>{repaired}'
        f'<p class="lc-example-why">{_label(example)}<span>{escape(example.reason)}</span></p></div>'
    )


def examples_html(examples: Sequence[ProblemExample]) -> str:
    """Return some examples; a reason that all of them share is said once, above them."""
    if len(examples) < 2 or len({example.reason for example in examples}) > 1:  # noqa: PLR2004  (nothing to share)
        return "".join(map(example_html, examples))
    shared = f'<p class="lc-example-shared">{escape(examples[0].reason)}</p>'
    return shared + "".join(example_html(replace(example, reason="")) for example in examples)


def pair_html(first: ProblemExample, second: ProblemExample, n_more: int) -> str:
    """Return two copies side by side, and how many more there are."""
    more = f"<span>and {count(n_more)} more</span>" if n_more else ""
    is_shared = first.reason == second.reason
    sides = "".join(
        f'<div><p class="lc-example-text">{_marked(side.text, "", _PAIR_CHARACTERS) or _NO_TEXT}</p>'
        f'<p class="lc-example-why">{_label(side)}<span>{"" if is_shared else escape(side.reason)}</span></p></div>'
        for side in (first, second)
    )
    below = (f"<span>{escape(first.reason)}</span>" if is_shared else "") + more
    why = f'<p class="lc-example-why">{below}</p>' if below else ""
    return f'<div class="lc-example"><div class="lc-pair">{sides}</div>{why}</div>'


def class_bars_html(classes: Sequence[tuple[str, int]]) -> str:
    """
    Return the smallest classes as bars, and the largest for comparison.

    Parameters
    ----------
    classes : sequence of (str, int)
        Name and rows of each class, in any order.
    """
    ranked = sorted((pair for pair in classes if pair[1]), key=lambda pair: (pair[1], pair[0]))
    if not ranked:
        return ""
    most = ranked[-1][1]
    shown = ranked[:_MOST_BARS]
    left_out = len(ranked) - len(shown) - (1 if len(ranked) > len(shown) else 0)
    lines = "".join(_bar(name, n_rows, most) for name, n_rows in shown)
    if left_out > 0:
        lines += f'<li class="lc-class-gap">{count(left_out)} more between them</li>'
    if len(ranked) > len(shown):
        lines += _bar(*ranked[-1], most)
    return f'<ul class="lc-class-bars" aria-label="Rows of the smallest classes and of the largest">{lines}</ul>'


_NO_TEXT = '<i class="lc-no-text">no text</i>'


def _bar(name: str, n_rows: int, most: int) -> str:
    return (
        f'<li><bdi title="{escape(name)}">{escape(name)}</bdi>'
        f'<i style="width:{max(0.5, 100 * n_rows / most):.1f}%"></i><b>{count(n_rows)}</b></li>'
    )


def _example(problem: DataProblem, dataset: Dataset, row: int) -> ProblemExample:
    given, text = dataset.given_label(row), dataset.texts[row]
    repaired = ""
    if problem.kind == "encoding_damage":
        from labelclean.issues.encoding_damage import repaired_text

        fixed = repaired_text(text)
        repaired = "" if fixed == text else fixed
    return ProblemExample(
        row=row,
        text=text,
        given=None if given is None else str(given),
        reason=problem.reason_of(row),
        mark=problem.mark_of(row),
        repaired=repaired,
    )


def _label(example: ProblemExample) -> str:
    return "<em>no label</em>" if example.given is None else plate(example.given, "given")


def _marked(text: str, mark: str, n_characters: int) -> str:
    """Return the beginning of a text, or what is around the mark, with the mark marked."""
    found = re.search(re.escape(mark), text, re.IGNORECASE) if mark else None
    if found is None:
        return escape(_window(text, 0, n_characters))
    start = max(0, found.start() - _BEFORE) if found.end() > n_characters else 0
    end = max(start + n_characters, found.end())
    before, inside, after = text[start : found.start()], found[0], text[found.end() : end]
    return (
        f"{'… ' if start else ''}{escape(before)}<mark class='lc-leak'>{escape(inside)}</mark>{escape(after)}"
        f"{' …' if end < len(text) else ''}"
    )


def _window(text: str, place: int, n_characters: int) -> str:
    """Return the part of a text around a place."""
    start = max(0, place - _BEFORE) if place > n_characters - _BEFORE else 0
    shown = text[start : start + n_characters].strip()
    return f"{'… ' if start else ''}{shown}{' …' if start + n_characters < len(text) else ''}"


def _first_difference(text: str, other: str) -> int:
    return next(
        (place for place, (one, two) in enumerate(zip(text, other, strict=False)) if one != two),
        min(len(text), len(other)),
    )
