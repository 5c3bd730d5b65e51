"""Parse the XML parts of a workbook as a stream, without document types, entities or surprises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from xml.parsers import expat

from labelclean.errors import FileContentError, LabelCleanError

__all__ = ["XmlPart", "local_name", "parse_part"]

_TEXT_BUFFER_BYTES = 1 << 16
_TWO_BYTE_STARTS = {b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<"}  # UTF-16, which the parser would read as well
_READABLE_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii"}


class XmlPart:
    """
    A parser of one part, fed block by block.

    Parameters
    ----------
    part : str
        The name of the part inside the workbook, for messages.
    """

    def __init__(self, part: str) -> None:
        self.parser = expat.ParserCreate()
        self._part = part
        # An entity may stand for a billion others, or for a file of this machine; workbooks never declare any.
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self.parser.XmlDeclHandler = self._check_encoding
        self.parser.buffer_text = True
        self.parser.buffer_size = _TEXT_BUFFER_BYTES

    def feed(self, block: bytes, *, is_last: bool = False) -> None:
        """
        Parse the next block of the part.

        Raises
        ------
        FileContentError
            If it is no well-formed XML, or declares a document type.
        """
        if self.parser.CurrentByteIndex < 1 and block[:2] in _TWO_BYTE_STARTS:
            raise self._broken("its encoding is not UTF-8")
        try:
            self.parser.Parse(block, is_last)
        except LabelCleanError:
            raise
        except expat.ExpatError as error:
            raise self._broken(f"it breaks in line {error.lineno:,}, column {error.offset + 1:,}") from error

    def _refuse_document_type(self, *_: object) -> None:
        raise FileContentError(
            f"The part “{self._part}” of the workbook must be plain data; it declares a document type, which could "
            "make the reader open other files or fill the memory.",
            fix="Do not open this file; ask for one that a spreadsheet program saved.",
        )

    def _check_encoding(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _READABLE_ENCODINGS:
            raise self._broken("its encoding is not UTF-8")

    def _broken(self, how: str) -> FileContentError:
        return FileContentError(
            f"The part “{self._part}” of the workbook must be well-formed XML in UTF-8; {how}.",
            fix="Open the workbook in a spreadsheet program, save it again, and upload that file.",
        )


def parse_part(
    part: str,
    blocks: Iterable[bytes],
    start: Callable[[str, Mapping[str, str]], None],
    *,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Parse a whole part with handlers for the starts of elements, their ends, and text."""
    xml = XmlPart(part)
    xml.parser.StartElementHandler = start
    if end is not None:
        xml.parser.EndElementHandler = end
    if text is not None:
        xml.parser.CharacterDataHandler = text
    for block in blocks:
        xml.feed(block)
    xml.feed(b"", is_last=True)


def local_name(name: str) -> str:
    """Return the name of an element or attribute without its namespace's prefix."""
    return name.rpartition(":")[2]
