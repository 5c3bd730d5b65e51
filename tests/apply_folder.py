"""A folder in which ``labelclean apply`` is run, for the tests of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelclean.cli.app import run

__all__ = ["Folder"]


class Folder:
    """A folder with a dataset and a log, and what the last command said."""

    def __init__(self, path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.path, self._capfd = path, capfd
        self.out, self.err = "", ""

    def write(self, name: str, content: bytes | str) -> Path:
        """Write a file."""
        path = self.path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, name: str) -> bytes:
        """Read a file."""
        return (self.path / name).read_bytes()

    def names(self) -> list[str]:
        """Name the files that are there."""
        return sorted(path.name for path in self.path.iterdir())

    def apply(self, *arguments: str, code: int = 0) -> None:
        """Run the command and check its exit code."""
        ended = run(["apply", *arguments])
        self.out, self.err = self._capfd.readouterr()
        assert ended == code, self.err
