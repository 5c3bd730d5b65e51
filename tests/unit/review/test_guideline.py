"""The guideline of a project: read from any text file, kept with the one it replaced."""

from __future__ import annotations

import pytest

from labelclean.errors import FileContentError
from labelclean.review.guideline import (
    MAX_GUIDELINE_BYTES,
    checked_guideline,
    load_guideline,
    previous_guideline,
    read_guideline,
    save_guideline,
)


class _Settings:
    """Settings of projects in memory."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], object] = {}

    def get_project_setting(self, project_id: str, key: str) -> object | None:
        """Return the value of a project's key."""
        return self.values.get((project_id, key))

    def set_project_setting(self, project_id: str, key: str, value: object) -> None:
        """Set the value of a project's key."""
        self.values[project_id, key] = value


@pytest.mark.parametrize(
    ("codec", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("cp1252", b"")],
)
def test_a_file_in_any_encoding_is_read(codec: str, mark: bytes) -> None:
    """What an editor on another system saved is no trouble."""
    text = "# Größe\n\nDie Lieferung fällt unter „Versand“, wenn sie für später geplant war."

    read = read_guideline(mark + text.replace("\n", "\r\n").encode(codec))

    assert read == text


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04" + bytes(range(256)) * 8, b"%PDF-1.7\n\x00\x00\x00\x01\xff\xfe\x00" * 40]
)
def test_a_file_that_is_no_text_is_refused(content: bytes) -> None:
    """A document of a word processor is told apart."""
    with pytest.raises(FileContentError):
        read_guideline(content)


def test_a_guideline_larger_than_200_kb_is_refused() -> None:
    """The limit counts bytes in UTF-8, whatever the file's encoding was."""
    fits = "ü" * (MAX_GUIDELINE_BYTES // 2)

    assert checked_guideline(fits) == fits
    with pytest.raises(FileContentError, match="200 kB"):
        checked_guideline(fits + "ü")
    with pytest.raises(FileContentError, match="200 kB"):
        read_guideline(b"x" * (5 * MAX_GUIDELINE_BYTES))


def test_an_empty_file_is_no_guideline() -> None:
    """It is read as an empty text, which means none."""
    assert read_guideline(b"") == ""


def test_the_one_that_was_replaced_can_be_brought_back() -> None:
    """Removing a guideline by mistake costs nothing."""
    store = _Settings()

    save_guideline(store, "p", "# One")
    save_guideline(store, "p", "")

    assert load_guideline(store, "p") == ""
    assert previous_guideline(store, "p") == "# One"


def test_saving_the_same_text_again_forgets_nothing() -> None:
    """The one before stays the one before."""
    store = _Settings()

    for text in ("# One", "# Two", "# Two\n"):
        save_guideline(store, "p", text)

    assert (load_guideline(store, "p"), previous_guideline(store, "p")) == ("# Two", "# One")


@pytest.mark.parametrize("stored", [None, 7, "text", {"text": 3}])
def test_a_damaged_setting_counts_as_none(stored: object) -> None:
    """The review page opens whatever lies in the store."""
    store = _Settings()
    store.set_project_setting("p", "guideline", stored)

    assert load_guideline(store, "p") == ""
