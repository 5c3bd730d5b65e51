"""Files of probabilities, as other programs write them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from labelclean.dataset import Dataset
from labelclean.errors import InvalidInputError
from labelclean.io.model_outputs.pred_probs import read_pred_probs
from tests.pred_probs_cases import CLASSES, DATA, IDS, LABELS, PROBS, frame, same, write_npy


@pytest.mark.parametrize("kind", ["f2", "f4", "f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_is_mapped_and_keeps_its_type(tmp_path: Path, kind: str, order: Any) -> None:
    """Half, single and double precision, row by row or column by column."""
    path = write_npy(tmp_path / "probs.npy", np.array(PROBS, dtype=kind, order=order))

    found = read_pred_probs(path, dataset=DATA)

    assert isinstance(found.pred_probs, np.memmap)
    assert str(found.pred_probs.filename) == str(path)
    assert (found.pred_probs.dtype, found.file_format) == (np.dtype(kind), "npy")
    assert not found.pred_probs.flags.writeable
    assert same(found)
    assert (found.class_names, found.is_order_assumed) == (CLASSES, True)


@pytest.mark.parametrize("kind", [">f8", ">f4", "i8", "u1", "?"])
def test_numbers_of_other_types_become_double_precision(tmp_path: Path, kind: str) -> None:
    """Numbers of another machine, and hard answers as zeros and ones."""
    answers = np.eye(3)[[0, 1, 2, 0, 1, 2]]
    path = write_npy(tmp_path / "probs.npy", answers.astype(kind))

    found = read_pred_probs(path, dataset=DATA)

    assert found.pred_probs.dtype == np.float64
    assert same(found, answers)


def test_the_name_does_not_decide_what_a_file_is(tmp_path: Path) -> None:
    """Kept files are named by their hash."""
    path = tmp_path / "0f3a"
    with path.open("wb") as file:
        np.save(file, PROBS)

    assert read_pred_probs(path).file_format == "npy"


def test_classes_that_are_named_move_the_columns(tmp_path: Path) -> None:
    """The caller says which column is which."""
    path = write_npy(tmp_path / "probs.npy", PROBS[:, [2, 0, 1]])

    found = read_pred_probs(path, dataset=DATA, class_names=["shipping", "billing", "refund"])

    assert same(found)
    assert not found.is_order_assumed


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_archive_with_one_array_is_read(tmp_path: Path, save: Callable[..., None], order: Any) -> None:
    """Whatever the array is called."""
    save(tmp_path / "probs.npz", out=np.array(PROBS, dtype=np.float32, order=order))

    found = read_pred_probs(tmp_path / "probs.npz", dataset=DATA, directory=tmp_path)

    assert isinstance(found.pred_probs, np.memmap)
    assert same(found)
    assert [path.name for path in tmp_path.iterdir()] == ["probs.npz"]


def test_an_archive_may_name_its_classes(tmp_path: Path) -> None:
    """Beside the probabilities, and beside arrays of no interest."""
    names = np.array(["shipping", "billing", "refund"])
    np.savez(tmp_path / "probs.npz", pred_probs=PROBS[:, [2, 0, 1]], class_names=names, loss=np.zeros(3))

    found = read_pred_probs(tmp_path / "probs.npz", dataset=DATA)

    assert same(found)
    assert "in another order" in found.reasons["class_order"]


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_columns_are_recognised_by_the_names_of_the_classes(tmp_path: Path, suffix: str) -> None:
    """In any order, among ids, texts and other numbers."""
    others = {"id": IDS, "n": range(6), "text": ["a, b", 'c "d"', "é\n", "", "e", "f"], "confidence": PROBS.max(axis=1)}
    table = frame((2, 0, 1), **others)
    path = tmp_path / f"probs.{suffix}"
    table.to_parquet(path) if suffix == "parquet" else table.to_csv(path, index=False)

    found = read_pred_probs(path, dataset=DATA)

    assert isinstance(found.pred_probs, np.memmap)
    assert (found.file_format, found.class_names, found.is_order_assumed) == (suffix, CLASSES, False)
    assert same(found)
    assert "Left out, as no such class was given: 'confidence'" in found.reasons["columns"]
    assert "in another order" in found.reasons["class_order"]


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_class_that_was_never_given_is_recognised_by_the_sums(tmp_path: Path, suffix: str) -> None:
    """Without it the rows do not sum to 1, with it they do."""
    table = frame() * 0.8
    table.insert(1, "returns", 0.2)
    path = tmp_path / f"probs.{suffix}"
    table.to_parquet(path) if suffix == "parquet" else table.to_csv(path, index=False)

    found = read_pred_probs(path, dataset=DATA)

    assert found.class_names == (*CLASSES, "returns")
    assert found.pred_probs[:, 3].tolist() == [0.2] * 6
    assert "'returns'" in found.reasons["class_order"]


def test_named_classes_choose_the_columns(tmp_path: Path) -> None:
    """Then no sum has to be looked at."""
    table = frame(surprise=np.full(6, 0.5))
    table.to_parquet(tmp_path / "probs.parquet")

    found = read_pred_probs(
        tmp_path / "probs.parquet", dataset=DATA, class_names=["refund", "surprise", "billing", "shipping"]
    )

    assert found.class_names == (*CLASSES, "surprise")
    assert same(found, np.column_stack([PROBS, np.full(6, 0.5)]))


@pytest.mark.parametrize("names", [["0", "1", "2"], ["p_1", "p_2", "p_3"]])
def test_columns_whose_names_only_count_have_the_order_of_the_labels(tmp_path: Path, names: list[str]) -> None:
    """As pandas writes an array; other columns may stand between them."""
    table = pd.DataFrame(PROBS, columns=names)
    table.insert(1, "text", "some words")
    table.to_parquet(tmp_path / "probs.parquet")

    found = read_pred_probs(tmp_path / "probs.parquet", dataset=DATA)

    assert same(found)
    assert found.is_order_assumed
    assert "their names only count" in found.reasons["columns"]


def test_columns_whose_names_say_nothing_get_the_named_classes(tmp_path: Path) -> None:
    """One name for each column of fractions."""
    table = pd.DataFrame(PROBS[:, [1, 0, 2]], columns=["x", "y", "z"]).assign(n=range(6))
    table.to_parquet(tmp_path / "probs.parquet")

    found = read_pred_probs(tmp_path / "probs.parquet", dataset=DATA, class_names=["refund", "billing", "shipping"])

    assert same(found)


@pytest.mark.parametrize("kind", ["list", "large_list", "fixed_size_list"])
@pytest.mark.parametrize("names", ["metadata", "argument", "nobody"])
def test_a_list_column_is_read(tmp_path: Path, kind: str, names: str) -> None:
    """Lists of any kind; the order of the classes comes from the column, the caller, or the labels."""
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # noqa: PLC0415

    order = [1, 2, 0] if names != "nobody" else [0, 1, 2]
    said = [CLASSES[code] for code in order]
    value = pa.float32()
    types = {"list": pa.list_(value), "large_list": pa.large_list(value), "fixed_size_list": pa.list_(value, 3)}
    metadata = {"class_names": json.dumps(said)} if names == "metadata" else None
    schema = pa.schema([("id", pa.string()), pa.field("scores", types[kind], metadata=metadata)])
    pq.write_table(pa.table({"id": IDS, "scores": PROBS[:, order].tolist()}, schema=schema), tmp_path / "probs")

    found = read_pred_probs(tmp_path / "probs", dataset=DATA, class_names=said if names == "argument" else None)

    assert found.pred_probs.dtype == np.float32
    assert found.is_order_assumed == (names == "nobody")
    assert same(found)


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_row_ids_put_the_rows_in_order(tmp_path: Path, suffix: str) -> None:
    """Each row's probabilities go where its id stands in the dataset."""
    table = frame(id=IDS).iloc[[3, 1, 5, 0, 4, 2]]
    path = tmp_path / f"probs.{suffix}"
    table.to_parquet(path) if suffix == "parquet" else table.to_csv(path, index=False)

    found = read_pred_probs(path, dataset=DATA, row_id="id")

    assert same(found)
    assert "put them right" in found.reasons["row_order"]


