"""Files that change between two readings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labelclean.cli.watching import watch
from labelclean.errors import FileContentError


def test_a_file_that_stays_is_accepted(tmp_path: Path) -> None:
    """Reading it is no change."""
    path = tmp_path / "in.csv"
    path.write_text("a", encoding="utf-8")
    check = watch(path)
    path.read_text(encoding="utf-8")

    check()


def test_a_file_that_grows_changes_in_place_or_goes_is_refused(tmp_path: Path) -> None:
    """Its size or its time is another one then."""
    path = tmp_path / "in.csv"
    path.write_text("a", encoding="utf-8")

    grown = watch(path)
    path.write_text("ab", encoding="utf-8")
    with pytest.raises(FileContentError, match="changed meanwhile"):
        grown()
    rewritten = watch(path)
    os.utime(path, ns=(1, 1))
    with pytest.raises(FileContentError, match="changed meanwhile"):
        rewritten()
    removed = watch(path)
    path.unlink()
    with pytest.raises(FileContentError, match="changed meanwhile"):
        removed()
