"""The guideline of a project: a text in Markdown that tells how its labels are meant."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from labelclean.errors import FileContentError
from labelclean.io.text.encodings import guess_encoding

__all__ = [
    "MAX_GUIDELINE_BYTES",
    "ProjectSettingsStore",
    "checked_guideline",
    "load_guideline",
    "previous_guideline",
    "read_guideline",
    "save_guideline",
]

MAX_GUIDELINE_BYTES = 200_000
"""Largest guideline, counted in UTF-8."""

_SETTING = "guideline"
_HEAD_BYTES = 65_536


class ProjectSettingsStore(Protocol):
    """Where settings of projects are kept; ``store.sql.SqlStore`` is one."""

    def get_project_setting(self, project_id: str, key: str) -> object | None:
        """Return the value of a project's key, or None if it was never set."""

    def set_project_setting(self, project_id: str, key: str, value: object) -> None:
        """Set the value of a project's key."""


def read_guideline(content: bytes) -> str:
    """
    Return the text of a file.

    Parameters
    ----------
    content : bytes
        The file, in any encoding that text files of data may have.

    Returns
    -------
    str
        Its text; every line ends in the same way.

    Raises
    ------
    FileContentError
        If it is larger than 200 kB, or no text.
    """
    if len(content) > 4 * MAX_GUIDELINE_BYTES:
        raise _too_large(len(content))
    if not content:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "guideline.md"
        path.write_bytes(content)
        codec = guess_encoding(path, content[:_HEAD_BYTES]).codec
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        raise _no_text(f"byte {error.start + 1:,} is not {codec}") from error
    if "\0" in text:
        raise _no_text(f"character {text.index(chr(0)) + 1:,} is a NUL")
    return checked_guideline(text)


def checked_guideline(text: str) -> str:
    """
    Return a text as it is kept.

    Parameters
    ----------
    text : str
        What was typed or read.

    Returns
    -------
    str
        Without a byte order mark and white space around it; every line ends in the same way.

    Raises
    ------
    FileContentError
        If it is larger than 200 kB in UTF-8.
    """
    plain = "\n".join(text.removeprefix("\ufeff").splitlines()).strip()
    n_bytes = len(plain.encode("utf-8", "replace"))
    if n_bytes > MAX_GUIDELINE_BYTES:
        raise _too_large(n_bytes)
    return plain


def load_guideline(store: ProjectSettingsStore, project_id: str) -> str:
    """
    Return the guideline of a project.

    Parameters
    ----------
    store : ProjectSettingsStore
        Where it is kept.
    project_id : str
        Whose guideline.

    Returns
    -------
    str
        Markdown; empty where there is none.
    """
    return _kept(store, project_id, "text")


def previous_guideline(store: ProjectSettingsStore, project_id: str) -> str:
    """
    Return what the guideline was before the last change.

    Parameters
    ----------
    store : ProjectSettingsStore
        Where it is kept.
    project_id : str
        Whose guideline.

    Returns
    -------
    str
        Markdown; empty where there was none.
    """
    return _kept(store, project_id, "before")


def save_guideline(store: ProjectSettingsStore, project_id: str, text: str) -> None:
    """
    Keep a guideline, and the one it replaces.

    Parameters
    ----------
    store : ProjectSettingsStore
        Where to keep it.
    project_id : str
        Whose guideline.
    text : str
        Markdown; empty removes it.
    """
    before = load_guideline(store, project_id)
    wanted = checked_guideline(text)
    if wanted != before:
        store.set_project_setting(project_id, _SETTING, {"text": wanted, "before": before})


def _kept(store: ProjectSettingsStore, project_id: str, field: str) -> str:
    stored = store.get_project_setting(project_id, _SETTING)
    value = stored.get(field) if isinstance(stored, Mapping) else None
    return value if isinstance(value, str) else ""


def _too_large(n_bytes: int) -> FileContentError:
    return FileContentError(
        f"A guideline must not be larger than {MAX_GUIDELINE_BYTES // 1000} kB; this one has {n_bytes / 1000:,.0f} kB.",
        fix="Keep what a reviewer needs while deciding, and leave the rest out.",
    )


def _no_text(found: str) -> FileContentError:
    return FileContentError(f"A guideline must be a text file; {found}.", fix="Save it as Markdown or plain text.")
