"""Texts in a script or language that hardly any other text of the dataset is in."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from labelclean.issues.language_names import is_kin, language_name
from labelclean.issues.problem import DataProblem, problem_of
from labelclean.protocols import Progress, no_progress

__all__ = ["odd_language", "script_of"]

_STEP = "Looking for other languages"
_ROWS_AT_ONCE = 2_000

_MAIN_SHARE = 0.02  # of the texts: from here on a script or language is one of the dataset's
_ENOUGH_TEXTS = 50  # fewer texts may well be in a language each
_KNOWN_SHARE = 0.8  # of the judged texts in main languages; below, nobody knows what the data's languages are
_SCRIPT_LETTERS = 4  # fewer letters may be a name, a unit or a symbol
_LETTERS_PER_HAN = 3
_LANGUAGE_WORDS = 8
_LANGUAGE_LETTERS = 40  # in each text; fewer say too little about the language
_SPACELESS_LETTERS = 12
_READ_LETTERS = 400
_LETTER_SHARE = 0.75  # of what is not space; below, it is code, a table or an address
_NO_LANGUAGE = "zxx"

_RUNS = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u3400-\u9fff]")
_LETTERS = re.compile(r"[^\W\d_]")
_NOISE = re.compile(
    r"&#?\w+;|(?:https?://|www\.)[!-~]+|[@#]\S+|[!-~]*[_=(){}\[\]<>\\/][!-~]*|[A-Z]{2,}[!-~]*|\b(?=\w*\d)[a-zA-Z\d]+"
)

_Classify: TypeAlias = Callable[[str], tuple[str, float]]

_SCORE_SCRIPT: Final = 0.0
_SCORE_LANGUAGE: Final = 0.5

# One writing system each, or written together as a matter of course.
_TOGETHER = {"HIRAGANA": "HAN", "KATAKANA": "HAN", "CJK": "HAN", "HANGUL": "HANGUL", "FULLWIDTH": "LATIN"}
_IGNORED = frozenset({"MODIFIER", "MATHEMATICAL", "FEMININE", "MASCULINE", "MICRO", "SUPERSCRIPT", "DOUBLE-STRUCK"})


def odd_language(texts: Sequence[str], *, progress: Progress = no_progress) -> DataProblem | None:
    """
    Find texts in a script or language that is rare in the dataset.

    A dataset may have several languages: each one of at least 2 % of its texts is one of its own. Text with code, names
    and numbers is judged by the rest of it, and short texts by their script alone. A language counts only where both
    halves of a text are in it.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts; the first 400 letters of each are looked at.
    progress : Progress, optional
        Told the fraction done; it may raise ``RunCancelledError``.

    Returns
    -------
    DataProblem or None
        Other scripts first, then other languages, in file order. None where there are none, or where fewer than 50
        texts can be judged, or most of them are in no language that the model knows.

    Notes
    -----
    Languages are told by py3langid, which knows over a hundred. Cost: about 6 s for 100,000 texts of 60 characters.

    Examples
    --------
    >>> found = odd_language([*["Where is the parcel?"] * 99, "Где моя посылка?"])
    >>> found.rows, found.reason_of(99)
    (array([99]), 'It is written in Cyrillic script, as hardly any other text is.')
    """
    heads = [text[:_READ_LETTERS] for text in texts]
    scripts = [script_of(head) for head in heads]
    odd_scripts = _rare(scripts)
    found = {
        row: (_SCORE_SCRIPT, f"It is written in {_shown(script)} script, as hardly any other text is.")
        for row, script in enumerate(scripts)
        if script in odd_scripts
    }
    languages = _languages(heads, found, progress)
    odd_languages = _foreign(languages)
    if odd_languages:
        classify = _classifier()
        found.update(
            (row, (_SCORE_LANGUAGE, f"It looks like {language_name(language)}, as hardly any other text does."))
            for row, language in enumerate(languages)
            if language in odd_languages and _is_sure(heads[row], language, classify)
        )
    rows = sorted(found)
    return problem_of("odd_language", rows, [found[row][0] for row in rows], [found[row][1] for row in rows])


def script_of(text: str) -> str:
    """
    Return the script of most of a text, as Unicode names it; empty where there are hardly any letters.

    Addresses, codes and single Latin letters do not count, and a Chinese character counts as three letters.

    Examples
    --------
    >>> script_of("Где посылка 17?"), script_of("快递还没有到"), script_of("ok :)")
    ('CYRILLIC', 'HAN', '')
    """
    runs = _RUNS.findall(_NOISE.sub(" ", text))
    if text.isascii():
        return "LATIN" if sum(map(len, runs)) >= _SCRIPT_LETTERS else ""
    counts = Counter(filter(None, map(_script_of_character, "".join(runs))))
    counts["HAN"] *= _LETTERS_PER_HAN
    if counts.total() < _SCRIPT_LETTERS:
        return ""
    script, n_letters = min(counts.items(), key=lambda item: (-item[1], item[0]))
    return script if 2 * n_letters > counts.total() else ""


@lru_cache(maxsize=1 << 16)
def _script_of_character(character: str) -> str:
    if not character.isalpha():
        return ""
    first = unicodedata.name(character, "").split(" ")[0]
    return "" if first in _IGNORED else _TOGETHER.get(first, first)


def _rare(names: Sequence[str]) -> frozenset[str]:
    """Return the names of fewer texts than make one of the dataset's own; none where too few texts have any."""
    counts = Counter(name for name in names if name)
    n_named = sum(counts.values())
    if n_named < _ENOUGH_TEXTS:
        return frozenset()
    return frozenset(name for name, n_texts in counts.items() if n_texts < _MAIN_SHARE * n_named)


