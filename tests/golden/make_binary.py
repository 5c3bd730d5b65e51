"""
Make the Parquet files and dataset folders among the golden files again: ``python -m tests.golden.make_binary``.

The same versions of pyarrow and pandas give the same bytes. What must come of each file stands beside it and is written
by hand.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet as pq

FILES = Path(__file__).parent / "files"
TEXTS = [
    "Where is my parcel?",
    "The cup came in two pieces.",
    "Still nothing after nine days.",
    "Lid cracked, tea everywhere.",
    "Tracking has not moved since Monday.",
    "Great shop, thank you!",
]
LABELS = ["late", "broken", "late", "broken", None, "praise"]
MORNING = dt.datetime.fromisoformat("2024-03-05T08:30:00.000001")
CLASS_NAMES = ["late", "broken", "praise"]


def main() -> None:
    """Write all files."""
    parquet, arrow = FILES / "parquet", FILES / "arrow"
    parquet.mkdir(exist_ok=True)
    for name, table in tables().items():
        pq.write_table(table, parquet / f"{name}.parquet", **OPTIONS.get(name, {}))
    frame().to_parquet(parquet / "pandas_categories.parquet")
    harmed(parquet)
    shutil.rmtree(arrow / "reviews", ignore_errors=True)
    shutil.rmtree(arrow / "reordered", ignore_errors=True)
    shutil.rmtree(arrow / "half_copied", ignore_errors=True)
    save_dataset(arrow / "reviews", class_labels(), n_files=2)
    save_dataset(arrow / "reordered", class_labels(), state={"_indices_files": [{"filename": "indices.arrow"}]})
    save_dataset(arrow / "half_copied", class_labels(), n_files=2)
    (arrow / "half_copied" / "data-00001-of-00002.arrow").unlink()
    splits(arrow / "splits.zip")


OPTIONS: dict[str, dict[str, Any]] = {
    "row_groups": {
        "row_group_size": 2,
        "compression": {"text": "zstd", "label": "gzip", "stars": "none"},
        "data_page_version": "2.0",
        "write_page_index": True,
        "write_page_checksum": True,
    },
    "old_bytes": {"version": "1.0", "use_dictionary": False, "store_schema": False},
}


def tables() -> dict[str, pa.Table]:
    """Return the tables that are written as they are."""
    stars = pa.array([1, 2, 1, 2, None, 5], pa.int8())
    names = ["007", "1e5", "NA", "None", "True", "+1"]
    return {
        "row_groups": pa.table({"text": TEXTS, "label": LABELS, "stars": stars}, metadata={"shop": "cups"}),
        "tags": pa.table({"text": TEXTS, "tags": [["late"], ["broken", "lost"], [], None, ["late"], ["praise"]]}),
        "scores": pa.table({"text": TEXTS, "label": [scores(number) for number in range(6)]}),
        "class_labels": class_labels(),
        "old_bytes": pa.table({"text": [text.encode() for text in TEXTS], "label": [b"a", b"b"] * 3}),
        "literal_labels": pa.table({"text": TEXTS, "label": names}),
        "typed": typed(),
        "must_be_filled": pa.Table.from_arrays(
            [pa.array(TEXTS), pa.array(["x", "y"] * 3)],
            schema=pa.schema([pa.field(name, pa.string(), nullable=False) for name in ("text", "label")]),
        ),
        "same_name": pa.Table.from_arrays([pa.array(TEXTS)] * 2, names=["text", "text"]),
        "no_rows": pa.table({"text": TEXTS, "label": LABELS}).slice(0, 0),
        "views": pa.table(
            {
                "text": pa.array(TEXTS, pa.string_view()),
                "label": pa.array(LABELS, pa.string_view()),
                "note": pa.array(["ä", None] * 3, pa.large_string()),
            }
        ),
    }


def scores(number: int) -> dict[str, float]:
    """Return the scores of one row."""
    return {name: float(name == LABELS[number]) for name in CLASS_NAMES}


def class_labels() -> pa.Table:
    """Return a table as ``datasets`` writes it."""
    codes = [None if label is None else CLASS_NAMES.index(label) for label in LABELS]
    return with_features(pa.table({"text": TEXTS, "label": codes}))


def typed() -> pa.Table:
    """Return a table whose labels are numbers, among values that are easily changed."""
    return pa.table(
        {
            "id": pa.array([2**64 - 1, 2**63, 2**53 + 1, 3, 4, 5], pa.uint64()),
            "text": TEXTS,
            "label": pa.array([1, 2, 1, 2, None, 3], pa.int64()),
            "price": pa.array([Decimal("1.50"), Decimal("-7.00"), None, Decimal("0.10"), None, None]),
            "when": pa.array([MORNING] * 6, pa.timestamp("ns", "Europe/Berlin")),
            "day": [dt.date(2024, 1, 31)] * 6,
            "raw": [b"\xff\x00", None] * 3,
        }
    )


def frame() -> pd.DataFrame:
    """Return a frame with categories, of which one has no row, and an index without a name."""
    categories = ["late", "lost", "broken", "praise"]
    return pd.DataFrame(
        {"text": TEXTS, "label": pd.Categorical(LABELS, categories=categories, ordered=True)}, index=[7, 7, 3, 2, 1, 0]
    )


def harmed(folder: Path) -> None:
    """Write files that cannot be read."""
    content = (folder / "row_groups.parquet").read_bytes()
    (folder / "cut_off.parquet").write_bytes(content[:600])
    (folder / "encrypted.parquet").write_bytes(b"PARE" + content[4:-4] + b"PARE")
    place = content.index(b"\x28\xb5\x2f\xfd")  # where zstd begins
    (folder / "damaged_page.parquet").write_bytes(content[: place + 9] + b"\xaa" * 4 + content[place + 13 :])
    bad = pa.Array.from_buffers(pa.string(), 2, pa.array([b"good", b"b\xe4d"]).buffers())
    pq.write_table(pa.table({"text": bad, "label": ["x", "y"]}), folder / "not_utf8.parquet")


def with_features(table: pa.Table) -> pa.Table:
    """Add the metadata that ``datasets`` writes."""
    return table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features()}})})


def features() -> dict[str, object]:
    """Return what the columns hold, as ``datasets`` says it."""
    return {
        "text": {"dtype": "string", "_type": "Value"},
        "label": {"names": CLASS_NAMES, "_type": "ClassLabel"},
    }


def save_dataset(folder: Path, table: pa.Table, *, n_files: int = 1, state: Mapping[str, object] | None = None) -> None:
    """Write a folder as ``save_to_disk`` does."""
    folder.mkdir(parents=True)
    names = [f"data-{number:05}-of-{n_files:05}.arrow" for number in range(n_files)]
    share = -(-table.num_rows // n_files)
    for number, name in enumerate(names):
        with pa.ipc.new_stream(str(folder / name), table.schema) as writer:
            writer.write_table(table.slice(number * share, share), max_chunksize=2)
    described = {
        "_data_files": [{"filename": name} for name in names],
        "_fingerprint": "00c0ffee00c0ffee",
        "_format_columns": None,
        "_format_kwargs": {},
        "_format_type": None,
        "_output_all_columns": False,
        "_split": None,
        **(state or {}),
    }
    (folder / "state.json").write_text(json.dumps(described, indent=2), encoding="utf-8")
    info = {"citation": "", "description": "", "features": features(), "homepage": "", "license": ""}
    (folder / "dataset_info.json").write_text(json.dumps(info, indent=2), encoding="utf-8")


def splits(archive: Path) -> None:
    """Write an archive of a folder with two splits, as file managers pack it."""
    work = archive.with_suffix("")
    save_dataset(work / "train", class_labels())
    save_dataset(work / "test", class_labels().slice(3, 3))
    (work / "dataset_dict.json").write_text('{"splits": ["train", "test"]}', encoding="utf-8")
    with zipfile.ZipFile(archive, "w") as target:
        for path in sorted(path for path in work.rglob("*") if path.is_file()):
            member = zipfile.ZipInfo(f"reviews/{path.relative_to(work).as_posix()}", (2024, 3, 5, 8, 30, 0))
            target.writestr(member, path.read_bytes(), zipfile.ZIP_DEFLATED)
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
