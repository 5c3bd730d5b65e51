"""What a pass over rows that are JSON objects says about them, however the file strings them together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from labelclean.errors import FileContentError
from labelclean.io.tables.contract import CellKind, CellValue, TableScan
from labelclean.io.tables.json_files.paths import MAX_STEPS, getter
from labelclean.io.tables.json_files.values import KINDS, UNSHOWABLE, has_unshowable, text_of
from labelclean.io.text.records import MAX_COLUMNS, PREVIEW_ROWS, Sample

__all__ = ["RowScan", "no_objects"]

_SAMPLE_CELLS = 500_000
_MAX_PATHS = 1_000
_NESTED = frozenset({dict, list})
_DUPLICATE = "In {n} a key stands twice (first in {first}); the last one counts, as in most programs."
_CONSTANT = "{n} {hold} NaN or Infinity (first in {first}), which JSON does not have; they are read as missing."
_UNSHOWABLE = (
    "{n} {hold} a NUL character or half of a surrogate pair (first in {first}); shown and read as “\ufffd”, "
    "while the file keeps them."
)


class RowScan:
    """
    Collects what a scan says, row by row.

    Decode rows with its ``decoder``, which notices what the plain one drops silently.
    """

    def __init__(self) -> None:
        self.decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_constant=self._constant)
        self.n_rows = 0
        self._bound = Sample()
        self._sample: list[Mapping[str, CellValue]] = []
        self._columns: dict[str, set[CellKind]] = {}
        self._paths: dict[str, set[CellKind]] = {}
        self._shapes: set[tuple[object, ...]] = set()
        self._noticed: dict[str, None] = {}
        self._oddities: dict[str, tuple[int, str]] = {}
        self._has_more_paths = False

    def add(self, row: Mapping[str, CellValue], text: str, where: Callable[[], str]) -> None:
        """
        Take in one more row.

        Parameters
        ----------
        row : mapping of str to object
            The row, decoded by ``decoder``.
        text : str
            As it stands in the file.
        where : callable
            Gives the words for its place, such as "line 3".

        Raises
        ------
        FileContentError
            If there are too many keys, or one that cannot be shown.
        """
        self.n_rows += 1
        types = tuple(map(type, row.values()))
        if self._is_new_shape((*row, types)):
            self._note_shape(row, where)
        if not _NESTED.isdisjoint(types):
            for key, value in row.items():
                if type(value) in _NESTED:
                    self._visit_children(key, value, 1)
        if "\\u" in text and has_unshowable(row, text):
            self._noticed[_UNSHOWABLE] = None
        if self._noticed:
            self._count_noticed(where)
        if not self._bound.is_full:
            self._bound.add([text])
            self._sample.append(row)

    @property
    def has_noticed(self) -> bool:
        """Whether something odd was decoded since the last row was added."""
        return bool(self._noticed)

    def forget(self) -> None:
        """Forget what was noticed while decoding something that is no row."""
        self._noticed.clear()

    def finish(self) -> TableScan:
        """
        Return the scan.

        Raises
        ------
        FileContentError
            If there are no rows, or they have no keys.
        """
        if not self.n_rows:
            raise no_objects()
        if not self._columns:
            raise FileContentError(
                "The JSON objects must have keys, such as text and label; they are all empty.",
                fix="Upload another file.",
            )
        nested = (path for path in self._paths if path not in self._columns)
        columns = (*self._columns, *islice(nested, MAX_COLUMNS - len(self._columns)))
        kinds = [self._columns.get(column, set()) | self._paths.get(column, set()) for column in columns]
        n_shown = max(PREVIEW_ROWS, _SAMPLE_CELLS // len(columns))
        get = [getter(column) for column in columns]
        return TableScan(
            columns=columns,
            n_rows=self.n_rows,
            sample=tuple(tuple(text_of(value(row)) for value in get) for row in self._sample[:n_shown]),
            warnings=tuple(self._warnings()),
            kinds=tuple(map(_kind, kinds)),
        )

    def _note_shape(self, row: Mapping[str, CellValue], where: Callable[[], str]) -> None:
        for key, value in row.items():
            if key not in self._columns:
                self._add_column(key, where)
            self._columns[key].add(KINDS[type(value)])

    def _add_column(self, key: str, where: Callable[[], str]) -> None:
        if UNSHOWABLE.search(key):
            raise FileContentError(
                f"Every key must be valid Unicode; one in {where()} holds half of a surrogate pair or a NUL.",
                fix="Rename it.",
            )
        if len(self._columns) == MAX_COLUMNS:
            raise FileContentError(
                f"The objects must have at most {MAX_COLUMNS:,} different keys; {where()} goes over that.",
                fix="Leave out keys that are neither text, label nor id.",
            )
        self._columns[key] = set()

    def _is_new_shape(self, shape: tuple[object, ...]) -> bool:
        """Tell whether keys and types of this kind were not met before, as far back as it is remembered."""
        if shape in self._shapes:
            return False
        if len(self._shapes) == MAX_COLUMNS:
            self._shapes.clear()
        self._shapes.add(shape)
        return True

    def _visit_children(self, path: str, value: CellValue, n_steps: int) -> None:
        if isinstance(value, dict):
            types = tuple(map(type, value.values()))
            if self._is_new_shape((path, n_steps, *value, types)) or not _NESTED.isdisjoint(types):
                for key, child in value.items():
                    self._visit(f"{path}.{key}", child, n_steps + 1)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            self._visit(f"{path}.0", value[0], n_steps + 1)

    def _visit(self, path: str, value: CellValue, n_steps: int) -> None:
        """Note the leaves below a value; besides these only objects of numbers or true/false, which may be scores."""
        is_object = isinstance(value, dict)
        has_children = is_object or (isinstance(value, list) and value and isinstance(value[0], dict))
        if has_children and n_steps < MAX_STEPS and value:
            if is_object and isinstance(value, dict) and all(isinstance(item, int | float) for item in value.values()):
                self._note_path(path, value)
            self._visit_children(path, value, n_steps)
        else:
            self._note_path(path, value)

    def _note_path(self, path: str, value: CellValue) -> None:
        kinds = self._paths.get(path)
        if kinds is not None:
            kinds.add(KINDS[type(value)])
        elif len(self._paths) == _MAX_PATHS:
            self._has_more_paths = True
        elif not UNSHOWABLE.search(path):
            self._paths[path] = {KINDS[type(value)]}

    def _object(self, pairs: list[tuple[str, CellValue]]) -> dict[str, CellValue]:
        row = dict(pairs)
        if len(row) != len(pairs):
            self._noticed[_DUPLICATE] = None
        return row

    def _constant(self, _constant: str) -> None:
        self._noticed[_CONSTANT] = None

    def _count_noticed(self, where: Callable[[], str]) -> None:
        for words in self._noticed:
            n, first = self._oddities.get(words, (0, ""))
            self._oddities[words] = (n + 1, first or where())
        self._noticed.clear()

    def _warnings(self) -> Iterable[str]:
        for words, (n, first) in self._oddities.items():
            objects = "1 object" if n == 1 else f"{n:,} objects"
            yield words.format(n=objects, first=first, hold="holds" if n == 1 else "hold")
        if self._has_more_paths:
            yield f"Only the first {_MAX_PATHS:,} values inside nested objects are offered as columns."


def no_objects() -> FileContentError:
    """Return the error for a file without a row."""
    return FileContentError("The file must hold at least one JSON object; it is empty.", fix="Upload another file.")


def _kind(kinds: set[CellKind]) -> CellKind:
    found = kinds - {"missing"}
    return "mixed" if len(found) > 1 else next(iter(found), "missing")
