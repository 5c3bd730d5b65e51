"""Where labelclean keeps its data on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from labelclean.errors import StoreError

__all__ = ["Home", "asset_path"]


@dataclass(frozen=True, slots=True)
class Home:
    """
    The data directory: the database, the uploaded files, the log of the background jobs.

    Attributes
    ----------
    root : Path
        The directory itself.
    """

    root: Path

    @classmethod
    def default(cls) -> Self:
        """
        Return the data directory of this user, made if missing.

        ``LABELCLEAN_HOME`` names another one.

        Raises
        ------
        StoreError
            If the directory cannot be made.
        """
        import platformdirs  # noqa: PLC0415  (keeps `import labelclean` light)

        named = os.environ.get("LABELCLEAN_HOME")
        root = Path(named).expanduser() if named else platformdirs.user_data_path("labelclean", appauthor=False)
        return cls.at(root)

    @classmethod
    def at(cls, root: Path) -> Self:
        """Return the data directory at a path, made if missing."""
        home = cls(root.absolute())
        try:
            home.datasets.mkdir(parents=True, exist_ok=True)
            home.logs.mkdir(parents=True, exist_ok=True)
            home.columns.mkdir(parents=True, exist_ok=True)
            home.lock_path("").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The data directory {root} cannot be made: {error.strerror}.",
                fix="Set LABELCLEAN_HOME to a directory you may write to.",
            ) from error
        return home

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """
        Keep all other threads and processes that ask for the same name waiting until the block ends.

        The system gives the lock back when a process dies, however it dies. Where the system has no such locks
        (Windows), nobody waits.

        Parameters
        ----------
        name : str
            A file name made by the program, never by a user.
        """
        if sys.platform == "win32":
            yield
            return
        import fcntl  # noqa: PLC0415  (not there on Windows)

        with self.lock_path(name).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def lock_path(self, name: str) -> Path:
        """Return the file behind a lock."""
        return self.root / "locks" / name

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.root / "labelclean.sqlite3"

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the store."""
        return f"sqlite:///{self.database}"

    @property
    def datasets(self) -> Path:
        """The uploaded files, each named by the SHA-256 of its bytes."""
        return self.root / "datasets"

    @property
    def columns(self) -> Path:
        """The other columns of the uploaded files, ready to be looked up; they can be made anew from these."""
        return self.root / "columns"

    @property
    def logs(self) -> Path:
        """What background jobs print."""
        return self.root / "logs"

    def dataset_path(self, sha256: str) -> Path:
        """Return where the file with these bytes is kept."""
        return self.datasets / sha256


def asset_path(name: str) -> Path:
    """
    Return a bundled file, such as ``"demo/support_messages.csv"``.

    In a wheel the assets lie inside the package, in a checkout beside it.
    """
    package = Path(__file__).parent
    packed = package / "assets" / name
    return packed if packed.exists() else package.parent / "assets" / name
