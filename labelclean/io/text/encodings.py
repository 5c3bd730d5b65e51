"""Guess the encoding of a file from its bytes, with the reason in one sentence."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import charset_normalizer

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import Compression, FileLayout
from labelclean.io.text.text_file import (
    BLOCK_BYTES,
    byte_order_mark,
    codec_name,
    count_line_ends,
    line_at,
    open_content,
    read_blocks,
    read_bytes,
)

__all__ = ["EncodingGuess", "guess_encoding", "resolve_encoding"]

# UTF-32 first: its little-endian mark begins like the one of UTF-16.
_MARKED = ("utf-32-le", "utf-32-be", "utf-8", "utf-16-le", "utf-16-be", "gb18030")
_CANDIDATES = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "koi8_r",
    "gb18030", "big5", "cp932", "euc_jp", "cp949",
)  # fmt: skip
# One byte per letter, much the same letters: short texts look alike in them, and the first is by far the most used.
_WESTERN = ("cp1252", "cp1250", "cp1254", "cp1257", "cp1258")
# Scripts that no other encoding gives by chance; short texts in them are easily taken for each other's encoding.
_KANA, _HANGUL = re.compile("[ぁ-ゖァ-ヺー]{2,}"), re.compile("[가-힣]{2,}")
_SCRIPTS = (("cp932", _KANA, 0.2), ("euc_jp", _KANA, 0.2), ("cp949", _HANGUL, 0.9))
_CHARACTERS_OF_TWO_BYTES = {"gb18030", "big5", "cp932", "euc_jp", "cp949"}
_NAMED = re.compile(
    r"(?<![a-z0-9])(?:(?:windows|win|cp)[-_]?(?P<page>125[0-8]|874|866|932|949)|latin[-_]?[0-9]{1,2}|"
    r"iso[-_]?8859[-_][0-9]{1,2}|koi8[-_][ru]|gbk|gb2312|gb18030|big5|shift[-_]?jis|sjis|euc[-_](?:jp|kr))(?![a-z0-9])"
)
_SAMPLE_BYTES = 1 << 17
# So many lines of valid UTF-8 do not come about by chance in a file in another encoding.
_LEAST_UTF8_LINES, _LEAST_UTF8_SHARE = 2, 0.05
_MAX_CONTROL_SHARE = 0.02
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1b")) + b"\x7f"


@dataclass(frozen=True, kw_only=True, slots=True)
class EncodingGuess:
    """
    The encoding a file seems to be in.

    Attributes
    ----------
    codec : str
        Python's name of it.
    reason : str
        Why, in one plain sentence.
    is_sure : bool
        Whether the bytes prove it; otherwise someone should look at the letters.
    """

    codec: str
    reason: str
    is_sure: bool


def resolve_encoding(encoding: str, head: bytes) -> str:
    """
    Return the codec for an encoding that the user named.

    For UTF-16 and UTF-32 without a byte order the file's mark decides; without a mark it is little-endian.

    Raises
    ------
    InvalidInputError
        If there is no such encoding.
    """
    codec = codec_name(encoding)
    if codec in {"utf-16-le", "utf-32-le"} and "le" not in encoding.lower():
        opposite = codec.removesuffix("le") + "be"
        return opposite if head.startswith(byte_order_mark(opposite)) else codec
    return codec


def guess_encoding(path: Path, head: bytes, *, compression: Compression | None = None, name: str = "") -> EncodingGuess:
    """
    Guess the encoding of a text file.

    A byte order mark decides; then NUL bytes (UTF-16); then the whole file being valid UTF-8; then an encoding that is
    part of the file's name, if the file can be read in it; and only then its letters.

    Parameters
    ----------
    path : Path
        The file.
    head : bytes
        The first bytes of its content.
    compression : str, optional
        The archive around it.
    name : str, default=""
        The user's name of it; one such as ``reviews.latin1.csv`` says the encoding.

    Returns
    -------
    EncodingGuess
        The codec, the reason, and whether that is sure.

    Raises
    ------
    FileContentError
        If the bytes are not text, or are partly UTF-8 and partly something else.
    """
    for codec in _MARKED:
        if head.startswith(byte_order_mark(codec)):
            return _sure(codec, f"The file begins with the byte order mark of {codec}.")
    if b"\0" in head:
        return _sure(_unmarked_utf16(head), "Every other byte is zero, as in UTF-16 without a byte order mark.")
    layout = _layout("utf-8", compression)
    is_ascii, bad_offset = _probe_utf8(path, layout)
    if bad_offset is None and is_ascii:
        return _sure("utf-8", "The file holds plain ASCII only, which is the same in UTF-8.")
    if bad_offset is None:
        return _sure("utf-8", "The whole file is valid UTF-8.")
    return _guess_by_letters(path, layout, bad_offset, name)


def _sure(codec: str, reason: str) -> EncodingGuess:
    return EncodingGuess(codec=codec, reason=reason, is_sure=True)


def _layout(codec: str, compression: Compression | None) -> FileLayout:
    return FileLayout(
        file_format="csv",
        encoding=codec,
        byte_order_mark=False,
        delimiter="",
        columns=(),
        n_rows=0,
        compression=compression,
    )


def _unmarked_utf16(head: bytes) -> str:
    n_even, n_odd = head[::2].count(0), head[1::2].count(0)
    n_pairs = len(head) // 2
    if n_odd > n_pairs * 0.4 and n_even == 0:
        return "utf-16-le"
    if n_even > n_pairs * 0.4 and n_odd == 0:
        return "utf-16-be"
    before = head[: head.index(b"\0")].decode("latin-1")
    raise _binary(f"it holds zero bytes (NUL), the first in line {1 + count_line_ends(before):,}")


def _probe_utf8(path: Path, layout: FileLayout) -> tuple[bool, int | None]:
    """Return whether there is ASCII only, and the offset of the first byte that is not UTF-8, or None."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    is_ascii, n_done, n_pending = True, 0, 0
    with open_content(path, layout) as file:
        try:
            while chunk := read_bytes(file, BLOCK_BYTES):
                is_ascii = is_ascii and chunk.isascii()
                n_pending = len(decoder.getstate()[0])
                decoder.decode(chunk)
                n_done += len(chunk)
            n_pending = len(decoder.getstate()[0])
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return False, n_done - n_pending + error.start
    return is_ascii, None