def test_row_ids_in_order_are_confirmed(tmp_path: Path) -> None:
    """Ids that are numbers in the file are compared as text."""
    data = Dataset.from_labels(DATA.texts, LABELS, row_ids=[str(number) for number in range(6)])
    frame(nr=range(6)).to_parquet(tmp_path / "probs.parquet")

    found = read_pred_probs(tmp_path / "probs.parquet", dataset=data, row_id="nr")

    assert same(found)
    assert "in the same order" in found.reasons["row_order"]


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["m0", "m1", "m2", "m3", "m4", "x5"], "every row id of the dataset; 1 are not there, first that of row 5"),
        (["m0", "m1", "m1", "m3", "m4", "m5"], "must be different.*1 in the file and 0 in the dataset"),
        (["m0", None, "m2", "m3", "m4", "m5"], "one is empty"),
    ],
)
def test_row_ids_that_do_not_fit_are_refused(tmp_path: Path, ids: list[str | None], message: str) -> None:
    """Missing, twice, or empty."""
    frame(id=ids).to_parquet(tmp_path / "probs.parquet")

    with pytest.raises(InvalidInputError, match=message):
        read_pred_probs(tmp_path / "probs.parquet", dataset=DATA, row_id="id")


def test_row_ids_need_ids_on_both_sides(tmp_path: Path) -> None:
    """A column that exists, in a table, and a dataset that has ids."""
    without = Dataset.from_labels(DATA.texts, LABELS)
    frame(id=IDS).to_parquet(tmp_path / "probs.parquet")
    write_npy(tmp_path / "probs.npy", PROBS)

    with pytest.raises(InvalidInputError, match="if the dataset has some"):
        read_pred_probs(tmp_path / "probs.parquet", dataset=without, row_id="id")
    with pytest.raises(InvalidInputError, match="there is no 'key'"):
        read_pred_probs(tmp_path / "probs.parquet", dataset=DATA, row_id="key")
    with pytest.raises(InvalidInputError, match="only be named in a table"):
        read_pred_probs(tmp_path / "probs.npy", dataset=DATA, row_id="id")


