"""Damage bytes in the ways that transfers, editors, programs and attackers do."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress

import zstandard

TEXT_TOKENS = (
    *(b'"', b'""', b"'", b"\\", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\r", b"\n", b"\r\n", b"\n\n"),
    *(b"\t", b",", b";", b"|", b" ", b"\x0b", b"\x0c", b"\x1a", b"\x1c", b"\x85", b"\xa0", b"\xc3\xa9", b"\xe9"),
    *("\u2028".encode(), "\ufeff".encode(), "\U0001f600".encode(), b"\xed\xa0\x80", b"\xf8\x88", b"\x81\x30\x81\x30"),
    *(b"007", b"1e5", b"-0", b"1e999", b"NaN", b"Infinity", b"null", b"true", b"9" * 400, b"0.1", b"=cmd()"),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"[[[[",
        b'{"a":',
        b'{"text":"t","label":[]}',
        b"\\ud800",
        b"\\u0000",
        b"\\udc00\\ud800",
    ),
    *(b"__label__", b"__label__a ", b"[]", b"['a', 'b']", b'["a"]', b"sep=;\n", b"text", b"label", b"a|b"),
)
BINARY_TOKENS = (
    *(b"\x00" * 4, b"\xff" * 4, b"\xff" * 8, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x80\x00\x00\x00", b"\x01"),
    *(b"PAR1", b"ARROW1", b"PK\x03\x04", b"PK\x05\x06", b"PK\x01\x02", b"\x1f\x8b", b"BZh9", b"\x28\xb5\x2f\xfd"),
)
XML_TOKENS = (
    *(b"<c/>", b"<row/>", b"</c>", b"</row>", b"<v>", b"</v>", b"<f>1</f>", b"<is><t>x</t></is>", b"<!-- -->"),
    *(b"<![CDATA[<c]]>", b"&amp;", b"&#0;", b"&#xD800;", b"&x;", b'<!DOCTYPE a [<!ENTITY x "y">]>', b"<?x y?>"),
    *(b' t="s"', b' t="b"', b' t="e"', b' t="d"', b' t="inlineStr"', b' r="XFE1"', b' r="A0"', b' r=""', b' s="99"'),
    *(
        b"<v>-1</v>",
        b"<v>1e999</v>",
        b"<v>99999999999</v>",
        b"_x0000_",
        b"_xD800_",
        b"_x005F_",
        b'<mergeCell ref="A1:XFD9"/>',
    ),
    *(b'<f t="array" ref="A1:C9">1</f>', b' xml:space="preserve"', b"<rPh><t>x</t></rPh>", b'<row r="1">'),
)
MOST_UNPACKED_BYTES = 1 << 16
Mutation = Callable[[random.Random, bytes, Sequence[bytes], Sequence[bytes]], bytes]


def mutated(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Return content damaged in one to four ways; archives are most often opened, damaged inside, and packed again."""
    if rng.random() < 0.8:
        # What is too damaged to be opened is damaged from outside.
        with suppress(Exception):
            inside = _mutated_inside(rng, content)
            if inside is not None:
                return inside
    return _damaged(rng, content, others, BINARY_TOKENS if _is_binary(content) else TEXT_TOKENS)


def _mutated_inside(rng: random.Random, content: bytes) -> bytes | None:
    if content.startswith(b"PK"):
        return _mutated_zip(rng, content)
    codecs: dict[bytes, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
        b"\x1f\x8b": (
            lambda data: zlib.decompressobj(31).decompress(data, MOST_UNPACKED_BYTES),
            lambda data: gzip.compress(data, mtime=0),
        ),
        b"BZh": (lambda data: bz2.BZ2Decompressor().decompress(data, MOST_UNPACKED_BYTES), bz2.compress),
        b"\xfd7zXZ": (lambda data: lzma.LZMADecompressor().decompress(data, MOST_UNPACKED_BYTES), lzma.compress),
        b"\x28\xb5\x2f\xfd": (
            lambda data: zstandard.ZstdDecompressor().decompress(data, MOST_UNPACKED_BYTES),
            zstandard.compress,
        ),
    }
    for magic, (unpack, pack) in codecs.items():
        if content.startswith(magic):
            packed = pack(_damaged(rng, unpack(content), (), TEXT_TOKENS))
            return packed + pack(b"a,b\n") if rng.random() < 0.1 else packed
    return None


