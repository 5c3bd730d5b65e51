"""Names that look alike."""

from __future__ import annotations

import pytest

from labelclean.issues.similar_names import name_form


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Refund", "refund"),
        (" re\u00a0fund\n", "re fund"),
        ("cafe\u0301", "caf\u00e9"),
        ("STRASSE", "strasse"),
        ("", ""),
    ],
)
def test_case_space_and_unicode_form_go(name: str, form: str) -> None:
    """And nothing else."""
    assert name_form(name) == form


def test_the_form_of_a_form_is_itself() -> None:
    """Folding the case can undo the Unicode form, so that comes last."""
    form = name_form("ΰ ẞ ﬃ")

    assert name_form(form) == form
