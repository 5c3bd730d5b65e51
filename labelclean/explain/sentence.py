"""One plain English sentence of why a row is suspected, or a label suggested for it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from labelclean.arrays import Label
from labelclean.dataset import label_key

__all__ = ["Reasons", "sentence_of"]

_LONGEST_NAME = 40  # characters; the card shows the whole name beside the sentence
_LONGEST_QUOTE = 60
_MOST_QUOTES_FOR = 3
_MOST_QUOTES_AGAINST = 2
_REPEATED = 0.5  # share of a quote's pairs of characters that other quotes may have
_REPETITION = re.compile(r"([^\s\d]{1,2}?)\1{4,}")  # "aaaaaaaa"; numbers are left as they are
_PAIR_ROWS = 10  # fewer rows of one pair are no pattern
_PAIR_SHARE = 0.2
_BOTH = 2
_WITHIN_NAMES = frozenset("_/+#&-")  # a name of letters, digits and these is one word; others are quoted
_READS_AS_ENGLISH = frozenset({"a", "all", "both", "it", "neither", "no", "none", "not", "one", "or", "and"})
_TEXT_MARKS = ("“", "”")
_NAME_MARKS = ("‘", "’")
_ISOLATED = ("\u2068", "\u2069")
_DIRECTION_SIGNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CUT = "…"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reasons:
    """
    The facts a sentence is built from; nothing else goes into it.

    Attributes
    ----------
    suggested : hashable
        The label that is suggested, as the user spells it.
    given : hashable or None
        The label the row carries; None where it carries none.
    n_neighbours : int
        Labelled texts that have something in common with the row, five at most.
    n_suggested, n_given : int
        How many of them carry the suggested and the given label.
    other : hashable or None
        The label that most of the rest of them carry; None where there is no rest.
    n_other : int
        How many of them carry it. It is mentioned where it beats both.
    words_for, words_against : tuple of str
        Parts of the row's text that speak for the suggested and for the given label, strongest first.
    n_pair : int
        Rows that carry the given label while the suggested one is suggested for them, this row among them.
    n_labelled : int
        All rows that carry the given label.
    is_empty : bool
        Whether the row has no text at all.
    """

    suggested: Label
    given: Label | None = None
    n_neighbours: int = 0
    n_suggested: int = 0
    n_given: int = 0
    other: Label | None = None
    n_other: int = 0
    words_for: tuple[str, ...] = ()
    words_against: tuple[str, ...] = ()
    n_pair: int = 0
    n_labelled: int = 0
    is_empty: bool = False


def sentence_of(reasons: Reasons) -> str:
    """
    Say in one sentence what speaks for the suggested label, and what for the given one.

    Parameters
    ----------
    reasons : Reasons
        The facts. A row whose suggested label is the given one, and a row without a label, are said to be so.

    Returns
    -------
    str
        Plain English. Names of classes longer than 40 characters are cut in the middle; names of several words,
        numbers and the like stand in single quotes, the row's own words in double ones. Text that runs from right to
        left is isolated, so that it does not turn what stands beside it.

    Examples
    --------
    >>> sentence_of(
    ...     Reasons(suggested="delivery", given="refund", n_neighbours=5, n_suggested=4, words_for=("how many days",))
    ... )
    '4 of its 5 nearest texts are labelled delivery, none refund; “how many days” speaks for delivery.'
    """
    suggested, given = _named(reasons.suggested), None
    clauses = []
    if reasons.given is None:
        clauses.append("no label was given")
    elif label_key(reasons.given) == label_key(reasons.suggested):
        clauses.append(f"the given label {suggested} is also the suggested one")
    else:
        given = _named(reasons.given)
        if given == suggested:  # what tells them apart was cut out
            suggested, given = _named(reasons.suggested, longest=None), _named(reasons.given, longest=None)
    clauses += _guess(reasons) or _grounds(reasons, suggested, given)
    sentence = "; ".join(clauses) + "."
    return sentence[0].upper() + sentence[1:]


def _guess(reasons: Reasons) -> list[str]:
    """Say that nothing speaks for the suggestion, where that is so."""
    if reasons.is_empty:
        return ["the text is empty, so the suggestion is little more than a guess"]
    if not (reasons.n_neighbours or reasons.words_for or reasons.words_against):
        return ["no other labelled text is like it, so the suggestion is little more than a guess"]
    return []


def _grounds(reasons: Reasons, suggested: str, given: str | None) -> list[str]:
    """Say what the neighbours, the words and the other rows of the two labels tell."""
    clauses = [_about_neighbours(reasons, suggested, given)]
    words = _about_words(reasons, suggested, given)
    if _is_other_ahead(reasons, given):
        n_other = str(reasons.n_other)
        if reasons.n_other == reasons.n_neighbours:
            n_other = "both" if reasons.n_other == _BOTH else "all"
        clauses[0] += f", but {n_other} are labelled {_named(reasons.other)}"
    if words and _contradict(reasons, given):
        clauses[0] += f", but {words}"
    elif words:
        clauses.append(words)
    if given is not None and reasons.n_pair >= _PAIR_ROWS and reasons.n_labelled * _PAIR_SHARE <= reasons.n_pair:
        clauses.append(
            f"{suggested} is suggested for {reasons.n_pair:,} of the {reasons.n_labelled:,} rows labelled {given}"
        )
    return clauses


def _contradict(reasons: Reasons, given: str | None) -> bool:
    """Tell whether the neighbours lean to one label and the words to the other."""
    if given is None or not reasons.n_neighbours or _is_other_ahead(reasons, given):
        return False
    if reasons.words_for:
        return reasons.n_given > reasons.n_suggested
    return reasons.n_suggested > reasons.n_given


def _is_other_ahead(reasons: Reasons, given: str | None) -> bool:
    """Tell whether a third label is more frequent among the neighbours than the two in question."""
    n_given = 0 if given is None else reasons.n_given
    return reasons.n_other > max(1, reasons.n_suggested, n_given)


def _about_neighbours(reasons: Reasons, suggested: str, given: str | None) -> str:
    n_all = reasons.n_neighbours
    n_for, n_against = reasons.n_suggested, 0 if given is None else reasons.n_given
    if n_all == 0:
        return "no other labelled text is like it"
    if n_all == 1:
        return f"the only labelled text like it is {_label_of_the_only_one(n_for, n_against, suggested, given)}"
    if not (n_for or n_against):
        which = "neither of its" if n_all == _BOTH else f"none of its {n_all}"
        return f"{which} nearest texts is labelled {suggested}" + (f" or {given}" if given else "")
    n_most, n_least, most, least = n_for, n_against, suggested, given
    if given is not None and n_against > n_for:
        n_most, n_least, most, least = n_against, n_for, given, suggested
    clause = f"{_share(n_most, n_all)} labelled {most}"
    return clause if least is None or n_most == n_all else f"{clause}, {n_least or 'none'} {least}"


def _label_of_the_only_one(n_for: int, n_against: int, suggested: str, given: str | None) -> str:
    if n_for or n_against:
        return f"labelled {suggested if n_for else given}"
    return f"labelled neither {suggested} nor {given}" if given else f"not labelled {suggested}"


def _share(n_some: int, n_all: int) -> str:
    """Say how many of two or more nearest texts are meant, with the verb."""
    if n_some < n_all:
        return f"{n_some} of its {n_all} nearest texts {'is' if n_some == 1 else 'are'}"
    return "both of its nearest texts are" if n_all == _BOTH else f"all {n_all} of its nearest texts are"


def _about_words(reasons: Reasons, suggested: str, given: str | None) -> str:
    quotes_for = _quotes(reasons.words_for, _MOST_QUOTES_FOR)
    quotes_against = _quotes(reasons.words_against, _MOST_QUOTES_AGAINST) if given else []
    if not quotes_for:
        return _speaking(quotes_against, given or "")
    clause = _speaking(quotes_for, suggested)
    return f"{clause}, {_listed(quotes_against)} for {given}" if quotes_against else clause


def _speaking(quotes: Sequence[str], label: str) -> str:
    return f"{_listed(quotes)} {'speaks' if len(quotes) == 1 else 'speak'} for {label}" if quotes else ""


def _quotes(words: Sequence[str], n_most: int) -> list[str]:
    """Choose the words that are quoted: the strongest, but none that mostly repeats one before it."""
    chosen: list[str] = []
    seen: set[str] = set()
    for word in map(_one_line, words):
        pairs = {word[place : place + 2].casefold() for place in range(max(1, len(word) - 1))}
        if len(chosen) < n_most and len(pairs & seen) <= _REPEATED * len(pairs):
            chosen.append(word)
            seen |= pairs
    return chosen


def _listed(words: Sequence[str]) -> str:
    quotes = [_quoted(_ending_early(_REPETITION.sub(r"\1\1\1…", word), _LONGEST_QUOTE), _TEXT_MARKS) for word in words]
    return " and ".join([", ".join(quotes[:-1]), quotes[-1]]) if len(quotes) > 1 else "".join(quotes)


def _named(label: Label, *, longest: int | None = _LONGEST_NAME) -> str:
    """Return the name of a class as it stands in a sentence."""
    name = _one_line(label if isinstance(label, str) else _as_json(label))
    if longest is not None and len(name) > longest:
        name = _cut_in_the_middle(name, longest)
    return _isolated(name) if _is_plain(name.replace(_CUT, "")) else _quoted(name, _NAME_MARKS)


def _is_plain(name: str) -> bool:
    """Tell whether a name reads as one word that is no English and no number."""
    return (
        all(each.isalnum() or _is_mark(each) or each in _WITHIN_NAMES for each in name)
        and any(map(str.isalpha, name))
        and name.casefold() not in _READS_AS_ENGLISH
    )


def _as_json(label: Label) -> str:
    """Spell a label that is no text as the screen does."""
    try:
        return json.dumps(label, ensure_ascii=False)
    except TypeError:
        return repr(label)


def _quoted(text: str, marks: tuple[str, str]) -> str:
    return marks[0] + _isolated(text) + marks[1]


def _isolated(text: str) -> str:
    """Keep text that runs from right to left from turning what stands beside it."""
    runs_left = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)
    return _ISOLATED[0] + text + _ISOLATED[1] if runs_left else text


def _one_line(text: str) -> str:
    """Return text on one line, without what would turn or break it."""
    shown = [character for character in " ".join(text.split()) if character not in _DIRECTION_SIGNS]
    return "".join("\ufffd" if unicodedata.category(each) in {"Cc", "Cs"} else each for each in shown)


def _ending_early(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[: _before_marks(text, longest - 1)].rstrip() + _CUT


def _cut_in_the_middle(text: str, longest: int) -> str:
    """Keep both ends, since long names often differ at the end."""
    n_last = longest // 3
    first = _before_marks(text, longest - n_last - 1)
    last = len(text) - n_last
    while last < len(text) and _is_mark(text[last]):
        last += 1
    return text[:first].rstrip() + _CUT + text[last:].lstrip()


def _before_marks(text: str, end: int) -> int:
    """Return a place to cut at, at most ``end``, that parts no letter from its marks."""
    while end > 0 and _is_mark(text[end]):
        end -= 1
    return end


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or character == "\u200d"
