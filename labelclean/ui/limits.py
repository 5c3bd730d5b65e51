"""What the server allows: the size of an upload, and whether it may read paths of its machine."""

from __future__ import annotations

import streamlit as st

__all__ = ["is_local_server", "max_upload_bytes"]

_LOCAL = {"127.0.0.1", "localhost", "::1"}


def max_upload_bytes() -> int:
    """Return the largest file the browser may send, in bytes (``server.maxUploadSize``)."""
    return int(st.get_option("server.maxUploadSize")) * 1_000_000


def is_local_server() -> bool:
    """
    Tell whether only this machine reaches the server.

    Only then may the page read a path: on an open address it would let strangers read this machine's files.
    """
    return st.get_option("server.address") in _LOCAL
