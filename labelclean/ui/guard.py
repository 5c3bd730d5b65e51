"""Nothing that goes wrong inside a page shows a traceback: the reader gets a sentence, the log the rest."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from labelclean.errors import LabelCleanError
from labelclean.ui.elements import error_notice, notice

__all__ = ["guarded"]

_LOG = logging.getLogger(__name__)


@contextmanager
def guarded() -> Iterator[None]:
    """
    Show what goes wrong in the block as a message.

    Every part of a page that runs on its own (a fragment, a dialog) needs one: the page's frame does not run with it.
    """
    try:
        yield
    except LabelCleanError as error:
        error_notice(error)
    except Exception:  # noqa: BLE001  (whatever it is, the log has the traceback; reruns are no Exception)
        _LOG.exception("A page failed")
        notice(
            "error",
            "This page stopped by an internal error. Your decisions are stored.",
            "Reload the page. If it happens again, the terminal that runs labelclean shows what to report.",
        )
