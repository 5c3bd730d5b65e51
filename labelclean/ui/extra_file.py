"""A second file on the upload page: chosen, kept, shown and removed again, whatever it holds."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from labelclean.errors import LabelCleanError
from labelclean.ui import resources, state
from labelclean.ui.elements import error_notice, notice, size_of
from labelclean.ui.limits import is_local_server, max_upload_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

__all__ = ["ExtraFile"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtraFile:
    """
    One kind of second file; at most one of each kind waits for its project.

    Attributes
    ----------
    name : str
        In the keys of its widgets and of what this session remembers.
    """

    name: str

    @property
    def pending(self) -> state.PendingFile | None:
        """The file that was added and belongs to no project yet."""
        return state.recall(f"upload_{self.name}", state.PendingFile)

    @property
    def is_in_use(self) -> bool:
        """Whether a file was added: then its part of the page stays open for the next one."""
        return state.recall(f"upload_{self.name}_in_use", bool) is not None

    def forget(self) -> None:
        """Forget the file, which belongs to a project now."""
        state.forget(f"upload_{self.name}")
        state.forget(f"upload_{self.name}_in_use")

    def discard(self) -> None:
        """Forget a file that became part of no project, and remove the copy."""
        self.remove()
        self.forget()

    def remove(self) -> None:
        """Remove the file; its part of the page stays open."""
        pending = self.pending
        if pending is not None:
            state.forget(f"upload_{self.name}")
            resources.workspace().discard_file(pending.sha256)

    def draw_choice(self, label: str, *, types: Sequence[str], explained: str, example: str) -> None:
        """Draw the ways to add a file: dropped here, or named by its path where the reader sits at this machine."""
        generation = state.recall(f"upload_{self.name}_generation", int) or 0
        uploaded = st.file_uploader(
            label,
            type=list(types),
            key=f"{self.name}-uploader-{generation}",
            max_upload_size=max_upload_bytes() // 1_000_000,
            help=explained,
        )
        if uploaded is not None:
            state.remember(f"upload_{self.name}_generation", generation + 1)
            self._keep(uploaded, uploaded.name, max_upload_bytes())
        if is_local_server():
            with st.form(f"{self.name}-path", border=False):
                path = st.text_input(
                    "Or name a file on this machine", placeholder=example, key=f"{self.name}-path-text"
                )
                if st.form_submit_button("Read it", key=f"{self.name}-path-read") and path.strip():
                    self._keep_path(Path(path.strip()).expanduser())

    def draw_chosen(self, pending: state.PendingFile) -> None:
        """Draw name and size of the file, and the way to remove it."""
        with st.container(horizontal=True, vertical_alignment="center"):
            name = f'<bdi class="lc-project-name">{escape(pending.file_name)}</bdi>'
            st.html(f'{name} <span class="lc-meta">{size_of(pending.n_bytes)}</span>', width="content")
            if st.button("Remove", key=f"{self.name}-remove"):
                self.remove()
                st.rerun()

    def _keep_path(self, path: Path) -> None:
        try:
            with path.open("rb") as stream:
                self._keep(stream, path.name, max(max_upload_bytes(), path.stat().st_size))
        except IsADirectoryError:
            notice("error", "That is a folder; a file is needed.", "Name the file inside it.")
        except OSError as error:
            notice("error", f"That file cannot be read: {error.strerror}.", "Check the path and that you may read it.")

    def _keep(self, stream: BinaryIO, name: str, limit: int) -> None:
        try:
            sha256, n_bytes = resources.workspace().keep_file(stream, max_bytes=limit)
        except LabelCleanError as error:
            error_notice(error)
            return
        state.remember(f"upload_{self.name}", state.PendingFile(sha256, n_bytes, Path(name).name))
        state.remember(f"upload_{self.name}_in_use", value=True)
        st.rerun()
