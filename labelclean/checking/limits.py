"""How many label errors are allowed: a share or a number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from labelclean.errors import InvalidInputError

__all__ = ["ErrorLimit", "parse_limit"]

_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%\Z", re.ASCII)
_NUMBER = re.compile(r"\d+\Z", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorLimit:
    """
    The most label errors that are allowed.

    Attributes
    ----------
    value : float
        Percent of the labels, or a number of labels.
    is_percent : bool
        Which of the two.
    """

    value: float
    is_percent: bool

    def allowed(self, n_labelled: int) -> float:
        """Return the number of labels that may be wrong among some."""
        return self.value * n_labelled / 100 if self.is_percent else self.value

    def __str__(self) -> str:
        """Spell it as on the command line."""
        return f"{self.value:g}%" if self.is_percent else f"{self.value:g}"


def parse_limit(spelled: str) -> ErrorLimit:
    """
    Return the limit that a share such as ``2%``, or a number such as ``20``, stands for.

    Raises
    ------
    InvalidInputError
        If it is something else; ``0.02`` could be meant as either.

    Examples
    --------
    >>> parse_limit("2.5%").allowed(1000), parse_limit("20").allowed(1000)
    (25.0, 20.0)
    """
    text = spelled.strip()
    share, number = _SHARE.match(text), _NUMBER.match(text)
    if share is not None and float(share[1]) <= 100:  # noqa: PLR2004  (percent)
        return ErrorLimit(value=float(share[1]), is_percent=True)
    if number is not None:
        return ErrorLimit(value=float(number[0]), is_percent=False)
    raise InvalidInputError(
        "--max-errors must be a share of the labels, up to 100%, or a whole number of labels; got something else.",
        fix="Write it like 2% or like 20.",
    )