def _mutated_zip(rng: random.Random, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        members = old.infolist()
        # The parts that hold the cells are hit most.
        weights = [6 if "sheet" in member.filename or member.filename.endswith(".arrow") else 1 for member in members]
        hit = rng.choices(members, weights)[0].filename
        what = rng.random()
        for member in members:
            data = old.read(member)
            if member.filename == hit:
                if what < 0.05:
                    continue
                tokens = (
                    XML_TOKENS if data.lstrip().startswith(b"<") else TEXT_TOKENS if _is_text(data) else BINARY_TOKENS
                )
                data = _damaged(rng, data, [old.read(rng.choice(members))], tokens)
            new.writestr(member.filename, data, zipfile.ZIP_STORED if rng.random() < 0.1 else None)
    return packed.getvalue()


def _damaged(rng: random.Random, content: bytes, others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        content = rng.choice(_MUTATIONS)(rng, content, others, tokens)
    return content


def _flip_bits(rng: random.Random, content: bytes, _others: Sequence[bytes], _tokens: Sequence[bytes]) -> bytes:
    changed = bytearray(content or b"\x00")
    for _ in range(rng.choice((1, 1, 2, 8))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(rng: random.Random, content: bytes, _others: Sequence[bytes], _tokens: Sequence[bytes]) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _remove(rng: random.Random, content: bytes, _others: Sequence[bytes], _tokens: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(content) + 1)
    return content[:start] + content[start + rng.choice((1, 2, 4, 16, 64)) :]


def _insert_token(rng: random.Random, content: bytes, _others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(content) + 1)
    return content[:start] + rng.choice(tokens) * rng.choice((1, 1, 1, 1, 2, 50)) + content[start:]


def _stretch(rng: random.Random, content: bytes, _others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """Put in thousands of the same, which patterns that try everything twice never get over."""
    start = rng.randrange(len(content) + 1)
    piece = rng.choice(tokens) if rng.random() < 0.5 else content[start : start + rng.choice((1, 2, 3))]
    return content[:start] + piece * (6_000 // max(len(piece), 1)) + content[start:]


def _overwrite_token(rng: random.Random, content: bytes, _others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    start, token = rng.randrange(len(content) + 1), rng.choice(tokens)
    return content[:start] + token + content[start + len(token) :]


def _repeat(rng: random.Random, content: bytes, _others: Sequence[bytes], _tokens: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(content) + 1)
    end = start + rng.choice((1, 4, 20, 100))
    return content[:end] + content[start:end] * rng.choice((1, 1, 2, 30)) + content[end:]


def _swap_lines(rng: random.Random, content: bytes, _others: Sequence[bytes], _tokens: Sequence[bytes]) -> bytes:
    lines = content.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def _splice(rng: random.Random, content: bytes, others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    if not others:
        return _insert_token(rng, content, others, tokens)
    other = rng.choice(others)
    return content[: rng.randrange(len(content) + 1)] + other[rng.randrange(len(other) + 1) :]


_MUTATIONS: tuple[Mutation, ...] = (
    *(_flip_bits, _cut, _remove, _insert_token, _insert_token, _insert_token, _overwrite_token, _repeat),
    *(_swap_lines, _splice, _stretch),
)


def _is_binary(content: bytes) -> bool:
    return content[:4] in {b"PAR1", b"PK\x03\x04"} or content[:2] == b"\x1f\x8b"


def _is_text(content: bytes) -> bool:
    return b"\x00" not in content[:1000]
