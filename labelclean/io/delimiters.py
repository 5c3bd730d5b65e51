"""Guess which character parts the cells of a file, with the reason in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from labelclean.io.layout import FileFormat
from labelclean.io.reasons import CHOSEN
from labelclean.io.tables.delimited import Tokenizer, check_delimiter

__all__ = ["TAB_SUFFIXES", "choose_delimiter"]


TAB_SUFFIXES = {".tsv", ".tab"}
"""Suffixes of files with tabs between their cells."""

_SAMPLE_RECORDS = 200
_DELIMITERS = (",", ";", "\t", "|", ":")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", ":": "colon"}
_LEAST_SHARE = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fit:
    """How well one delimiter cuts the sample."""

    delimiter: str
    n_columns: int
    n_records: int
    n_agreeing: int

    @property
    def share(self) -> float:
        """Share of the records that have as many cells as the header."""
        return self.n_agreeing / self.n_records


def choose_delimiter(
    sample: str, suffix: str, file_format: FileFormat | None, chosen: str | None, *, is_whole: bool
) -> tuple[str, str]:
    """
    Return the delimiter and the reason for it.

    Parameters
    ----------
    sample : str
        The first text of the file.
    suffix : str
        Of the file's name, in small letters; a hint.
    file_format, chosen : optional
        The user's choices.
    is_whole : bool
        Whether the sample is all of the file.

    Returns
    -------
    tuple of str
        One character, and one sentence.

    Raises
    ------
    InvalidInputError
        If the chosen character cannot part cells.
    """
    if chosen:
        check_delimiter(chosen)
        return chosen, CHOSEN
    if file_format == "tsv":
        return "\t", "TSV files have tabs between their cells."
    fits = [fit for mark in _DELIMITERS if (fit := _fit(sample, mark, is_whole=is_whole)) is not None]
    if not fits:
        return ",", "No delimiter occurs in the first line in the way of a table, so the file has a single column."
    hint = "\t" if suffix in TAB_SUFFIXES else ""
    # The sort is stable: among equals, the more usual delimiter wins.
    best = max(fits, key=lambda fit: (fit.share == 1, fit.delimiter == hint, fit.share, fit.n_columns))
    agreeing = "all" if best.share == 1 else f"{best.n_agreeing:,} of"
    return best.delimiter, (
        f"Cut at each {_NAMES[best.delimiter]}, {agreeing} {best.n_records:,} records looked at have "
        f"{best.n_columns:,} cells, as the header has."
    )


def _fit(sample: str, delimiter: str, *, is_whole: bool) -> _Fit | None:
    """Tell how well a delimiter cuts the sample; None if it does not cut it into columns."""
    tokenizer = Tokenizer(delimiter)
    records = tokenizer.split_records(sample)
    if records and (not is_whole or tokenizer.open_quote(records[-1]) is not None):
        del records[-1]
    counts = [tokenizer.n_cells(record) for record in records[:_SAMPLE_RECORDS] if record.strip("\r\n")]
    if not counts or counts[0] == 1:
        return None
    fit = _Fit(delimiter=delimiter, n_columns=counts[0], n_records=len(counts), n_agreeing=counts.count(counts[0]))
    least = 1 if delimiter == ":" else _LEAST_SHARE
    return fit if fit.share >= least else None
