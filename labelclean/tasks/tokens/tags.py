"""What tags such as B-PER say about spans: the two ways of writing entities token by token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from labelclean.arrays import CodeArray, IndexArray, Label, MaskArray, freeze_fields
from labelclean.errors import ConfigError, InvalidInputError

__all__ = ["BEGIN", "END", "INSIDE", "OUTSIDE", "SINGLE", "TagScheme", "Tags", "continues_span", "read_tags"]

TagScheme: TypeAlias = Literal["BIO", "BIOES"]
"""
How spans are written. "BIO" (also called IOB2): B- at the first token of a span, I- at the others, O outside.
"BIOES": besides, E- at the last token, and S- where a span has only one.
"""

OUTSIDE, BEGIN, INSIDE, END, SINGLE = range(5)
_PREFIX_OF_LETTER = {"B": BEGIN, "I": INSIDE, "E": END, "S": SINGLE}


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Tags:
    """
    The tags of a dataset, taken apart.

    Attributes
    ----------
    scheme : {"BIO", "BIOES"}
        How spans are written.
    prefixes : ndarray of int64, shape (n_classes,)
        ``OUTSIDE``, ``BEGIN``, ``INSIDE``, ``END`` or ``SINGLE`` for each class.
    types : ndarray of int64, shape (n_classes,)
        Type of span of each class, a position in ``type_names``; -1 outside.
    type_names : tuple of str
        Types in the order in which they first occur among the classes.
    """

    scheme: TagScheme
    prefixes: CodeArray
    types: CodeArray
    type_names: tuple[str, ...]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def goes_on(self) -> MaskArray:
        """True for classes that stand within a span, after its first token."""
        return np.isin(self.prefixes, [INSIDE, END])

    @property
    def leaves_open(self) -> MaskArray:
        """True for classes after which the span may go on."""
        return np.isin(self.prefixes, [BEGIN, INSIDE])

    @property
    def may_be_last(self) -> MaskArray:
        """True for classes after which no span has to go on."""
        return np.ones(len(self.prefixes), dtype=np.bool_) if self.scheme == "BIO" else ~self.leaves_open


def read_tags(class_names: Sequence[Label], *, scheme: TagScheme = "BIO") -> Tags:
    """
    Take class names such as "O", "B-PER" and "I-PER" apart.

    Parameters
    ----------
    class_names : sequence of str, length n_classes
        "O", and a letter of the scheme with or without a type behind a hyphen; tags without a type are of the type "".
    scheme : {"BIO", "BIOES"}, default="BIO"
        How spans are written.

    Returns
    -------
    Tags
        One prefix and one type per class.

    Raises
    ------
    ConfigError
        If the scheme is none of these.
    InvalidInputError
        If a name is no tag of the scheme, if there is no "O", or if spans of a type can go on but not begin.

    Examples
    --------
    >>> tags = read_tags(["O", "B-PER", "I-PER", "B-ORG"])
    >>> tags.types, tags.type_names
    (array([-1,  0,  0,  1]), ('PER', 'ORG'))
    """
    if scheme not in get_args(TagScheme):
        raise ConfigError(f"scheme must be one of {', '.join(get_args(TagScheme))}; got {scheme!r}.")
    parts = [_take_apart(name, position, scheme) for position, name in enumerate(class_names)]
    if sum(prefix == OUTSIDE for prefix, _ in parts) != 1:
        raise InvalidInputError(
            f"class_names must hold 'O' once, for tokens outside of all spans; got {len(parts)} names."
        )
    type_names = tuple(dict.fromkeys(kind for prefix, kind in parts if prefix != OUTSIDE))
    code_of_type = {name: code for code, name in enumerate(type_names)}
    begun = {kind for prefix, kind in parts if prefix == BEGIN}
    unbegun = [
        position for position, (prefix, kind) in enumerate(parts) if prefix in (INSIDE, END) and kind not in begun
    ]
    if unbegun:
        raise InvalidInputError(
            f"class_names must hold a B- tag for every type; got class {unbegun[0]:,} without one "
            f"({len(unbegun):,} such classes).",
            fix="Spans of IOB1, which begin with I-, must be rewritten with B- first.",
        )
    return Tags(
        scheme=scheme,
        prefixes=np.array([prefix for prefix, _ in parts], dtype=np.int64),
        types=np.array([-1 if prefix == OUTSIDE else code_of_type[kind] for prefix, kind in parts], dtype=np.int64),
        type_names=type_names,
    )


def continues_span(codes: CodeArray, offsets: IndexArray, tags: Tags) -> MaskArray:
    """
    Tell which tokens go on with the span of the token before.

    Parameters
    ----------
    codes : ndarray of int64, shape (n_tokens,)
        Class codes of all tokens, sentence after sentence.
    offsets : ndarray of int64, shape (n_sentences + 1,)
        Sentence i has the tokens ``offsets[i]`` to ``offsets[i + 1]``, end exclusive.
    tags : Tags
        What the classes mean.

    Returns
    -------
    ndarray of bool, shape (n_tokens,)
        True for I- and E- after B- or I- of the same type, in the same sentence.

    Examples
    --------
    >>> continues_span(np.array([1, 2, 0, 2]), np.array([0, 4]), read_tags(["O", "B-PER", "I-PER"]))
    array([False,  True, False, False])
    """
    types = tags.types[codes]
    continues = np.zeros(len(codes), dtype=np.bool_)
    continues[1:] = tags.goes_on[codes[1:]] & tags.leaves_open[codes[:-1]] & (types[1:] == types[:-1])
    continues[offsets[:-1][offsets[:-1] < len(codes)]] = False
    return continues


def _take_apart(name: Label, position: int, scheme: TagScheme) -> tuple[int, str]:
    if name == "O":
        return OUTSIDE, ""
    letter, _, kind = name.partition("-") if isinstance(name, str) else ("", "", "")
    if letter not in set(scheme) - {"O"}:
        raise InvalidInputError(
            f"class_names must be tags of the scheme {scheme}, such as 'O' and 'B-PER'; got something else for class "
            f"{position:,}.",
            fix="Choose the other scheme, or name the classes by their tags.",
        )
    return _PREFIX_OF_LETTER[letter], kind
