"""The files of a folder that Hugging Face ``datasets`` saved, whether in a directory or in a zip archive."""

from __future__ import annotations

import io
import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from labelclean.errors import FileContentError, InvalidInputError, LabelCleanError

__all__ = [
    "INFO_FILE",
    "STATE_FILE",
    "DatasetFiles",
    "Split",
    "is_dataset",
    "open_files",
    "split_of",
    "splits_of",
    "text_of",
]

DICT_FILE, STATE_FILE, INFO_FILE = "dataset_dict.json", "state.json", "dataset_info.json"
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError),
    *(ValueError, RuntimeError, NotImplementedError, LookupError, OverflowError),
)
_MOST_JSON_BYTES = 64 << 20
_MAX_RATIO = 1_000  # of what comes out of an archive to what is in it, as for packed texts
_ANY_RATIO_BYTES = 1 << 30


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetFiles:
    """
    Files of a directory or an archive.

    Attributes
    ----------
    sizes : mapping of str to int
        Number of bytes by name, in the order of the names; the names are relative and have slashes.
    root : str
        What all names of the dataset begin with: empty, or the folder inside an archive with a slash at its end.
    directory : Path or None
        Where the files are, if they are in a directory.
    archive : ZipFile or None
        What they are in otherwise.
    """

    sizes: Mapping[str, int]
    root: str
    directory: Path | None = None
    archive: zipfile.ZipFile | None = None

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """Open one file for reading."""
        if name not in self.sizes:
            raise _missing(name.removeprefix(self.root))
        if self.archive is not None:
            with whole_archive(), _open_member(self.archive, name) as member:
                yield cast("BinaryIO", member)
        elif self.directory is not None:
            with (self.directory / name).open("rb") as file:
                yield file

    def json_object(self, name: str) -> dict[str, object]:
        """Return the object that a JSON file holds."""
        if self.sizes.get(name, 0) > _MOST_JSON_BYTES:
            raise _damaged(name.removeprefix(self.root))
        with self.open(name) as file:
            content = file.read()
        with suppress(ValueError, RecursionError):
            value = json.loads(content)
            if isinstance(value, dict):
                return value
        raise _damaged(name.removeprefix(self.root))


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """
    One table of a dataset.

    Attributes
    ----------
    name : str
        Empty where the folder holds one table only.
    folder : str
        What the names of its files begin with.
    state, info : dict
        What ``state.json`` and ``dataset_info.json`` say.
    data_files : tuple of str
        The names of the files with the rows, in order.
    """

    name: str
    folder: str
    state: dict[str, object]
    info: dict[str, object]
    data_files: tuple[str, ...]

    @property
    def features(self) -> dict[str, object]:
        """What the columns hold; empty where the folder does not say."""
        features = self.info.get("features")
        return features if isinstance(features, dict) else {}


@contextmanager
def open_files(path: Path) -> Iterator[DatasetFiles]:
    """
    Open a directory, or a zip archive with one in it.

    Raises
    ------
    FileContentError
        If it holds no dataset, or more than one.
    """
    if path.is_dir():
        sizes = _file_sizes(path)
        yield DatasetFiles(sizes=sizes, root=_root(sizes), directory=path)
        return
    if not path.exists():
        raise FileContentError("There is no file at the given path.", fix="Check the path.")
    try:
        archive = zipfile.ZipFile(path)
    except (*_DAMAGED, OSError) as error:
        raise FileContentError(
            "A dataset must be a folder, or a zip archive of one; this file is neither, or is damaged.",
            fix="Save the dataset again with save_to_disk, and zip the folder.",
        ) from error
    with archive:
        sizes = _member_sizes(archive, path.stat().st_size)
        yield DatasetFiles(sizes=sizes, root=_root(sizes), archive=archive)


def _open_member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    try:
        return archive.open(name)
    except OSError as error:  # its place is said to be before the start of the file
        raise zipfile.BadZipFile from error


@contextmanager
def whole_archive() -> Iterator[None]:
    """Translate what a damaged archive raises while it is read."""
    try:
        yield
    except LabelCleanError:
        raise
    except _DAMAGED as error:
        raise FileContentError(
            "An archive must be whole; a file in it is damaged, or packed in an unknown way.",
            fix="Zip the folder of the dataset again.",
        ) from error


def splits_of(files: DatasetFiles) -> tuple[str, ...]:
    """Return the names of the splits in their order; none where the folder is one table."""
    name = files.root + DICT_FILE
    if name not in files.sizes:
        return ()
    splits = files.json_object(name).get("splits")
    if not isinstance(splits, list) or not splits or not all(isinstance(each, str) for each in splits):
        raise _damaged(DICT_FILE)
    return tuple(splits)


