"""Guess the encoding of a file from its bytes, with the reason in one sentence."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import charset_normalizer

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.text.text_file import BLOCK_BYTES, byte_order_mark, codec_name, open_bytes, read_blocks, read_bytes

__all__ = ["guess_encoding", "resolve_encoding"]

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
_SAMPLE_BYTES = 1 << 17
_MAX_CONTROL_SHARE = 0.02
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1b")) + b"\x7f"


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


def guess_encoding(path: Path, head: bytes) -> tuple[str, str]:
    """
    Guess the encoding of a file.

    A byte order mark decides; then NUL bytes (UTF-16); then the whole file being valid UTF-8; only then its letters.

    Parameters
    ----------
    path : Path
        The file.
    head : bytes
        Its first bytes.

    Returns
    -------
    tuple of str
        The codec's name and the reason.

    Raises
    ------
    FileContentError
        If the bytes are not text.
    """
    for codec in _MARKED:
        if head.startswith(byte_order_mark(codec)):
            return codec, f"The file begins with the byte order mark of {codec}."
    if b"\0" in head:
        return _unmarked_utf16(head), "Every other byte is zero, as in UTF-16 without a byte order mark."
    is_utf8, is_ascii = _probe_utf8(path)
    if is_ascii:
        return "utf-8", "The file holds plain ASCII only, which is the same in UTF-8."
    if is_utf8:
        return "utf-8", "The whole file is valid UTF-8."
    return _guess_by_letters(path)


def _unmarked_utf16(head: bytes) -> str:
    n_even, n_odd = head[::2].count(0), head[1::2].count(0)
    n_pairs = len(head) // 2
    if n_odd > n_pairs * 0.4 and n_even == 0:
        return "utf-16-le"
    if n_even > n_pairs * 0.4 and n_odd == 0:
        return "utf-16-be"
    raise _binary("it holds zero bytes")


def _probe_utf8(path: Path) -> tuple[bool, bool]:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    is_ascii = True
    with open_bytes(path) as file:
        try:
            while chunk := read_bytes(file, BLOCK_BYTES):
                is_ascii = is_ascii and chunk.isascii()
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False, False
    return True, is_ascii


def _guess_by_letters(path: Path) -> tuple[str, str]:
    sample = _telling_lines(path)
    if len(sample.translate(None, _CONTROLS)) < len(sample) * (1 - _MAX_CONTROL_SHARE):
        raise _binary("it holds many control characters")
    for codec in _ranked(sample):
        if _fits(path, codec):
            return (
                codec,
                f"The file is not valid UTF-8; its letters make most sense as {codec}. Check them in the preview.",
            )
    return "iso8859-1", "The file is not valid UTF-8 or any other common encoding; in Latin-1 every byte is a letter."


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


def _telling_lines(path: Path) -> bytes:
    """Return lines that hold more than ASCII, from wherever in the file they are."""
    found: list[bytes] = []
    n_bytes = 0
    with open_bytes(path) as file:
        while n_bytes < _SAMPLE_BYTES and (line := file.readline(_SAMPLE_BYTES)):
            if not line.isascii():
                found.append(line)
                n_bytes += len(line)
    return b"".join(found)


def _fits(path: Path, codec: str) -> bool:
    layout = FileLayout(file_format="csv", encoding=codec, byte_order_mark=False, delimiter="", columns=(), n_rows=0)
    try:
        for _block in read_blocks(path, layout):
            pass
    except FileContentError:
        return False
    return True


def _binary(finding: str) -> FileContentError:
    return FileContentError(
        f"The file must be text; {finding}, as binary files do.",
        fix="Upload a CSV, TSV or JSON Lines file; if it is text, save it as UTF-8.",
    )
