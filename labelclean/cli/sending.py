"""From the table of ``labelclean find`` to the rows that an annotation tool is given."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from labelclean.arrays import Label
from labelclean.cli.task_labels import TaskLabels
from labelclean.dataset import Dataset, text_hash
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.export.change_log import unescape_cell
from labelclean.export.planned import same_label
from labelclean.io.exchange.contract import SentRow

__all__ = ["read_suspects", "sent_rows"]

_NEEDED = ("rank", "row", "given_label", "suggested_label", "error_probability", "is_issue")
_FIX = "Use the table that `labelclean find --output` wrote for this very file."
_LONGEST_CELL = 2**31 - 1
_LONGEST_NUMBER = 18  # digits of 64 bits


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspect:
    """One line of the table of suspects."""

    line: int
    row: int
    given_label: str
    suggested_label: str
    error_probability: float | None
    is_issue: bool


def read_suspects(path: Path) -> list[Suspect]:
    """
    Read what ``labelclean find`` wrote, in its order.

    Raises
    ------
    FileContentError
        If the file is something else, or a row is in it twice.
    """
    suspects: list[Suspect] = []
    seen: dict[int, int] = {}
    for line, cells in _records(path):
        suspect = _suspect(line, cells)
        if suspect.row in seen:
            raise _bad(line, f"must not repeat row {suspect.row:,}, which line {seen[suspect.row]:,} has already")
        seen[suspect.row] = line
        suspects.append(suspect)
    return suspects


def sent_rows(
    suspects: list[Suspect], dataset: Dataset, labels: TaskLabels, *, top: int | None, all_rows: bool
) -> list[SentRow]:
    """
    Return the rows to send, most suspect first.

    Parameters
    ----------
    suspects : list of Suspect
        As ``read_suspects`` gives them.
    dataset : Dataset
        The file they were found in.
    labels : TaskLabels
        The names of its labels.
    top : int or None
        Only so many, flagged or not.
    all_rows : bool
        Every row; without this and ``top`` only the flagged ones.

    Raises
    ------
    FileContentError
        If a row is not in the dataset, or has another label there.
    """
    for suspect in suspects:
        _check_fits(suspect, dataset, labels)
    chosen = suspects[:top] if top is not None else [each for each in suspects if all_rows or each.is_issue]
    return [_sent(suspect, rank, dataset, labels) for rank, suspect in enumerate(chosen, start=1)]


def _records(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", errors="surrogatepass", newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey="", restval="")
            missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                raise FileContentError(
                    f"The suspects must have the columns {', '.join(_NEEDED)}; {', '.join(missing)} not found.",
                    fix=_FIX,
                )
            for cells in reader:
                yield reader.line_num, cells
    except OSError as error:
        raise FileContentError(
            f"The suspects cannot be read: {error.strerror or type(error).__name__}.", fix="Check the path."
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileContentError("The suspects must be a CSV table in UTF-8; this file is not.", fix=_FIX) from error


def _suspect(line: int, cells: Mapping[str, str]) -> Suspect:
    row = cells["row"]
    if not (row.isascii() and row.isdigit() and len(row) <= _LONGEST_NUMBER):
        raise _bad(line, "must have a row number, 0 or more; it has something else")
    if cells["is_issue"] not in {"true", "false"}:
        raise _bad(line, "must have true or false in is_issue; it has something else")
    return Suspect(
        line=line,
        row=int(row),
        given_label=unescape_cell(cells["given_label"]),
        suggested_label=unescape_cell(cells["suggested_label"]),
        error_probability=_probability(line, cells["error_probability"]),
        is_issue=cells["is_issue"] == "true",
    )


def _probability(line: int, cell: str) -> float | None:
    if not cell:
        return None
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 1:
        raise _bad(line, "must have a number from 0 to 1 in error_probability; it has something else")
    return number


def _check_fits(suspect: Suspect, dataset: Dataset, labels: TaskLabels) -> None:
    if suspect.row >= dataset.n_examples:
        raise _bad(suspect.line, f"must name a row of the file, which has {dataset.n_examples:,}; row {suspect.row:,}")
    if not same_label(_label(suspect.line, suspect.given_label, labels), dataset.given_label(suspect.row)):
        raise _bad(suspect.line, f"must have the label of its row, {suspect.row:,}, as the file has it; they differ")


def _sent(suspect: Suspect, rank: int, dataset: Dataset, labels: TaskLabels) -> SentRow:
    text, given = dataset.texts[suspect.row], dataset.given_label(suspect.row)
    suggested = _label(suspect.line, suspect.suggested_label, labels)
    return SentRow(
        row=suspect.row,
        row_id=None if dataset.row_ids is None else dataset.row_ids[suspect.row],
        text=text,
        text_hash=text_hash(text),
        given=labels.parts(given),
        suggested=labels.parts(suggested),
        given_label=labels.spelled(given),
        suggested_label=labels.spelled(suggested),
        error_probability=suspect.error_probability,
        rank=rank,
    )


def _label(line: int, spelled: str, labels: TaskLabels) -> Label | None:
    try:
        return labels.read(spelled)
    except InvalidInputError as error:
        raise _bad(line, "must spell labels as `labelclean find` does for this file; it does not") from error


def _bad(line: int, what: str) -> FileContentError:
    return FileContentError(f"Line {line:,} of the suspects {what}.", fix=_FIX)
