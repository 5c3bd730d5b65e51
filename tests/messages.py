"""Short messages about three topics, three of them with a wrong label, and a way to compare all that is found."""

from __future__ import annotations

import dataclasses

import numpy as np

from labelclean.arrays import Label

__all__ = ["TOPICS", "WRONG_ROWS", "messages", "same_bits"]

TOPICS = {
    "refund": ["money back please", "return the lamp", "credit to my card", "refund not paid", "sent it back"],
    "delivery": ["parcel is late", "driver never came", "tracking says tomorrow", "where is my parcel", "courier lost"],
    "account": ["cannot log in", "reset my password", "change my email", "account locked", "login code never came"],
}
WRONG_ROWS = (4, 31, 58)


def messages(n_rows: int = 90) -> tuple[list[str], list[Label | None], list[Label | None]]:
    """Return texts, their true labels, and the same labels with the mistakes that lie among these rows."""
    generator = np.random.default_rng(14)
    names = list(TOPICS)
    true = [names[row % 3] for row in range(n_rows)]
    texts = [
        " and ".join(generator.choice(TOPICS[name], 2, replace=False)) + f" {row}" for row, name in enumerate(true)
    ]
    given: list[Label | None] = list(true)
    for row in WRONG_ROWS:
        if row < n_rows:
            given[row] = names[(row + 1) % 3]
    return texts, list(true), given


def same_bits(one: object, other: object) -> bool:
    """Compare two results with all they hold: arrays byte for byte, everything else by ``==``."""
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return type(one) is type(other) and all(same_bits(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    return type(one) is type(other) and bool(one == other)
