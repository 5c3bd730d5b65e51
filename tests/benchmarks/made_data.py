"""Texts of any number with known wrong labels, made on the spot; for measuring time and memory, not quality."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

__all__ = ["write_made_csv", "write_made_table"]

N_WORDS = 20_000
WORDS_A_CLASS = 60


def write_made_csv(path: Path, *, n_rows: int, n_classes: int, error_rate: float = 0.1, seed: int = 0) -> None:
    """
    Write a CSV file with columns id, text, label.

    Each text has 6 to 20 words: a third from its class's own words, the rest by Zipf's law from all words.
    """
    rng = np.random.default_rng(seed)
    words = np.array([_word(number) for number in range(N_WORDS)])
    own = rng.choice(N_WORDS, size=(n_classes, WORDS_A_CLASS), replace=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "text", "label"])
        for row in range(n_rows):
            true = int(rng.integers(n_classes))
            n_words = int(rng.integers(6, 21))
            from_class = rng.choice(own[true], size=n_words // 3)
            from_all = np.minimum(rng.zipf(1.3, size=n_words - n_words // 3) - 1, N_WORDS - 1)
            text = " ".join(words[rng.permutation(np.concatenate([from_class, from_all]))])
            is_wrong = rng.random() < error_rate
            given = int(rng.integers(n_classes)) if is_wrong else true
            writer.writerow([f"r{row:07d}", text, f"class_{given:02d}"])


def write_made_table(path: Path, *, n_bytes: int, seed: int = 0) -> None:
    """
    Write a CSV file of a size with columns id, text, source, label, score, the same 20,000 rows again and again.

    Of the texts, each of 10 to 100 words, a third hold commas, a tenth quotes, a tenth line ends, and a tenth letters
    beyond ASCII, so that about half of them stand in quotes.
    """
    rng = np.random.default_rng(seed)
    words = [_word(number) for number in range(N_WORDS)]
    piece = io.StringIO(newline="")
    writer = csv.writer(piece, lineterminator="\n")
    for row in range(20_000):
        text = " ".join(words[at] for at in rng.integers(N_WORDS, size=rng.integers(10, 101)))
        for share, old, new in ((0.3, " ", ", "), (0.1, "ba", '"ba"'), (0.1, " ", "\n"), (0.1, "a", "ä")):
            if rng.random() < share:
                text = text.replace(old, new, 3)
        writer.writerow(
            [f"r{row:07d}", text, f"shop {row % 7}", f"class_{rng.integers(20):02d}", f"{rng.random():.3f}"]
        )
    block = piece.getvalue().encode()
    with path.open("wb") as file:
        file.write(b"id,text,source,label,score\n")
        while file.tell() < n_bytes:
            file.write(block)


def _word(number: int) -> str:
    syllables = ("ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu")
    digits = f"{number:05d}"
    return "".join(syllables[int(digit)] for digit in digits)
