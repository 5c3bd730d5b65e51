"""How the detection benchmark reads its sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labelclean.errors import InvalidInputError
from tests.benchmarks.detection_sets import find_sets, kind_of, read_labelled_set, sample_rows, tiny_set

ROWS = """id,text,given_label,true_label
1,first,b,a
2,second,a,
3,first,a,a
4,third,b,b
5,fourth,,b
"""


def test_the_first_of_equal_texts_is_kept(tmp_path: Path) -> None:
    """The third row repeats the first; the fifth has no given label."""
    data = read_labelled_set(_write(tmp_path / "made__mix1.csv", ROWS))

    assert data.texts == ("first", "second", "third")
    assert data.rows.tolist() == [0, 1, 3]
    assert data.given.tolist() == [1, 0, 1]
    assert not data.is_multi_label


def test_an_unknown_truth_is_neither_right_nor_wrong(tmp_path: Path) -> None:
    """Such a row is read, and marked."""
    data = read_labelled_set(_write(tmp_path / "made__mix1.csv", ROWS))

    assert data.true.tolist() == [0, -1, 1]
    assert data.is_known.tolist() == [True, False, True]
    assert data.is_wrong.tolist() == [True, False, False]


def test_a_row_with_a_set_of_labels_is_wrong_if_any_label_is(tmp_path: Path) -> None:
    """Empty cells are empty sets, not a label without a name."""
    data = read_labelled_set(
        _write(tmp_path / "many.csv", "text,given_labels,true_labels\none,a|b,b|a\ntwo,,c\nthree,,\n")
    )

    assert data.class_names == ("a", "b", "c")
    assert data.given.tolist() == [[1, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert data.is_known.all()
    assert data.is_wrong.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("intents__mix12", "injected"),
        ("many__mlmix10", "injected"),
        ("questions_weak", "rules"),
        ("facts_ds", "knowledge base"),
        ("abuse", "human annotators"),
    ],
)
def test_a_name_tells_the_kind_of_error(name: str, kind: str) -> None:
    """By its ending."""
    assert kind_of(name) == kind


def test_sets_come_kind_by_kind_and_votes_are_none(tmp_path: Path) -> None:
    """Human annotators first; inside a kind by name."""
    for name in ("b__mix1", "a_weak", "z", "z_votes", "a__cdn1"):
        _write(tmp_path / f"{name}.csv", ROWS)

    assert list(find_sets(tmp_path)) == ["z", "a__cdn1", "b__mix1", "a_weak"]
    assert list(find_sets(tmp_path, ["a_weak", "z"])) == ["z", "a_weak"]


def test_a_set_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With the names that are."""
    _write(tmp_path / "here.csv", ROWS)

    with pytest.raises(InvalidInputError, match="got away") as caught:
        find_sets(tmp_path, ["here", "away"])
    assert caught.value.fix == "Name here."


def test_a_sample_keeps_the_order_and_depends_on_the_seed_alone(tmp_path: Path) -> None:
    """Each row keeps its text, its labels and its place in the file."""
    rows = "".join(f"text {number},c{number % 3},c{number % 2}\n" for number in range(40))
    data = read_labelled_set(_write(tmp_path / "made.csv", "text,given_label,true_label\n" + rows))

    sample, again, other = (sample_rows(data, share=0.5, seed=seed) for seed in (1, 1, 2))

    assert len(sample.texts) == 20
    assert (np.diff(sample.rows) > 0).all()
    assert sample.texts == tuple(data.texts[row] for row in sample.rows)
    assert sample.given.tolist() == data.given[sample.rows].tolist()
    assert sample.true.tolist() == data.true[sample.rows].tolist()
    assert sample.texts == again.texts != other.texts


@pytest.mark.parametrize("is_multi_label", [False, True])
def test_the_tiny_set_has_different_texts_of_two_classes_without_errors(*, is_multi_label: bool) -> None:
    """A text names fruits or tools, and its label says which."""
    data = tiny_set(is_multi_label=is_multi_label)
    is_tool = np.array(
        [text.split()[-1] in {"drill", "wrench", "pliers", "chisel", "rasp", "vice"} for text in data.texts]
    )

    assert len(set(data.texts)) == len(data.texts) == len(data.given) == 80
    assert not data.is_wrong.any()
    assert data.is_multi_label == is_multi_label
    assert ((data.given[:, 0] if is_multi_label else data.given) == is_tool).all()


def _write(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path
