"""
Every kind of file: look into it, read it, write it back with 1 % corrections; wall time, speed and peak memory.

Run: ``python -m tests.benchmarks.files [--size 100MB] [--kinds csv,parquet]``. Files are made on the spot and removed
again; each step runs in a process of its own. The peak is that of the process, Python and libraries included.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import json
import os
import pickle
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Literal, get_args

from labelclean.arrays import Label
from labelclean.io.layout import ColumnRoles, FileSummary, LabelSpelling
from labelclean.io.source import inspect_file, read_dataset, write_back
from labelclean.label_set import LabelSet

Kind = Literal[
    "csv", "csv.gz", "csv.bz2", "csv.zst", "jsonl", "json", "json_columns", "fasttext", "parquet", "arrow", "xlsx"
]
Row = tuple[int, str, str]
LABELS = ("payments", "cards", "accounts", "transfers", "complaints")
_UNITS = {"MB": 10**6, "GB": 10**9}
_WORDS = (
    *("please", "check", "why", "the", "card", "payment", "of", "last", "month", "was", "taken", "twice", '"soon"'),
    *("from", "my", "account", "in", "another", "city,", "again", "and", "déjà", "vu", "today"),
)
_GROUP = 50_000


def made_rows() -> Iterator[Row]:
    """Yield ids, texts and labels without end; texts have commas, quotes and letters beyond ASCII."""
    drawn = random.Random(7)  # noqa: S311  (no secret)
    row = 0
    while True:
        yield row, " ".join(drawn.choices(_WORDS, k=drawn.randint(8, 60))), drawn.choice(LABELS)
        row += 1


def _write_lines(file: IO[str], lines: Iterator[str], n_bytes: int) -> None:
    n_written = 0
    for line in lines:
        file.write(line)
        n_written += len(line)
        if n_written >= n_bytes:
            return


def _csv_lines() -> Iterator[str]:
    yield "id,text,label\n"
    for row, text, label in made_rows():
        doubled = text.replace('"', '""')
        yield f'{row},"{doubled}",{label}\n'


def _json_lines() -> Iterator[str]:
    for row, text, label in made_rows():
        yield json.dumps({"id": row, "text": text, "label": label}, ensure_ascii=False) + "\n"


def _make_text(path: Path, lines: Iterator[str], n_bytes: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        _write_lines(file, lines, n_bytes)


def _make_packed(path: Path, kind: Kind, n_bytes: int) -> None:
    if kind == "csv.zst":
        import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415  (only here)

        plain = path.with_suffix(".plain")
        _make_text(plain, _csv_lines(), n_bytes)
        with pa.CompressedOutputStream(str(path), "zstd") as target, plain.open("rb") as source:
            while block := source.read(1 << 20):
                target.write(block)
        plain.unlink()
        return
    opened = gzip.open if kind == "csv.gz" else bz2.open
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        _write_lines(file, _csv_lines(), n_bytes)


def _make_json(path: Path, n_bytes: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("[\n  ")
        for row, line in enumerate(_json_lines()):
            file.write((",\n  " if row else "") + line[:-1])
            if row % 1_000 == 0 and file.tell() >= n_bytes:
                break
        file.write("\n]\n")


def _some_rows(n_bytes: int) -> list[Row]:
    rows, n_written = [], 0
    for row in made_rows():
        rows.append(row)
        n_written += len(row[1]) + 20
        if n_written >= n_bytes:
            return rows
    return rows


def _make_columns(path: Path, n_bytes: int) -> None:
    rows = _some_rows(n_bytes)
    columns = {name: [row[place] for row in rows] for place, name in enumerate(("id", "text", "label"))}
    path.write_text(json.dumps(columns, ensure_ascii=False), encoding="utf-8")


def _make_arrow(path: Path, kind: Kind, n_bytes: int) -> None:
    import pyarrow as pa  # noqa: PLC0415  (see above)
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # noqa: PLC0415

    schema = pa.schema([("id", pa.int64()), ("text", pa.string()), ("label", pa.string())])
    rows, n_written = made_rows(), 0
    if kind == "arrow":
        path.mkdir()
        features = {name: {"dtype": dtype, "_type": "Value"} for name, dtype in _TYPES}
        (path / "dataset_info.json").write_text(json.dumps({"features": features}), encoding="utf-8")
        state = {"_data_files": [{"filename": "data-00000-of-00001.arrow"}], "_fingerprint": "0", "_format_type": None}
        (path / "state.json").write_text(json.dumps(state), encoding="utf-8")
        writer = pa.ipc.new_stream(str(path / "data-00000-of-00001.arrow"), schema)
    else:
        writer = pq.ParquetWriter(path, schema, compression="snappy")
    with writer:
        while n_written < n_bytes:
            group = [next(rows) for _ in range(_GROUP if kind == "parquet" else 1_000)]
            n_written += sum(len(text) + 20 for _, text, _ in group)
            columns = [
                pa.array(column, field.type) for column, field in zip(zip(*group, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.table(columns, schema=schema))


_TYPES = (("id", "int64"), ("text", "string"), ("label", "string"))


def _make_workbook(path: Path, n_bytes: int) -> None:
    import openpyxl  # noqa: PLC0415  (see above)

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.append(["id", "text", "label"])
    for row in _some_rows(n_bytes):
        sheet.append(row)
    book.save(path)


def make(path: Path, kind: Kind, n_bytes: int) -> None:
    """Make a file with about so many bytes of data, before any compression."""
    if kind in {"csv", "jsonl", "fasttext"}:
        lines = {"csv": _csv_lines, "jsonl": _json_lines, "fasttext": _fasttext_lines}[kind]
        _make_text(path, lines(), n_bytes)
    elif kind.startswith("csv."):
        _make_packed(path, kind, n_bytes)
    elif kind in {"parquet", "arrow"}:
        _make_arrow(path, kind, n_bytes)
    else:
        {"json": _make_json, "json_columns": _make_columns, "xlsx": _make_workbook}[kind](path, n_bytes)


def _fasttext_lines() -> Iterator[str]:
    for _, text, label in made_rows():
        yield f"__label__{label} {text}\n"


def _roles(kind: Kind) -> ColumnRoles:
    if kind == "fasttext":
        return ColumnRoles(text="text", label="labels")
    return ColumnRoles(text="text", label="label", spelling=LabelSpelling())


def _inspect(path: Path, kind: Kind) -> None:
    found = inspect_file(path, name=path.name)
    path.with_suffix(".found").write_bytes(pickle.dumps((found.layout, _roles(kind))))


def _read(path: Path, _kind: Kind) -> None:
    layout, roles = pickle.loads(path.with_suffix(".found").read_bytes())  # noqa: S301  (our own)
    read_dataset(path, layout, roles)


def _write(path: Path, _kind: Kind) -> None:
    layout, roles = pickle.loads(path.with_suffix(".found").read_bytes())  # noqa: S301  (our own)
    corrections: dict[int, Label | None] = dict.fromkeys(range(0, layout.n_rows, 100), "corrected")
    with path.with_suffix(".out").open("wb") as target:
        n_changed = write_back(path, target, layout, roles, corrections)
    if n_changed != len(corrections):
        raise SystemExit(f"{n_changed} of {len(corrections)} labels changed")


def _check(path: Path, _kind: Kind) -> None:
    """Read the corrected file, and refuse any other difference of labels or texts."""
    layout, roles = pickle.loads(path.with_suffix(".found").read_bytes())  # noqa: S301  (our own)
    out = path.with_suffix(".out")
    found: FileSummary = inspect_file(out, name=path.name)
    before, after = read_dataset(path, layout, roles), read_dataset(out, found.layout, roles)
    labels = [after.given_label(row) for row in range(after.n_examples)]
    wanted = ["corrected" if row % 100 == 0 else before.given_label(row) for row in range(before.n_examples)]
    if before.texts != after.texts or [_plain(label) for label in labels] != [_plain(label) for label in wanted]:
        raise SystemExit(f"{path.name}: more than the corrected labels differ")


def _plain(label: Label | None) -> object:
    return list(label) if isinstance(label, LabelSet) else label


_STEPS: dict[str, Callable[[Path, Kind], None]] = {
    "inspect": _inspect,
    "read": _read,
    "write back": _write,
    "check": _check,
}


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size


def measure(path: Path, kind: Kind, step: str) -> None:
    """Take one step and print its line."""
    if step.isdigit():
        make(path, kind, int(step))
        return
    started, cpu_started = time.perf_counter(), time.process_time()
    _STEPS[step](path, kind)
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    if step == "check":
        return
    megabytes, peak = _size(path) / 1e6, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = f"{wall:7.1f} | {cpu:7.1f} | {megabytes / wall:7.0f} | {peak:8,.0f}"
    print(f"| {kind:12} | {megabytes:8,.0f} | {step:10} | {figures} |", flush=True)


def main(arguments: list[str]) -> None:
    """Make each file in this process and measure each step in one of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="100MB", help="of the data, such as 100MB or 1GB")
    parser.add_argument("--kinds", default=",".join(get_args(Kind)), help="a list with commas")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        path, kind, step = options.one
        measure(Path(path), kind, step)
        return
    n_bytes = int(options.size[:-2]) * _UNITS[options.size[-2:].upper()]
    print("| kind         | file MB  | step       | wall s  | CPU s   | MB/s    | peak MiB |")
    print("|--------------|----------|------------|---------|---------|---------|----------|", flush=True)
    for kind in options.kinds.split(","):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "made"
            # A process begins with the peak of the one that starts it, so the file is made in one of its own as well.
            for step in (str(n_bytes), *_STEPS):
                command = [sys.executable, "-m", "tests.benchmarks.files", "--one", str(path), kind, step]
                subprocess.run(command, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})


if __name__ == "__main__":
    main(sys.argv[1:])
