"""Texts that went through a wrong encoding, or in which codes for characters were left, and how they read repaired."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final

from labelclean.issues.problem import DataProblem, problem_of
from labelclean.protocols import Progress, no_progress

__all__ = ["encoding_damage", "repaired_text"]

_STEP = "Looking for damaged characters"
_ROWS_AT_ONCE = 20_000
_MAX_CHARACTERS = 20_000  # of each text; a book is not read to its end

_REPLACED = re.compile("[\ufffd\ud800-\udfff]")
# All but tab, line feed, vertical tab, form feed, carriage return and next line, which only part lines.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_ENTITY = re.compile(r"&(?:#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z][a-zA-Z0-9]{1,20});")
_BARE_ENTITY = re.compile(r"(?<![&\w#])(?:#(?:3[49]|38|60|62|160|8[0-9]{3});|(?:quot|amp|nbsp|apos);)|(?<= )(?:lt|gt);")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_SUSPECT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\U0010ffff&#;]")

_SCORE_LOST: Final = 0.0
_SCORE_MOJIBAKE: Final = 0.2
_SCORE_CONTROLS: Final = 0.4
_SCORE_ENTITIES: Final = 0.6


def encoding_damage(texts: Sequence[str], *, progress: Progress = no_progress) -> DataProblem | None:
    """
    Find texts with damaged characters.

    Damaged are: characters that were lost (the replacement character stands for them, or half a character), text that
    was read in another encoding than it was written in, control characters, and codes for characters such as
    ``&amp;``. In a text with HTML tags such codes are in their place.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts; the first 20,000 characters of each are looked at.
    progress : Progress, optional
        Told the fraction done; it may raise ``RunCancelledError``.

    Returns
    -------
    DataProblem or None
        Lost characters first, then wrong encodings, control characters and codes. None where there are none.

    Notes
    -----
    Wrong encodings are recognised, and repaired, by ftfy; a text counts only if ftfy's repair changes it. Cost: about
    1 s for a million short texts in ASCII, 5 s in other scripts.

    Examples
    --------
    >>> found = encoding_damage(["fine café", "broken cafÃ©", "Tom &amp; Jerry"])
    >>> found.rows, found.reason_of(1)
    (array([1, 2]), 'It was read in a wrong encoding.')
    >>> repaired_text("broken cafÃ©")
    'broken café'
    """
    rows, scores, reasons = [], [], []
    for row, text in enumerate(texts):
        if not row % _ROWS_AT_ONCE:
            progress(_STEP, row / len(texts))
        if _SUSPECT.search(text) is None:
            continue
        score, reason = _damage(text[:_MAX_CHARACTERS])
        if reason:
            rows.append(row)
            scores.append(score)
            reasons.append(reason)
    return problem_of("encoding_damage", rows, scores, reasons)


def repaired_text(text: str) -> str:
    """
    Return a text with what can be repaired of its characters repaired; other texts as they are.

    Examples
    --------
    >>> repaired_text("Tom &amp; Jerry"), repaired_text("a < b && c")
    ('Tom & Jerry', 'a < b && c')
    """
    clean = _CONTROLS.sub(_control_meant, _decoded(text))
    return _without_entities(clean)


def _damage(text: str) -> tuple[float, str]:
    n_lost = len(_REPLACED.findall(text))
    if n_lost:
        return _SCORE_LOST, "Characters were lost: the sign � stands for them." if n_lost > 1 else (
            "A character was lost: the sign � stands for it."
        )
    if not text.isascii() and _decoded(text) != text:
        return _SCORE_MOJIBAKE, "It was read in a wrong encoding."
    if _CONTROLS.search(text) is not None:
        return _SCORE_CONTROLS, "It holds control characters that cannot be seen."
    if _without_entities(text) != text:
        return _SCORE_ENTITIES, "Codes for characters, such as &amp; or #39;, were left in it."
    return 1.0, ""


def _decoded(text: str) -> str:
    """Return the text as it was written, where it was read in a wrong encoding."""
    if text.isascii():
        return text
    from ftfy import fix_encoding  # noqa: PLC0415  (only where it is needed)
    from ftfy.badness import is_bad  # noqa: PLC0415

    return str(fix_encoding(text)) if is_bad(text) else text


def _without_entities(text: str) -> str:
    if _TAG.search(text) is not None:
        return text
    named = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return _BARE_ENTITY.sub(lambda found: html.unescape(f"&{found[0]}"), named)


def _control_meant(found: re.Match[str]) -> str:
    """Return what a control character most often stands for: one of Windows' signs, or nothing."""
    character = found[0]
    if character < "\x80":
        return ""
    try:
        return character.encode("latin-1").decode("windows-1252")
    except UnicodeDecodeError:
        return ""
