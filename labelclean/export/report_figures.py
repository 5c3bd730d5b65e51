"""The figures of the report, drawn by our own code: a heat map as a table, and the honesty of the score as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import CodeArray, CountMatrix, Label, ProbMatrix, freeze_fields
from labelclean.export.label_words import label_text
from labelclean.export.report_pieces import paragraph, section
from labelclean.export.safe_html import as_text, element
from labelclean.review.honesty import HonestyBand

__all__ = ["N_SHADES", "ClassMap", "heat_map_section", "honesty_figure"]

N_SHADES = 10
"""Steps of the ramp; the style sheet has a colour for each."""

_MOST_CLASSES = 40
_NUMBERS_UP_TO = 25
_SIZE, _MARGIN = 300, 44


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ClassMap:
    """
    Which class is mistaken for which.

    Attributes
    ----------
    class_names : tuple of hashable
        The classes.
    shares : ndarray of float, shape (n_classes, n_classes)
        P(given | true), indexed [given, true].
    counts : ndarray of int64, shape (n_classes, n_classes)
        Estimated rows, indexed [given, true].
    """

    class_names: tuple[Label, ...]
    shares: ProbMatrix
    counts: CountMatrix

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def drawn(self) -> CodeArray:
        """Return the classes to draw: all up to 40, else the 40 with the most estimated mistakes, in class order."""
        mistakes = np.array(self.counts, dtype=np.int64)
        np.fill_diagonal(mistakes, 0)
        order = np.argsort(-(mistakes.sum(axis=0) + mistakes.sum(axis=1)), kind="stable")
        return np.sort(order[:_MOST_CLASSES]).astype(np.int64)


def heat_map_section(found: ClassMap) -> str:
    """Return the heat map with the sentence that says how to read it."""
    codes = found.drawn()
    shares = np.asarray(found.shares, dtype=np.float64)[np.ix_(codes, codes)].T  # lines are true classes
    hidden = np.eye(len(codes), dtype=np.bool_)
    greatest = float(np.where(hidden, 0.0, shares).max(initial=0.0))
    shades = np.ceil(N_SHADES * np.sqrt(np.clip(shares / greatest, 0.0, 1.0))).astype(int) if greatest > 0 else None
    lines = "".join(
        _line(place, label_text(found.class_names[code]), shares[place], None if shades is None else shades[place])
        for place, code in enumerate(codes.tolist())
    )
    numbers = "".join(f'<th scope="col">{place + 1}</th>' for place in range(len(codes)))
    n_classes = len(found.class_names)
    which = f" Drawn are the {len(codes)} most confused of {n_classes:,} classes." if len(codes) < n_classes else ""
    return section(
        "Which class is mistaken for which",
        paragraph(
            "Each line is a true class, each column a given one under the number of its line: of the rows that truly "
            "are the class of the line, the estimated share in % that was given the class of the column. Right labels, "
            f"on the diagonal, are hatched.{which}"
        ),
        f'<table class="heat{" small" if len(codes) > _NUMBERS_UP_TO else ""}"><thead><tr>'
        f'<th scope="col">True class</th>{numbers}</tr></thead><tbody>{lines}</tbody></table>',
    )


def _line(place: int, name: str, shares: Sequence[float], shades: Sequence[int] | None) -> str:
    cells = "".join(
        element("td", "", "same") if at == place else _cell(float(share), 0 if shades is None else int(shades[at]))
        for at, share in enumerate(shares)
    )
    head = f"{place + 1}\N{NO-BREAK SPACE}{element('span', as_text(name), 'user')}"
    return f'<tr><th scope="row">{head}</th>{cells}</tr>'


def _cell(share: float, shade: int) -> str:
    text = f"{100 * share:.0f}" if round(100 * share) >= 1 else ""
    return element("td", text, f"shade{shade}" if shade else "")


def honesty_figure(bands: Sequence[HonestyBand], words: str) -> str:
    """
    Return the honesty of the score as SVG: what it said from left to right, what was found upwards.

    Parameters
    ----------
    bands : sequence of HonestyBand
        Bands with decisions.
    words : str
        What a screen reader says in its place.
    """
    marks = "".join(_mark(band) for band in bands)
    grid = "".join(
        f'<line class="grid" x1="{_x(share):.1f}" y1="{_y(0):.1f}" x2="{_x(share):.1f}" y2="{_y(1):.1f}"></line>'
        f'<line class="grid" x1="{_x(0):.1f}" y1="{_y(share):.1f}" x2="{_x(1):.1f}" y2="{_y(share):.1f}"></line>'
        f'<text x="{_x(share):.1f}" y="{_y(0) + 18:.1f}" text-anchor="middle">{100 * share:.0f}</text>'
        f'<text x="{_x(0) - 8:.1f}" y="{_y(share) + 4:.1f}" text-anchor="end">{100 * share:.0f}</text>'
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    side = _SIZE + _MARGIN + 12
    return (
        f'<svg class="honesty" role="img" aria-label="{as_text(words)}" viewBox="0 0 {side} {side}" width="{side}" '
        f'height="{side}">{grid}<line class="honest" x1="{_x(0):.1f}" y1="{_y(0):.1f}" x2="{_x(1):.1f}" '
        f'y2="{_y(1):.1f}"></line>{marks}'
        f'<text x="{_x(0.5):.1f}" y="{side - 4}" text-anchor="middle">the score says, % wrong</text>'
        f'<text x="12" y="{_y(0.5):.1f}" text-anchor="middle" transform="rotate(-90 12 {_y(0.5):.1f})">'
        "really wrong, %</text></svg>"
    )


def _mark(band: HonestyBand) -> str:
    x, value = _x(band.predicted), band.wrong.value or 0.0
    return (
        f'<line class="interval" x1="{x:.1f}" y1="{_y(band.wrong.low):.1f}" x2="{x:.1f}" '
        f'y2="{_y(band.wrong.high):.1f}"></line><circle class="found" cx="{x:.1f}" cy="{_y(value):.1f}" r="5"></circle>'
    )


def _x(share: float) -> float:
    return _MARGIN + share * _SIZE


def _y(share: float) -> float:
    return 8 + (1.0 - share) * _SIZE
