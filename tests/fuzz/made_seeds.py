"""A few sound files of each kind, made on the spot, that mutations start from beside the golden ones."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import zstandard

TABLE = 'id,text,label\n1,"The parcel, again",late\n2,"It said ""no""",\n3,Nothing came,late\r\n4,Ünder,broken\n'
SETS = 'text,topics\nlate and broken,"late|broken"\nnothing,\nboth,"[""late"", ""broken""]"\nlist,"[\'late\']"\n'
LINES = (
    '{"text": "It is late", "label": "late", "n": 1}\n{"text": "", "label": null}\r\n\n'
    '{"label": ["late", "b\\u00e4d"], "text": "\\ud83d\\ude00 \\"x\\"", "cats": {"late": 1.0, "broken": 0.0}}\n'
    '{"text":"t","label":1e2}'
)
DOCUMENT = (
    '[\n  {"text": "It is late", "label": "late"},\n  {"text": "b", "label": ["a", "b"], "m": {"x": [1, 2]}}\n]\n'
)
COLUMNS = '{"version": 1, "text": ["one", "two", "three"], "label": ["a", null, "b"]}\n'
FASTTEXT = "__label__late The parcel is late\n__label__late __label__broken Both\n\nnone of them\n__label__a\tx\r\n"


def made_seeds(reader: str) -> list[bytes]:
    """Return small sound files of a kind."""
    texts = {
        "csv": [TABLE, SETS, TABLE.replace(",", ";")],
        "tsv": ["text\tlabel\none\ta\ntwo\tb\n", "\ufefftext\tlabel\r\none\ta\r\n"],
        "jsonl": [LINES],
        "json": [DOCUMENT, f'{{"meta": 1, "data": {DOCUMENT}}}'],
        "json_columns": [COLUMNS],
        "fasttext": [FASTTEXT],
    }
    if reader in texts:
        return [text.encode(codec) for text in texts[reader] for codec in ("utf-8", "utf-16")]
    makers = {"parquet": _parquet, "arrow": _arrow, "containers": _containers}
    return makers[reader]() if reader in makers else []


def _table() -> pa.Table:
    return pa.table(
        {
            "text": ["one", "two", "three", None],
            "label": pa.array(["a", "b", "a", None]).dictionary_encode(),
            "code": pa.array([0, 1, None, 1], pa.int64()),
            "topics": [["a", "b"], [], None, ["c"]],
            "scores": [{"x": 1.0}, {"x": 2.0}, None, {"x": 0.5}],
        }
    )


def _parquet() -> list[bytes]:
    contents = []
    for compression, version, size in (
        ("snappy", "1.0", 2),
        ("none", "2.0", 10),
        ("zstd", "1.0", 10),
        ("gzip", "2.0", 3),
    ):
        target = io.BytesIO()
        pq.write_table(_table(), target, compression=compression, data_page_version=version, row_group_size=size)
        contents.append(target.getvalue())
    plain = io.BytesIO()
    pq.write_table(_table().select(["text", "code"]), plain, use_dictionary=False, write_statistics=False)
    return [*contents, plain.getvalue()]


def _arrow() -> list[bytes]:
    names = pa.table({"text": ["one", "two"], "label": pa.array([0, 1], pa.int64())})
    features = {
        "text": {"dtype": "string", "_type": "Value"},
        "label": {"names": ["a", "b"], "_type": "ClassLabel"},
    }
    schema = names.schema.with_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, schema) as writer:
        writer.write_table(names.cast(schema))
    members = {
        "data-00000-of-00001.arrow": stream.getvalue(),
        "dataset_info.json": json.dumps({"features": features}).encode(),
        "state.json": json.dumps(
            {
                "_data_files": [{"filename": "data-00000-of-00001.arrow"}],
                "_fingerprint": "f0",
                "_format_columns": None,
                "_format_kwargs": {},
                "_format_type": None,
                "_output_all_columns": False,
                "_split": None,
            }
        ).encode(),
    }
    return [_zipped(members)]


def _containers() -> list[bytes]:
    content = TABLE.encode()
    return [
        gzip.compress(content, mtime=0),
        bz2.compress(content),
        lzma.compress(content),
        zstandard.compress(content),
        _zipped({"table.csv": content}),
        gzip.compress(content[:30], mtime=0) + gzip.compress(content[30:], mtime=0),
    ]


def _zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