def test_a_csv_of_another_country_is_read(tmp_path: Path) -> None:
    """Semicolons, a byte order mark, Latin letters."""
    data = Dataset.from_labels(["a", "b"], ["größe", "farbe"])
    content = "größe;farbe\r\n0;1\r\n0.25;0.75\r\n"
    (tmp_path / "latin.csv").write_bytes(content.encode("cp1252"))
    (tmp_path / "marked.csv").write_bytes(b"\xef\xbb\xbf" + content.encode())
    (tmp_path / "wide.csv").write_bytes(content.encode("utf-16"))

    for name in ("latin.csv", "marked.csv", "wide.csv"):
        assert read_pred_probs(tmp_path / name, dataset=data).pred_probs.tolist() == [[1, 0], [0.75, 0.25]]


def test_a_column_that_begins_with_whole_numbers_is_one_of_fractions(tmp_path: Path) -> None:
    """Further down than anyone guesses from."""
    data = Dataset.from_labels(["x"] * 400_000, ["a", "b"] * 200_000)
    lines = ["a,b", *["0,1"] * 399_999, "0.25,0.75"]
    (tmp_path / "long.csv").write_text("\n".join(lines))

    found = read_pred_probs(tmp_path / "long.csv", dataset=data)

    assert found.pred_probs.shape == (400_000, 2)
    assert found.pred_probs[-1].tolist() == [0.25, 0.75]


def test_several_row_groups_and_batches_are_one_table(tmp_path: Path) -> None:
    """More rows than are read at once, in groups that do not divide them."""
    large = np.random.default_rng(2).dirichlet(np.ones(2), 150_001).astype(np.float32)
    pd.DataFrame(large, columns=["a", "b"]).to_parquet(tmp_path / "probs.parquet", row_group_size=70_000)

    found = read_pred_probs(tmp_path / "probs.parquet")

    assert np.array_equal(found.pred_probs, large)
    assert (found.class_names, found.is_order_assumed) == (("a", "b"), False)


def test_missing_cells_are_left_to_the_door_of_the_core(tmp_path: Path) -> None:
    """As NaN, which is refused there with its row."""
    frame().replace(PROBS[4, 1], np.nan).to_parquet(tmp_path / "probs.parquet")

    found = read_pred_probs(tmp_path / "probs.parquet", dataset=DATA)

    assert np.argwhere(np.isnan(found.pred_probs)).tolist() == [[4, 1]]


def test_types_of_different_width_meet_in_the_wider_one(tmp_path: Path) -> None:
    """Whole numbers are fractions here; decimals, too."""
    from decimal import Decimal  # noqa: PLC0415

    table = pd.DataFrame(
        {
            "billing": np.array([0, 1, 0, 1, 0, 1]),
            "refund": np.zeros(6, dtype=np.float16),
            "shipping": [Decimal(text) for text in ("1.00", "0.00", "1.00", "0.00", "1.00", "0.00")],
        }
    )
    table.to_parquet(tmp_path / "probs.parquet")

    found = read_pred_probs(tmp_path / "probs.parquet", dataset=DATA)

    assert found.pred_probs.dtype == np.float64
    assert found.pred_probs.tolist() == [[0, 0, 1], [1, 0, 0]] * 3


def test_without_a_dataset_everything_is_handed_on(tmp_path: Path) -> None:
    """All fractions of a table, with their names; an array without any."""
    frame(n=range(6)).to_parquet(tmp_path / "probs.parquet")
    write_npy(tmp_path / "probs.npy", PROBS)

    table, array = (read_pred_probs(tmp_path / name) for name in ("probs.parquet", "probs.npy"))

    assert (table.class_names, table.is_order_assumed) == (CLASSES, False)
    assert (array.class_names, array.is_order_assumed) == (None, True)
    assert same(table)
    assert same(array)
