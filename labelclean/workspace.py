"""The data directory and the store, joined: kept files, projects over them, and their audits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, get_args

from labelclean.arrays import Label
from labelclean.config import AuditConfig
from labelclean.dataset import Dataset
from labelclean.demos import MESSAGES_DEMO, Demo
from labelclean.errors import StoreError
from labelclean.home import Home, asset_path
from labelclean.io.layout import ColumnRoles, FileLayout
from labelclean.io.model_outputs.embeddings import EmbeddingArray, read_embeddings
from labelclean.io.model_outputs.pred_probs import PredProbsFile, read_pred_probs
from labelclean.io.source import inspect_file, read_dataset
from labelclean.protocols import Progress, no_progress
from labelclean.review.decisions import ReviewEvent
from labelclean.review.merging import merge_dataset, merges_in_force
from labelclean.store import audits
from labelclean.store.kept_columns import kept_columns, remove_columns, remove_unused_columns
from labelclean.store.kept_files import PART, keep_folder, keep_stream, remove_if_older, remove_old
from labelclean.store.records import DatasetRecord, EmbeddingsRecord, JobKind, PredProbsRecord, ProjectRecord
from labelclean.store.run_records import ComputedRun
from labelclean.store.sql import SqlStore

if TYPE_CHECKING:
    from labelclean.io.row_columns import RowColumns

__all__ = ["REVIEW_CONFIG", "Workspace"]

REVIEW_CONFIG = AuditConfig(n_explained=5_000)
"""The options of an audit for the screen: with evidence for as many rows as reviewers get to, in seconds."""

_DEMO_SETTING = "demo_made"
_PART_LIFETIME_SECONDS = 24 * 3600
_UPLOAD_LIFETIME_SECONDS = 24 * 3600.0
_LOG_LIFETIME_SECONDS = 90 * 24 * 3600


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, eq=False, slots=True)
class Workspace:
    """
    Everything of value on this machine; any number of threads and processes may use it.

    Attributes
    ----------
    home : Home
        The data directory.
    store : SqlStore
        The database.
    clock : callable
        Returns the time now, UTC.
    """

    home: Home
    store: SqlStore
    clock: Callable[[], datetime] = _utc_now

    @classmethod
    def open(cls, home: Home | None = None) -> Self:
        """
        Open the workspace in a data directory; by default in this user's own.

        Raises
        ------
        StoreError
            If the directory or the database cannot be used.
        """
        place = Home.default() if home is None else home
        remove_old(place.datasets, PART, _PART_LIFETIME_SECONDS)
        remove_old(place.logs, ".log", _LOG_LIFETIME_SECONDS)
        workspace = cls(place, SqlStore.open(place.database_url))
        workspace._remove_abandoned()
        return workspace

    def _remove_abandoned(self) -> None:
        """Remove files that were uploaded long ago and never became a project."""
        with self.home.locked("datasets"):
            used = self._kept_files()
            for path in self.home.datasets.iterdir():
                if path.name not in used and not path.name.endswith(PART):
                    remove_if_older(path, _UPLOAD_LIFETIME_SECONDS)
            remove_unused_columns(self.home, used)

    def _kept_files(self) -> frozenset[str]:
        return frozenset().union(*(project.dataset.kept_files for project in self.store.list_projects()))

    def close(self) -> None:
        """Give the database's connections back."""
        self.store.close()

    def keep_file(self, stream: BinaryIO, *, max_bytes: int) -> tuple[str, int]:
        """
        Copy a stream into the data directory, block by block, under the SHA-256 of its bytes.

        Parameters
        ----------
        stream : binary stream
            Read to its end.
        max_bytes : int
            The most that is kept.

        Returns
        -------
        tuple of str and int
            The SHA-256 in hexadecimal, and the number of bytes.

        Raises
        ------
        FileContentError
            If the stream holds more; nothing is kept then.
        StoreError
            If the data directory cannot be written, for instance because the disk is full; nothing is kept either.
        """
        return keep_stream(stream, self.home.datasets, max_bytes)

    def keep_folder(self, folder: Path) -> tuple[str, int]:
        """
        Keep the folder of a dataset, as Hugging Face ``datasets`` saves it, as one zip archive.

        Returns
        -------
        tuple of str and int
            The SHA-256 of the archive in hexadecimal, and its bytes; the same for the same files.

        Raises
        ------
        FileContentError
            If it is another kind of folder; nothing is kept then.
        StoreError
            If the data directory cannot be written.
        """
        return keep_folder(folder, self.home.datasets)

    def discard_file(self, sha256: str) -> None:
        """Remove a kept file unless a project uses it."""
        with self.home.locked("datasets"):
            if sha256 not in self._kept_files():
                self.home.dataset_path(sha256).unlink(missing_ok=True)
                remove_columns(self.home, sha256)

    def create_project(
        self,
        *,
        name: str,
        file_name: str,
        sha256: str,
        n_bytes: int,
        layout: FileLayout,
        roles: ColumnRoles,
        pred_probs: PredProbsRecord | None = None,
        embeddings: EmbeddingsRecord | None = None,
        merges: Sequence[ReviewEvent] = (),
        is_demo: bool = False,
    ) -> ProjectRecord:
        """
        Make a project over a kept file.

        Parameters
        ----------
        name, file_name : str
            What the user calls the project and the file; for display only, never a path.
        sha256 : str
            Of the kept file, as ``keep_file`` gave it.
        n_bytes : int
            Its size.
        layout, roles : FileLayout, ColumnRoles
            How to read it.
        pred_probs : PredProbsRecord, optional
            Kept probabilities of the user's own model; without them, each analysis trains one.
        embeddings : EmbeddingsRecord, optional
            Kept embeddings of the texts, one more thing to learn from.
        merges : sequence of ReviewEvent, default=()
            Merges of names to begin the log with.
        is_demo : bool, default=False
            Whether it comes with the program.

        Raises
        ------
        StoreError
            If a file is not (or no longer) kept.
        InvalidInputError
            If the name is blank.
        """
        dataset = DatasetRecord(
            sha256=sha256,
            file_name=file_name,
            n_bytes=n_bytes,
            layout=layout,
            roles=roles,
            pred_probs=pred_probs,
            embeddings=embeddings,
        )
        with self.home.locked("datasets"):
            for kept in dataset.kept_files:
                self._check_kept(kept)
            project = self.store.create_project(name=name, dataset=dataset, is_demo=is_demo)
            self.store.append_events(project.id, merges)
            return project

    def load_dataset(self, project: ProjectRecord) -> Dataset:
        """
        Read the file of a project.

        Raises
        ------
        StoreError
            If the kept file is gone.
        FileContentError
            If it can no longer be read as it was.
        """
        return self.read_kept(project.dataset.sha256, project.dataset.layout, project.dataset.roles)

    def read_kept(self, sha256: str, layout: FileLayout, roles: ColumnRoles) -> Dataset:
        """Read a kept file, whether or not it is a project yet; raises what ``load_dataset`` raises."""
        self._check_kept(sha256)
        return read_dataset(self.home.dataset_path(sha256), layout, roles)

    def row_columns(self, project: ProjectRecord, progress: Progress = no_progress) -> RowColumns:
        """Return the other columns of a project's file, read at first use; raises what ``load_dataset`` raises."""
        self._check_kept(project.dataset.sha256)
        return kept_columns(self.home, project.dataset, progress)

    def read_pred_probs(
        self, dataset: Dataset, sha256: str, *, class_names: Sequence[Label] | None = None, row_id: str | None = None
    ) -> PredProbsFile:
        """
        Read a kept file of probabilities, whether or not it belongs to a project yet.

        Raises
        ------
        InvalidInputError
            If it does not fit the dataset, or cannot be read.
        StoreError
            If the kept file is gone, or there is no room for a temporary copy.
        """
        self._check_kept(sha256)
        return read_pred_probs(
            self.home.dataset_path(sha256),
            dataset=dataset,
            class_names=class_names,
            row_id=row_id,
            directory=self.home.root,
        )

    def read_embeddings(self, dataset: Dataset, record: EmbeddingsRecord) -> EmbeddingArray:
        """
        Read a kept file of embeddings, whether or not it belongs to a project yet.

        Raises
        ------
        InvalidInputError
            If it does not fit the dataset, or cannot be read.
        StoreError
            If the kept file is gone.
        """
        self._check_kept(record.sha256)
        return read_embeddings(
            self.home.dataset_path(record.sha256),
            dataset.n_examples,
            column=record.column,
            row_id=record.row_id,
            row_ids=dataset.row_ids,
        )

    def compute_run(self, project_id: str, config: AuditConfig, progress: Progress = no_progress) -> ComputedRun:
        """Audit a project's file, its names merged as they are now, and return what was found without storing it."""
        progress("Reading the file", 0.0)
        project = self.store.get_project(project_id)
        own, vectors = project.dataset.pred_probs, project.dataset.embeddings
        # The user's own model knows the names of the file; what it says is merged when it is shown.
        dataset = self.merged_dataset(project) if own is None else self.load_dataset(project)
        return audits.compute_run(
            dataset,
            pred_probs=None
            if own is None
            else self.read_pred_probs(dataset, own.sha256, class_names=own.class_names, row_id=own.row_id),
            embeddings=None if own is not None or vectors is None else self.read_embeddings(dataset, vectors),
            config=config,
            progress=progress,
            clock=self.clock,
            directory=self.home.root,
            columns=lambda: self.row_columns(project),
        )

    def merged_dataset(self, project: ProjectRecord) -> Dataset:
        """Read the file of a project with its names merged as they are now; raises what ``load_dataset`` raises."""
        return merge_dataset(self.load_dataset(project), merges_in_force(self.store.load_events(project.id)))

    def run_audit(self, project_id: str, config: AuditConfig, progress: Progress = no_progress) -> str:
        """
        Audit a project's file and store what was found.

        Parameters
        ----------
        project_id : str
            The project.
        config : AuditConfig
            Options.
        progress : Progress, optional
            Told the step under way and the fraction done; it may raise ``RunCancelledError``.

        Returns
        -------
        str
            The id of the stored run.

        Raises
        ------
        NotFoundError
            If the project does not exist.
        InvalidInputError
            If the data cannot be audited.
        """
        return self.store.save_run(project_id, self.compute_run(project_id, config, progress))

    def ensure_demo(self) -> ProjectRecord | None:
        """
        Make and analyse the demo project, once in the life of a data directory.

        A demo the user deleted does not come back, two programs started at once make one, and one that was
        interrupted is finished at the next start.

        Returns
        -------
        ProjectRecord or None
            The demo if it was made now; None if it was made before, or if its file is not installed.
        """
        if self.store.get_setting(_DEMO_SETTING) or not asset_path(MESSAGES_DEMO.asset).is_file():
            return None
        with self.home.locked("demo"):
            if self.store.get_setting(_DEMO_SETTING):
                return None
            begun = next((project for project in self.store.list_projects() if project.is_demo), None)
            demo = begun if begun is not None else self.add_demo(MESSAGES_DEMO)
            if not demo.has_run:
                self.run_audit(demo.id, REVIEW_CONFIG)
            self.store.set_setting(_DEMO_SETTING, value=True)
            return self.store.get_project(demo.id)

    def delete_project(self, project_id: str) -> None:
        """
        Delete a project with all its decisions, and those of its files that no other project uses.

        Work that still runs for it notices and stops by itself within seconds.

        Raises
        ------
        NotFoundError
            If the project does not exist.
        """
        project = self.store.get_project(project_id)
        latest = [self.store.latest_job(project_id, kind=kind) for kind in get_args(JobKind)]
        self.store.delete_project(project_id)
        for sha256 in project.dataset.kept_files:
            self.discard_file(sha256)
        for job in filter(None, latest):
            with suppress(OSError):
                (self.home.logs / f"{job.id}.log").unlink()

    def add_demo(self, demo: Demo) -> ProjectRecord:
        """Make the project of a demo, not yet analysed; raises what ``keep_file`` and ``create_project`` raise."""
        source = asset_path(demo.asset)
        with source.open("rb") as stream:
            sha256, n_bytes = self.keep_file(stream, max_bytes=source.stat().st_size)
        summary = inspect_file(self.home.dataset_path(sha256), name=source.name)
        return self.create_project(
            name=demo.name,
            file_name=source.name,
            sha256=sha256,
            n_bytes=n_bytes,
            layout=summary.layout,
            roles=demo.roles,
            is_demo=True,
        )

    def _check_kept(self, sha256: str) -> None:
        if not self.home.dataset_path(sha256).is_file():
            raise StoreError(
                "The file of this project must lie in the data directory; it is not there (any more).",
                fix="Add the file again.",
            )
