from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelclean.errors import FileContentError
from labelclean.io.tables.parquet_files.thrift import (
    I64,
    ThriftList,
    ThriftStruct,
    ThriftValue,
    parse,
    parse_first,
    serialise,
)

BOOL, BYTE, I16, I32, DOUBLE, BINARY, LIST, STRUCT = 1, 3, 4, 5, 7, 8, 9, 12
PLAIN: dict[int, st.SearchStrategy[ThriftValue]] = {
    BYTE: st.integers(0, 255),
    I16: st.integers(-(2**15), 2**15 - 1),
    I32: st.integers(-(2**31), 2**31 - 1),
    I64: st.integers(-(2**62), 2**62),
    DOUBLE: st.floats(allow_nan=False),
    BINARY: st.binary(max_size=20),
}


def fields(depth: int = 2) -> st.SearchStrategy[tuple[int, ThriftValue]]:
    """Draw the type and the value of a field."""
    kinds: list[st.SearchStrategy[tuple[int, ThriftValue]]] = [
        st.tuples(st.just(kind), values) for kind, values in PLAIN.items()
    ]
    kinds += [
        st.tuples(st.just(LIST), st.builds(ThriftList, st.just(kind), st.lists(values, max_size=20)))
        for kind, values in PLAIN.items()
    ]
    kinds.append(st.booleans().map(lambda value: (BOOL if value else 2, value)))
    if depth:
        kinds.append(structs(depth - 1).map(lambda value: (STRUCT, value)))
        kinds.append(st.lists(structs(depth - 1), max_size=3).map(lambda value: (LIST, ThriftList(STRUCT, [*value]))))
    return st.one_of(kinds)


def structs(depth: int = 2) -> st.SearchStrategy[ThriftStruct]:
    """Draw structures; the numbers of fields may lie far apart."""
    return st.dictionaries(st.integers(1, 40), fields(depth), max_size=4).map(ThriftStruct)


def plain(value: ThriftValue) -> object:
    """Return a value in a form that can be compared."""
    if isinstance(value, ThriftStruct):
        return {number: (kind, plain(inner)) for number, (kind, inner) in sorted(value.fields.items())}
    if isinstance(value, ThriftList):
        return (value.element, [plain(each) for each in value.values])
    return value


def test_the_bytes_are_those_of_the_protocol() -> None:
    """Field 1 is a 32-bit -1, field 3 text, field 20 true: steps, zigzag and lengths as defined."""
    content = bytes([0x15, 0x01, 0x28, 0x02]) + b"hi" + bytes([0x01, 0x28, 0x00])

    found = parse(content)

    assert found.number(1) == -1
    assert found.text(3) == b"hi"
    assert found.fields[20][1] is True
    assert serialise(found) == content
    assert parse_first(content + b"more")[1] == len(content)


@given(value=structs())
def test_a_structure_is_read_as_it_was_written(value: ThriftStruct) -> None:
    """Of any fields and nesting."""
    assert plain(parse(serialise(value))) == plain(value)


@given(value=structs(), cut=st.integers(0, 400), noise=st.binary(max_size=40))
def test_damage_gives_no_error_but_our_own(value: ThriftStruct, cut: int, noise: bytes) -> None:
    """Whatever follows half a structure."""
    try:
        parse(serialise(value)[:cut] + noise)
    except FileContentError as error:
        assert "footer" in error.message  # noqa: PT017  (most bytes are damaged, some are not)


@pytest.mark.parametrize(
    "content",
    [
        b"\x1c" * 100_000,  # structures in structures
        b"\x19" + b"\xf9\xff\xff\xff\xff\x0f" * 50,  # lists that claim to be long
        b"\x18\xff\xff\xff\xff\x0f",  # a text longer than the file
        b"\x16" + b"\xff" * 30,  # a number without an end
        b"\x1b\x00\x00",  # a map, of which Parquet has none
        b"",
    ],
)
def test_what_would_never_end_is_refused(content: bytes) -> None:
    """Depth and sizes are bounded by what is there."""
    with pytest.raises(FileContentError, match="it is damaged"):
        parse(content)


def test_a_field_of_another_type_is_damage() -> None:
    """A number is no text, and a missing field only has a default where one is given."""
    value = ThriftStruct({1: (I64, 7)})

    assert value.number(2, default=3) == 3
    for work in (lambda: value.text(1), lambda: value.number(2), lambda: value.struct(1), lambda: value.structs(1)):
        with pytest.raises(FileContentError):
            work()
