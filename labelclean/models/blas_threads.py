"""One BLAS thread while models are trained, for all trainings of the process together."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

__all__ = ["one_blas_thread"]


class _SharedLimit:
    """
    The limit belongs to the process: it begins with its first user and ends with its last.

    A thread of its own holds it, because threadpoolctl lets only the thread that set a limit take it back, and the
    first user may be gone before the last.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._n_users = 0
        self._unused = threading.Event()
        self._holder: threading.Thread | None = None

    def acquire(self) -> None:
        with self._lock:
            if self._n_users == 0:
                is_set, self._unused = threading.Event(), threading.Event()
                self._holder = threading.Thread(target=_hold, args=(is_set, self._unused), name="blas", daemon=True)
                self._holder.start()
                is_set.wait()
            self._n_users += 1

    def release(self) -> None:
        with self._lock:
            self._n_users -= 1
            if self._n_users == 0 and self._holder is not None:
                self._unused.set()
                self._holder.join()


def _hold(is_set: threading.Event, unused: threading.Event) -> None:
    try:
        with threadpool_limits(1, user_api="blas"):
            is_set.set()
            unused.wait()
    finally:
        is_set.set()


_shared = _SharedLimit()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """
    Let BLAS use one thread inside the block.

    Threads inside threads mostly wait for each other (41 s against 1.4 s on two cores). Blocks in several threads may
    overlap; when the last one ends, BLAS has as many threads as before the first began.

    Yields
    ------
    None
        Nothing; the limit holds for the whole process while the block runs.

    Examples
    --------
    >>> with one_blas_thread():
    ...     product = np.ones((2, 2)) @ np.ones((2, 2))
    """
    _shared.acquire()
    try:
        yield
    finally:
        _shared.release()
