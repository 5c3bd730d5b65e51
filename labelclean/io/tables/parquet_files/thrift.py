"""Thrift's compact protocol, in which Parquet spells its metadata: read any structure, change it, write it again."""

from __future__ import annotations

import struct
from typing import TypeAlias

from labelclean.errors import FileContentError

__all__ = [
    "BINARY",
    "I32",
    "I64",
    "STRUCT",
    "ThriftList",
    "ThriftStruct",
    "ThriftValue",
    "parse",
    "parse_first",
    "serialise",
]

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
_MAX_DEPTH = 32
_MAX_SHIFT = 63


class ThriftList:
    """A list or a set: the code of its elements' type, and the elements."""

    __slots__ = ("element", "values")

    def __init__(self, element: int, values: list[ThriftValue]) -> None:
        self.element = element
        self.values = values


class ThriftStruct:
    """A structure: type code and value by the number of the field; fields that we do not know are kept."""

    __slots__ = ("fields",)

    def __init__(self, fields: dict[int, tuple[int, ThriftValue]] | None = None) -> None:
        self.fields = {} if fields is None else fields

    def copy(self) -> ThriftStruct:
        """Return a structure whose fields can be replaced without changing this one."""
        return ThriftStruct(dict(self.fields))

    def has(self, field: int) -> bool:
        """Tell whether an optional field is there."""
        return field in self.fields

    def number(self, field: int, *, default: int | None = None) -> int:
        """Return a whole number."""
        value = self.fields[field][1] if field in self.fields else default
        if type(value) is not int:
            raise _damaged()
        return value

    def text(self, field: int) -> bytes:
        """Return a text or other bytes."""
        value = self.fields[field][1] if field in self.fields else None
        if not isinstance(value, bytes):
            raise _damaged()
        return value

    def struct(self, field: int) -> ThriftStruct:
        """Return a structure inside this one."""
        value = self.fields[field][1] if field in self.fields else None
        if not isinstance(value, ThriftStruct):
            raise _damaged()
        return value

    def structs(self, field: int) -> list[ThriftStruct]:
        """Return a list of structures; the empty list if it is not there."""
        if field not in self.fields:
            return []
        value = self.fields[field][1]
        if not isinstance(value, ThriftList):
            raise _damaged()
        structs = [each for each in value.values if isinstance(each, ThriftStruct)]
        if len(structs) != len(value.values):
            raise _damaged()
        return structs

    def put(self, field: int, kind: int, value: ThriftValue) -> None:
        """Set a field."""
        self.fields[field] = (kind, value)

    def put_structs(self, field: int, values: list[ThriftStruct]) -> None:
        """Set a field to a list of structures."""
        self.fields[field] = (LIST, ThriftList(STRUCT, list(values)))

    def drop(self, *fields: int) -> None:
        """Leave out optional fields."""
        for field in fields:
            self.fields.pop(field, None)


ThriftValue: TypeAlias = bool | int | float | bytes | ThriftList | ThriftStruct


def parse(data: bytes) -> ThriftStruct:
    """
    Read one structure.

    Raises
    ------
    FileContentError
        If the bytes are no such structure.
    """
    return parse_first(data)[0]


def parse_first(data: bytes) -> tuple[ThriftStruct, int]:
    """Read the structure at the beginning of some bytes, and say how many bytes it takes."""
    reader = _Reader(data)
    try:
        return reader.struct(0), reader.place
    except (IndexError, struct.error, RecursionError, MemoryError, OverflowError) as error:
        raise _damaged() from error


def serialise(value: ThriftStruct) -> bytes:
    """Write one structure."""
    out = bytearray()
    _write_struct(out, value)
    return bytes(out)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.place = 0

    def struct(self, depth: int) -> ThriftStruct:
        if depth > _MAX_DEPTH:
            raise _damaged()
        fields: dict[int, tuple[int, ThriftValue]] = {}
        last = 0
        while head := self._byte():
            kind, step = head & 15, head >> 4
            last = last + step if step else self._signed()
            fields[last] = (kind, self._field(kind, depth))
        return ThriftStruct(fields)

    def _field(self, kind: int, depth: int) -> ThriftValue:
        return kind == TRUE if kind in {TRUE, FALSE} else self._value(kind, depth)

    def _value(self, kind: int, depth: int) -> ThriftValue:  # noqa: PLR0911  (one line for each type)
        if kind in {I16, I32, I64}:
            return self._signed()
        if kind == BINARY:
            return self._take(self._unsigned())
        if kind == STRUCT:
            return self.struct(depth + 1)
        if kind in {LIST, SET}:
            return self._list(depth + 1)
        if kind in {TRUE, FALSE}:  # inside lists
            return self._byte() == TRUE
        if kind == BYTE:
            return self._byte()
        if kind == DOUBLE:
            number: float = struct.unpack("<d", self._take(8))[0]
            return number
        raise _damaged()  # Parquet has no maps

    def _list(self, depth: int) -> ThriftList:
        head = self._byte()
        size, element = head >> 4, head & 15
        if size == 15:  # noqa: PLR2004  (longer ones say so apart)
            size = self._unsigned()
        if size > len(self._data) - self.place or depth > _MAX_DEPTH:
            raise _damaged()
        return ThriftList(element, [self._value(element, depth) for _ in range(size)])

    def _byte(self) -> int:
        byte = self._data[self.place]
        self.place += 1
        return byte

    def _take(self, size: int) -> bytes:
        if size > len(self._data) - self.place:
            raise _damaged()
        self.place += size
        return self._data[self.place - size : self.place]

    def _unsigned(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:  # noqa: PLR2004  (the highest bit says that more follows)
                return value
            shift += 7
            if shift > _MAX_SHIFT:
                raise _damaged()

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)


def _write_struct(out: bytearray, value: ThriftStruct) -> None:
    last = 0
    for field, (kind, inner) in sorted(value.fields.items()):
        code = (TRUE if inner else FALSE) if kind in {TRUE, FALSE} else kind
        step = field - last
        if 0 < step <= 15:  # noqa: PLR2004  (what four bits hold)
            out.append(step << 4 | code)
        else:
            out.append(code)
            _write_signed(out, field)
        if kind not in {TRUE, FALSE}:
            _write_value(out, kind, inner)
        last = field
    out.append(0)


def _write_value(out: bytearray, kind: int, value: ThriftValue) -> None:
    if isinstance(value, ThriftStruct):
        _write_struct(out, value)
    elif isinstance(value, ThriftList):
        size = len(value.values)
        out.append(min(size, 15) << 4 | value.element)
        if size >= 15:  # noqa: PLR2004  (what four bits hold)
            _write_unsigned(out, size)
        for each in value.values:
            _write_value(out, value.element, each)
    elif isinstance(value, bytes):
        _write_unsigned(out, len(value))
        out += value
    elif isinstance(value, bool):
        out.append(TRUE if value else FALSE)
    elif kind == BYTE and isinstance(value, int):
        out.append(value)
    elif isinstance(value, int):
        _write_signed(out, value)
    elif isinstance(value, float):
        out += struct.pack("<d", value)


def _write_signed(out: bytearray, value: int) -> None:
    _write_unsigned(out, value << 1 if value >= 0 else (-value << 1) - 1)


def _write_unsigned(out: bytearray, value: int) -> None:
    while value > 127:  # noqa: PLR2004  (what seven bits hold)
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def _damaged() -> FileContentError:
    return FileContentError(
        "The footer of a Parquet file must say what the file holds; it is damaged.",
        fix="Write the file again, or fetch it anew.",
    )
