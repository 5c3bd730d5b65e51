"""Numbers for runs of characters."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.features.grams import SpanHasher, fold_texts, stable_order
from labelclean.features.scripts import code_points

_WORD = (1 << 64) - 1


def test_texts_are_laid_end_to_end_with_breaks() -> None:
    """Each code point knows its text; an empty text is a break alone; what is dropped is gone."""
    folded = fold_texts(["A\u00adb", "", "C"])

    assert folded.codes.tobytes().decode("utf-32-le") == "\nab\n\nc\n"
    assert folded.rows.tolist() == [0, 0, 0, 0, 1, 2, 2]


def test_a_run_has_the_same_number_wherever_it_stands() -> None:
    """At the beginning, in the middle, and in another text."""
    here = SpanHasher(code_points("cat and cat"))
    there = SpanHasher(code_points("a 字 cat"))

    numbers = here.hashes(np.array([0, 8]), np.array([3, 11])).tolist()
    numbers += there.hashes(np.array([4]), np.array([7])).tolist()

    assert len(set(numbers)) == 1


def test_the_number_is_the_polynomial_of_the_characters() -> None:
    """Worked out with whole numbers of any size, modulo 2 ** 64."""
    text = "xaß字"
    hashed = SpanHasher(code_points(text)).hashes(np.array([1]), np.array([4]))

    expected = sum(_splitmix(ord(character)) * _GOLDEN**i for i, character in enumerate("aß字")) & _WORD

    assert int(hashed[0]) == expected


def test_order_and_length_change_the_number() -> None:
    """All different runs of up to three of three letters."""
    runs = [a + b + c for a in "abc" for b in " abc" for c in " abc"]
    runs = sorted({run.strip() for run in runs if " " not in run.strip()})
    hasher = SpanHasher(code_points("".join(runs)))
    ends = np.cumsum([len(run) for run in runs])

    numbers = hasher.hashes(ends - [len(run) for run in runs], ends)

    assert len(set(numbers.tolist())) == len(runs)


@settings(deadline=None)
@given(st.lists(st.one_of(st.integers(0, 3), st.integers(0, _WORD), st.sampled_from([1 << 63, (1 << 63) + 1]))))
def test_the_order_is_that_of_number_then_place(numbers: list[int]) -> None:
    """Also where different numbers share their upper bits."""
    order = stable_order(np.array(numbers, dtype=np.uint64))

    assert order.tolist() == sorted(range(len(numbers)), key=lambda i: (numbers[i], i))


_GOLDEN = 0x9E3779B97F4A7C15


def _splitmix(number: int) -> int:
    """Return the number that splitmix64 gives after ``number`` others, from seed 0."""
    z = (number + 1) * _GOLDEN & _WORD
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & _WORD
    z = (z ^ z >> 27) * 0x94D049BB133111EB & _WORD
    return z ^ z >> 31