def _guess_by_letters(path: Path, layout: FileLayout, bad_offset: int, name: str) -> EncodingGuess:
    lines = _telling_lines(path, layout)
    sample = b"".join(lines)
    if len(sample.translate(None, _CONTROLS)) < len(sample) * (1 - _MAX_CONTROL_SHARE):
        raise _binary("it holds many control characters")
    named = _named_codec(name)
    if named and _fits(path, layout, named):
        return EncodingGuess(codec=named, reason=f"The file's name says that it is in {named}.", is_sure=False)
    ranked = _ranked(sample)
    _check_mixed(lines, ranked[0], lambda: line_at(path, layout, bad_offset))
    for codec in ranked:
        if _fits(path, layout, codec):
            reason = f"The file is not valid UTF-8; its letters make most sense as {codec}. Check them in the preview."
            return EncodingGuess(codec=codec, reason=reason, is_sure=False)
    return EncodingGuess(
        codec="iso8859-1",
        reason="The file is not valid UTF-8 or any other common encoding; in Latin-1 every byte is a letter.",
        is_sure=False,
    )


def _named_codec(name: str) -> str | None:
    """Return the codec that a file's name names, or None."""
    found = _NAMED.search(name.lower())
    if found is None:
        return None
    spelled = f"cp{found['page']}" if found["page"] else found[0].replace("sjis", "shift_jis")
    try:
        return codec_name(spelled)
    except InvalidInputError:
        return None


def _check_mixed(lines: Sequence[bytes], likeliest: str, bad_line: Callable[[], int]) -> None:
    """Refuse a file of which some lines are UTF-8 and others are not."""
    n_utf8 = sum(map(_is_utf8, lines))
    least = 0.5 if likeliest in _CHARACTERS_OF_TWO_BYTES else _LEAST_UTF8_SHARE
    if n_utf8 >= _LEAST_UTF8_LINES and n_utf8 >= least * len(lines):
        raise FileContentError(
            f"The file must be in one encoding; {n_utf8:,} of {len(lines):,} lines looked at that hold more than ASCII "
            f"are UTF-8, but line {bad_line():,} is not.",
            fix="Correct the lines that are in another encoding; or choose one, and have some letters read wrong.",
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _ranked(sample: bytes) -> list[str]:
    """Return the candidates from most to least likely."""
    for codec, script, least in _SCRIPTS:
        if _share(sample, codec, script) >= least:
            return [codec]
    matches = charset_normalizer.from_bytes(sample, cp_isolation=list(_CANDIDATES))
    found = [codec for match in matches for codec in (match.encoding, *match.could_be_from_charset)]
    ranked = [codec_name(codec) for codec in dict.fromkeys(found) if codec in _CANDIDATES]
    if ranked and ranked[0] in _WESTERN and "cp1252" in ranked:
        ranked.insert(0, "cp1252")
    return [*dict.fromkeys([*ranked, "cp1252"])]


def _share(sample: bytes, codec: str, script: re.Pattern[str]) -> float:
    """Return how much of what is not ASCII stands in runs of a script, or 0 if the codec does not fit."""
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError:
        return 0.0
    n_letters = sum(not letter.isascii() for letter in text)
    return sum(map(len, script.findall(text))) / n_letters


def _telling_lines(path: Path, layout: FileLayout) -> list[bytes]:
    """Return lines that hold more than ASCII, from wherever in the file they are."""
    found: list[bytes] = []
    n_bytes = 0
    with open_content(path, layout) as file:
        while n_bytes < _SAMPLE_BYTES and (line := file.readline(_SAMPLE_BYTES)):
            if not line.isascii():
                found.append(line)
                n_bytes += len(line)
    return found


def _fits(path: Path, layout: FileLayout, codec: str) -> bool:
    try:
        for _block in read_blocks(path, replace(layout, encoding=codec)):
            pass
    except FileContentError:
        return False
    return True


def _binary(finding: str) -> FileContentError:
    return FileContentError(
        f"The file must be text; {finding}, as binary files do.",
        fix="Upload a table, such as CSV, JSON, Parquet or Excel (.xlsx); if it is text, save it as UTF-8.",
    )
