"""Names of classes that look alike: they differ in case, space or Unicode form only."""

from __future__ import annotations

import unicodedata

__all__ = ["name_form"]


def name_form(name: str) -> str:
    """
    Return what names that look alike have in common.

    Examples
    --------
    >>> {name_form(name) for name in ("Refund", "refund ", "ＲＥＦＵＮＤ")}
    {'refund'}
    """
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())
