"""Unique display names for labels of any kind, and the way back from a name to its label."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from labelclean.arrays import Label
from labelclean.dataset import is_missing_label, label_key
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet
from labelclean.review.label_set_names import member_token, read_set, set_token

__all__ = ["MAX_LABEL_LENGTH", "LabelNames"]

MAX_LABEL_LENGTH = 500
"""Longest name of a new class, in characters; longer ones are pasted texts, not names."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LabelNames:
    """
    The tokens under which labels travel to the browser and back.

    Text stands as it is, other kinds as JSON (``1``, ``true``). Where the text ``"1"`` would look like the number
    ``1``, the text is shown in quotes. A token never changes when later classes are added. A label set is one line of
    names with commas between them.

    Attributes
    ----------
    tokens : tuple of str
        One per label, all different, in the order of the labels.
    labels : tuple of hashable
        The labels, each once; ``1``, ``True`` and ``"1"`` are three.
    members : mapping of str to hashable, or None
        Where the labels are sets: the labels in them, each under its own name; None where they are not.
    """

    tokens: tuple[str, ...]
    labels: tuple[Label, ...]
    members: MappingProxyType[str, Label] | None
    _by_token: MappingProxyType[str, Label]
    _by_key: MappingProxyType[tuple[str, Label], str]

    @classmethod
    def of(cls, class_names: Sequence[Label], new_labels: Iterable[Label] = ()) -> LabelNames:
        """
        Name the classes of a dataset and the new ones that reviewers made.

        Parameters
        ----------
        class_names : sequence of hashable
            The classes of the dataset.
        new_labels : iterable of hashable, default=()
            Labels of decisions; those that are classes already are skipped.

        Returns
        -------
        LabelNames
            First the classes in their order, then the new ones in theirs.
        """
        labels: dict[tuple[str, Label], Label] = {}
        for label in (*class_names, *new_labels):
            if not is_missing_label(label):
                labels.setdefault(label_key(label), label)
        by_key: dict[tuple[str, Label], str] = {}
        taken: set[str] = set()
        # Text gives way to numbers, whatever the order, so that a new class never renames an old one.
        for key, label in sorted(labels.items(), key=lambda item: isinstance(item[1], str)):
            token = label if isinstance(label, str) else _token_of(label)
            while token in taken:
                token = json.dumps(token, ensure_ascii=False)
            taken.add(token)
            by_key[key] = token
        tokens = tuple(by_key[key] for key in labels)
        return cls(
            tokens=tokens,
            labels=tuple(labels.values()),
            members=_members(labels.values()),
            _by_token=MappingProxyType(dict(zip(tokens, labels.values(), strict=True))),
            _by_key=MappingProxyType(by_key),
        )

    def token(self, label: Label) -> str:
        """Return the token of a label; one that is not among the labels is shown as if it were added last."""
        known = self._by_key.get(label_key(label))
        return known if known is not None else LabelNames.of(self.labels, [label]).tokens[-1]

    def has(self, label: Label) -> bool:
        """Tell whether a label is among those that are named."""
        return label_key(label) in self._by_key

    def known_label(self, token: str) -> Label | None:
        """Return the label of a token, or None if there is no such class."""
        return self._by_token.get(token)

    def label(self, token: str) -> Label:
        """
        Return the label of a token; an unknown token is a new class.

        Parameters
        ----------
        token : str
            As shown on the screen, or as typed by a reviewer.

        Returns
        -------
        hashable
            The class with that token; otherwise the token itself without surrounding white space, or the class
            that it then names. Among label sets: the set of the names between the commas.

        Raises
        ------
        InvalidInputError
            If a new class would have an empty, overlong or unprintable name.
        """
        if token in self._by_token:
            return self._by_token[token]
        name = token.strip()
        if name in self._by_token:
            return self._by_token[name]
        if self.members is not None:
            labels = read_set(name, self.members)
            for label in labels:
                _check_new_name(str(label))
            return labels
        _check_new_name(name)
        return name


def _members(labels: Iterable[Label]) -> MappingProxyType[str, Label] | None:
    sets = [label for label in labels if isinstance(label, LabelSet)]
    if not sets:
        return None
    return MappingProxyType({member_token(label): label for labels in sets for label in labels})


def _token_of(label: Label) -> str:
    if isinstance(label, LabelSet):
        return set_token(label)
    try:
        return json.dumps(label, ensure_ascii=False)
    except TypeError:
        return repr(label)


def _check_new_name(name: str) -> None:
    if not name:
        raise InvalidInputError("A new class must have a name; got only white space.", fix="Type a name.")
    if len(name) > MAX_LABEL_LENGTH:
        raise InvalidInputError(
            f"The name of a new class must have at most {MAX_LABEL_LENGTH:,} characters; got {len(name):,}.",
            fix="Choose a shorter name.",
        )
    # Cc: line breaks and control codes, Cs: halves of characters that no file or database can hold.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        raise InvalidInputError(
            "The name of a new class must be one line of printable text; got control characters.",
            fix="Type the name instead of pasting it.",
        )