def split_of(files: DatasetFiles, part: str) -> Split:
    """
    Return one split; the first one where none is chosen.

    Raises
    ------
    InvalidInputError
        If there is no such split.
    FileContentError
        If its files are damaged, missing, or of a form that is not known.
    """
    splits = splits_of(files)
    if part and part not in splits:
        shown = ", ".join(f"“{name}”" for name in splits[:20])
        raise InvalidInputError(
            f"The split must be one of the dataset's; there is no “{part}”.",
            fix=f"Choose one of {shown}." if splits else "Leave the choice out: the folder holds one table only.",
        )
    name = part or (splits[0] if splits else "")
    folder = f"{files.root}{name}/" if name else files.root
    state, info = files.json_object(folder + STATE_FILE), files.json_object(folder + INFO_FILE)
    for key in ("_indices_files", "_indices_data_files"):
        if state.get(key):
            raise FileContentError(
                "The rows of a dataset must stand in the order in which they are read; this one keeps another order "
                "in files of its own.",
                fix="Load it, call flatten_indices(), and save it again with save_to_disk.",
            )
    return Split(name=name, folder=folder, state=state, info=info, data_files=_data_files(files, folder, state))


def _data_files(files: DatasetFiles, folder: str, state: Mapping[str, object]) -> tuple[str, ...]:
    listed = state.get("_data_files")
    if not isinstance(listed, list) or not listed:
        raise _damaged(STATE_FILE)
    names = []
    for each in listed:
        name = each.get("filename") if isinstance(each, dict) else None
        if not isinstance(name, str) or PurePosixPath(name).name != name or "\\" in name:
            raise _damaged(STATE_FILE)
        if folder + name not in files.sizes:
            raise _missing((folder + name).removeprefix(files.root))
        names.append(folder + name)
    if len(set(names)) < len(names):
        raise _damaged(STATE_FILE)
    return tuple(names)


def _file_sizes(directory: Path) -> dict[str, int]:
    try:
        paths = sorted(path for path in directory.rglob("*") if path.is_file())
        return {path.relative_to(directory).as_posix(): path.stat().st_size for path in paths}
    except OSError as error:
        raise FileContentError(
            f"All files of a folder must be readable; one is not ({type(error).__name__}).",
            fix="Check the permissions and the disk.",
        ) from error


def _member_sizes(archive: zipfile.ZipFile, n_stored: int) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for member in archive.infolist():
        if member.filename.endswith("/"):
            continue
        path = PurePosixPath(member.filename)
        if (
            not path.parts
            or path.is_absolute()
            or ".." in path.parts
            or "\\" in member.filename
            or ":" in path.parts[0]
        ):
            raise FileContentError(
                "The files in an archive must stay inside its folder; the name of one leads out of it.",
                fix="Zip the folder of the dataset again.",
            )
        if member.filename in sizes:
            raise FileContentError(
                "The files in an archive must have different names; two have the same.",
                fix="Zip the folder of the dataset again.",
            )
        if member.flag_bits & 1:
            raise FileContentError(
                "An archive must be readable without a password; this one is encrypted.", fix="Zip the folder without."
            )
        sizes[member.filename] = member.file_size
    total = sum(sizes.values())
    if total > _ANY_RATIO_BYTES and total > _MAX_RATIO * n_stored:
        raise FileContentError(
            f"An archive must hold at most {_MAX_RATIO:,} times its size; this one claims to hold {total:,} bytes in "
            f"{n_stored:,}.",
            fix="Give the folder itself if it is to be trusted.",
        )
    return dict(sorted(sizes.items()))


def _root(sizes: Mapping[str, int]) -> str:
    """Return what the names of the dataset's files begin with."""
    paths = [PurePosixPath(name) for name in sizes if not name.startswith("__MACOSX/")]
    marks = [path for path in paths if path.name in {DICT_FILE, STATE_FILE}]
    if not marks:
        raise FileContentError(
            "A folder must be one that Hugging Face datasets saved, with a state.json or a dataset_dict.json; this one "
            "has neither.",
            fix="Save the dataset with save_to_disk, or choose the file that holds the table.",
        )
    depth = min(len(path.parts) for path in marks)
    roots = {path.parent for path in marks if len(path.parts) == depth}
    if len(roots) > 1 or depth > 2:  # noqa: PLR2004  (a folder in an archive, and the file)
        raise FileContentError(
            f"A folder must hold one dataset; this one has {len(roots):,} deeper inside it.",
            fix="Choose one of them, or give the folder in which dataset_dict.json stands.",
        )
    root = roots.pop().as_posix()
    return "" if root == "." else f"{root}/"


def is_dataset(path: Path) -> bool:
    """Tell whether a path leads to the folder of a dataset, or to an archive with one."""
    try:
        with open_files(path) as files:
            return files.archive is not None or not files.root
    except (LabelCleanError, OSError, ValueError):
        return False


def text_of(files: DatasetFiles, name: str) -> str:
    """Return a small file as text, with its line ends as they are."""
    with files.open(name) as file:
        return io.TextIOWrapper(io.BytesIO(file.read()), "utf-8", newline="").read()


def _missing(name: str) -> FileContentError:
    return FileContentError(
        f"The folder of a dataset must be whole; its file “{name}” is missing.",
        fix="Save the dataset again with save_to_disk, or copy the whole folder.",
    )


def _damaged(name: str) -> FileContentError:
    return FileContentError(
        f"“{name}” must say in JSON how the dataset is stored; it is damaged or says something unknown.",
        fix="Save the dataset again with save_to_disk.",
    )
