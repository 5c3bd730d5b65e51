"""A problem of the data as bytes: compressed JSON, its arrays in Base64."""

from __future__ import annotations

import base64
import json
import zlib
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from labelclean.errors import StoreError
from labelclean.issues.problem import PROBLEM_KINDS, DataProblem, ProblemReport

__all__ = ["account_from_bytes", "account_to_bytes", "problem_from_bytes", "problem_to_bytes"]

_Packed: TypeAlias = dict[str, object]
_DAMAGE = (KeyError, TypeError, ValueError, IndexError, zlib.error)


def problem_to_bytes(problem: DataProblem) -> bytes:
    """Return a problem as bytes."""
    return _packed(
        {
            "kind": problem.kind,
            "reasons": problem.reasons,
            "marks": problem.marks,
            "rows": _array_text(problem.rows.astype("<i4")),
            "scores": _array_text(problem.scores.astype("<f4")),
            "reason_codes": _array_text(problem.reason_codes.astype("<i4")),
            "groups": _array_text(problem.groups.astype("<i4")),
            "contradicts": _array_text(problem.contradicts.astype("u1")),
            "is_spare": _array_text(problem.is_spare.astype("u1")),
        }
    )


def problem_from_bytes(content: bytes) -> DataProblem:
    """Return the problem that ``problem_to_bytes`` packed; raises StoreError on anything else."""
    try:
        values = _unpacked(content)
        kind = next(kind for kind in PROBLEM_KINDS if kind == values["kind"])
        return DataProblem(
            kind=kind,
            rows=_array(values["rows"], "<i4").astype(np.int64),
            scores=_array(values["scores"], "<f4").astype(np.float64),
            reasons=_texts(values["reasons"]),
            reason_codes=_array(values["reason_codes"], "<i4").astype(np.int64),
            marks=_texts(values["marks"]),
            groups=_array(values["groups"], "<i4").astype(np.int64),
            contradicts=_array(values["contradicts"], "u1").astype(np.bool_),
            is_spare=_array(values["is_spare"], "u1").astype(np.bool_),
        )
    except (*_DAMAGE, StopIteration) as error:
        raise _damaged() from error


def account_to_bytes(report: ProblemReport) -> bytes:
    """Return as bytes what was looked for and what was not."""
    return _packed({"checked": report.checked, "left_out": report.left_out})


def account_from_bytes(content: bytes) -> ProblemReport:
    """Return what ``account_to_bytes`` packed, as a report without problems; raises StoreError on anything else."""
    try:
        values = _unpacked(content)
        checked, left_out = set(_texts(values["checked"])), dict(_pairs(values["left_out"]))
    except _DAMAGE as error:
        raise _damaged() from error
    return ProblemReport(
        checked=tuple(kind for kind in PROBLEM_KINDS if kind in checked),
        left_out=tuple((kind, left_out[kind]) for kind in PROBLEM_KINDS if kind in left_out),
    )


def _packed(values: _Packed) -> bytes:
    return zlib.compress(json.dumps(values, separators=(",", ":")).encode("ascii"), level=6)


def _unpacked(content: bytes) -> _Packed:
    values = json.loads(zlib.decompress(content))
    if not isinstance(values, dict):
        raise TypeError("not an object")
    return values


def _array_text(array: NDArray[np.generic]) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def _array(text: object, dtype: str) -> NDArray[np.generic]:
    return np.frombuffer(base64.b64decode(str(text), validate=True), dtype=dtype)


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError("not a list")
    return tuple(str(value) for value in values)


def _pairs(values: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(values, list):
        raise TypeError("not a list")
    return tuple((str(key), str(value)) for key, value in values)


def _damaged() -> StoreError:
    return StoreError("The stored problems of the data must be whole; they are damaged.", fix="Look for them again.")