def _languages(heads: Sequence[str], found: dict[int, tuple[float, str]], progress: Progress) -> list[str]:
    """Return the likely language of each text; empty where it cannot be judged, or need not be."""
    classify = _classifier()
    languages = []
    for row, head in enumerate(heads):
        if not row % _ROWS_AT_ONCE:
            progress(_STEP, row / len(heads))
        plain = "" if row in found else _plain(head)
        language = classify(plain)[0] if plain else ""
        languages.append("" if language == _NO_LANGUAGE else language)
    return languages


def _plain(head: str) -> str:
    """Return the part of a text that is in a language, or nothing where that is too little."""
    words = _NOISE.sub(" ", head.lower() if head.isupper() else head).split()
    text = " ".join(words)
    n_letters = len(_LETTERS.findall(text))
    if n_letters < _LETTER_SHARE * sum(map(len, words)):
        return ""
    if len(words) >= _LANGUAGE_WORDS and n_letters >= _LANGUAGE_LETTERS:
        return text
    is_spaceless = not text.isascii() and script_of(text) in {"HAN", "THAI", "LAO", "KHMER", "MYANMAR"}
    return text if is_spaceless and n_letters >= _SPACELESS_LETTERS else ""


def _foreign(languages: Sequence[str]) -> frozenset[str]:
    """Return the rare languages that are not easily taken for one of the dataset's; none where those are unknown."""
    counts = Counter(language for language in languages if language)
    rare = _rare(languages)
    main = set(counts) - rare
    if sum(counts[language] for language in main) < _KNOWN_SHARE * counts.total():
        return frozenset()
    return frozenset(
        language for language in rare if language_name(language) and not any(is_kin(language, own) for own in main)
    )


def _is_sure(head: str, language: str, classify: _Classify) -> bool:
    """Tell whether both halves of a text say that it is in this language."""
    text = _plain(head)
    words = text.split()
    half = len(words) // 2
    halves = (" ".join(words[:half]), " ".join(words[half:])) if half else (text[: len(text) // 2], text)
    return all(classify(part.casefold())[0] == language for part in halves)


def _classifier() -> _Classify:
    """Return the model, loaded once for each process."""
    return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> _Classify:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  (half a second)

    classify: _Classify = LanguageIdentifier.from_model_file(MODEL_FILE).classify
    return classify


def _shown(script: str) -> str:
    return "Chinese or Japanese" if script == "HAN" else script.title()
