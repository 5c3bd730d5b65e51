"""What each kind of problem of the data is called, what it means and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

__all__ = ["PROBLEM_KINDS", "PROBLEM_WORDS", "SPARE", "ProblemKind", "ProblemWords", "problem_title"]

ProblemKind: TypeAlias = Literal[
    "split_overlap",
    "label_leaks",
    "near_duplicates",
    "encoding_damage",
    "odd_language",
    "low_information",
    "outliers",
    "ambiguous",
    "class_imbalance",
]
"""What may be wrong with the data besides its labels."""

PROBLEM_KINDS: tuple[ProblemKind, ...] = get_args(ProblemKind)
"""All kinds in the order of how much they spoil, the worst first."""

SPARE = ":spare"
"""Behind the name of a kind: the rows alone that can go."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemWords:
    """
    How a problem is told to people.

    Attributes
    ----------
    title : str
        Its name.
    explanation : str
        What it means for a model, in one sentence.
    advice : str
        What to do about it, in one sentence.
    """

    title: str
    explanation: str
    advice: str


PROBLEM_WORDS: Mapping[ProblemKind, ProblemWords] = {
    "split_overlap": ProblemWords(
        title="Overlap of splits",
        explanation="The same text, or nearly the same, stands in more than one split: a model is tested on what it "
        "has learnt by heart, and looks better than it is.",
        advice="Exclude the copies in one of the splits, most often those in train.",
    ),
    "label_leaks": ProblemWords(
        title="Texts that give their label away",
        explanation="A short string stands in nearly all texts of one class and nearly nowhere else: a model may learn "
        "that string and nothing else.",
        advice="If real texts will not have it, take it out of the file before training; the rows themselves may stay.",
    ),
    "near_duplicates": ProblemWords(
        title="Near-duplicates",
        explanation="These texts are there more than once, word for word or nearly so: they count double, and under "
        "different labels they teach a model both.",
        advice="Decide groups with different labels first; of the others, one copy may be enough.",
    ),
    "encoding_damage": ProblemWords(
        title="Damaged characters",
        explanation="The text went through a wrong encoding, or codes for single characters were left in it: the same "
        "word looks like two.",
        advice="Repair the file where it was made; exclude what cannot be read any more.",
    ),
    "odd_language": ProblemWords(
        title="Another language",
        explanation="The text is in a language or script that hardly any other text here is in: a model cannot learn "
        "it from so few.",
        advice="Exclude these rows unless the language belongs to the task.",
    ),
    "low_information": ProblemWords(
        title="Texts that say next to nothing",
        explanation="Blank texts, and texts with hardly a word to go by: their label cannot be told from the text.",
        advice="Exclude them, unless such texts will come in real use, too.",
    ),
    "outliers": ProblemWords(
        title="Texts unlike all others",
        explanation="Even the most similar other texts have very little in common with these: they may be off topic, "
        "or not text at all.",
        advice="Look at the first ones, and exclude what does not belong to the task.",
    ),
    "ambiguous": ProblemWords(
        title="Ambiguous texts",
        explanation="The model is split between two or more classes: several labels may fit, or a rule is missing.",
        advice="Decide a few; if you hesitate too, the two classes need a clearer rule.",
    ),
    "class_imbalance": ProblemWords(
        title="Classes with few rows",
        explanation="These classes have far fewer rows than the others, so a model hardly learns them, and their "
        "labels are judged with less certainty.",
        advice="Check their rows by hand, and add rows or merge the classes if you can.",
    ),
}
"""The words for all kinds."""


def problem_title(name: str) -> str:
    """
    Return what a queue of rows with a problem is about.

    Examples
    --------
    >>> problem_title("outliers"), problem_title("near_duplicates:spare"), problem_title("typo")
    ('Texts unlike all others', 'Near-duplicates, the rows that can go', 'typo')
    """
    plain = name.removesuffix(SPARE)
    kind = next((kind for kind in PROBLEM_KINDS if kind == plain), None)
    if kind is None:
        return name
    return PROBLEM_WORDS[kind].title + (", the rows that can go" if plain != name else "")
