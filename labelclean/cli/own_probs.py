"""The user's own probabilities on the command line: read, checked, and what was understood said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labelclean.cli.files import existing_file, text_or_file
from labelclean.cli.reporting import note
from labelclean.errors import InvalidInputError

if TYPE_CHECKING:
    from labelclean.dataset import Dataset
    from labelclean.io.model_outputs.class_order import MatchedPredProbs

__all__ = ["OwnProbs", "check_options", "own_probs"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class OwnProbs:
    """
    Probabilities that fit a dataset.

    Attributes
    ----------
    matched : MatchedPredProbs
        Both.
    warnings : tuple of str
        What is odd about the probabilities.
    source : dict of str to object
        Where they came from, as plain values for JSON.
    """

    matched: MatchedPredProbs
    warnings: tuple[str, ...]
    source: dict[str, object]


def check_options(pred_probs: Path | None, class_names: str | None, id_column: str | None) -> None:
    """
    Refuse options that mean nothing by themselves.

    Raises
    ------
    InvalidInputError
        If one of them is given without the file it is about.
    """
    for name, value in (("--class-names", class_names), ("--pred-probs-id", id_column)):
        if value is not None and pred_probs is None:
            raise InvalidInputError(
                f"{name} must go with --pred-probs; there is none.", fix="Name the file of probabilities."
            )


def own_probs(dataset: Dataset, file: Path, *, class_names: str | None, id_column: str | None, quiet: bool) -> OwnProbs:
    """
    Read probabilities and say how they were understood.

    Parameters
    ----------
    dataset : Dataset
        What they are about.
    file : Path
        The file.
    class_names : str or None
        A file with the classes, or the classes themselves with commas between.
    id_column : str or None
        Column with the row ids.
    quiet : bool
        Whether only warnings are said.

    Raises
    ------
    InvalidInputError
        If the file does not fit the dataset.
    NotFoundError
        If there is no such file.
    StoreError
        If there is no room for a temporary copy.
    """
    from labelclean.core.plausibility import check_plausible  # noqa: PLC0415  (--help need not wait for the engine)
    from labelclean.io.model_outputs.class_order import match_pred_probs, parse_class_names  # noqa: PLC0415
    from labelclean.io.model_outputs.pred_probs import read_pred_probs  # noqa: PLC0415

    names = None if class_names is None else parse_class_names(text_or_file(class_names))
    found = read_pred_probs(existing_file(file), dataset=dataset, class_names=names, row_id=id_column)
    matched = match_pred_probs(dataset, found.pred_probs, class_names=found.class_names)
    if not quiet:
        for topic in ("columns", "row_order", "class_order"):
            if topic in found.reasons:
                note(f"probabilities: {found.reasons[topic]}")
    findings = check_plausible(dataset.labels, matched.pred_probs, class_names=matched.dataset.class_names)
    return OwnProbs(
        matched=matched,
        warnings=tuple(f"{finding.message} {finding.fix}" for finding in findings),
        source={
            "source": "file",
            "file": str(file),
            "format": found.file_format,
            "dtype": str(found.pred_probs.dtype),
            "reasons": found.reasons,
        },
    )
