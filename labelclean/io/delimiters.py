"""Guess which character parts the cells of a file, and whether quotes enclose them, with the reasons."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from labelclean.io.layout import ReadingChoices
from labelclean.io.reasons import CHOSEN
from labelclean.io.tables.delimited_files.format import Tokenizer, check_delimiter
from labelclean.io.text.records import split_lines

__all__ = ["TAB_SUFFIXES", "DelimiterChoice", "choose_delimiter"]


TAB_SUFFIXES = {".tsv", ".tab"}
"""Suffixes of files with tabs between their cells."""

_SAMPLE_RECORDS = 200
_DELIMITERS = (",", ";", "\t", "|", ":")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", ":": "colon"}
_LEAST_SHARE = 0.5
_DELIMITER_LINE = re.compile(r'"?sep=([^"\r\n])"?[\r\n]+', re.IGNORECASE)
_WHOLLY_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')


@dataclass(frozen=True, kw_only=True, slots=True)
class DelimiterChoice:
    """
    How cells are parted.

    Attributes
    ----------
    delimiter : str
        One character.
    quoting : bool
        Whether quotes enclose cells.
    reasons : dict of str to str
        One sentence each for "delimiter" and, where it is not the usual case, for "quoting".
    """

    delimiter: str
    quoting: bool
    reasons: dict[str, str]


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


def choose_delimiter(sample: str, suffix: str, chosen: ReadingChoices, *, is_whole: bool) -> DelimiterChoice:
    """
    Say what parts the cells of a file, and whether quotes enclose them.

    Parameters
    ----------
    sample : str
        The first text of the file.
    suffix : str
        Of the file's name, in small letters; a hint.
    chosen : ReadingChoices
        The user's choices.
    is_whole : bool
        Whether the sample is all of the file.

    Returns
    -------
    DelimiterChoice
        With the reasons.

    Raises
    ------
    InvalidInputError
        If the chosen character cannot part cells.
    """
    named = _DELIMITER_LINE.match(sample)
    table = sample[named.end() :] if named else sample
    mark, why = _fixed(chosen, named)
    marks = (mark,) if mark else _DELIMITERS
    hint = "\t" if suffix in TAB_SUFFIXES else ""
    bare = _best_fit(table, marks, hint, quoting=False, is_whole=is_whole)
    if chosen.quoting is None:
        quoting_why = _why_bare(table, bare, is_whole=is_whole) if '"' in table else ""
        quoting = not quoting_why
    else:
        quoting, quoting_why = chosen.quoting, CHOSEN
    best = _best_fit(table, marks, hint, quoting=True, is_whole=is_whole) if quoting else bare
    reasons = {"quoting": quoting_why} if quoting_why else {}
    if mark:
        return DelimiterChoice(delimiter=mark, quoting=quoting, reasons={**reasons, "delimiter": why})
    delimiter, why = _described(best)
    return DelimiterChoice(delimiter=delimiter, quoting=quoting, reasons={**reasons, "delimiter": why})


def _fixed(chosen: ReadingChoices, named: re.Match[str] | None) -> tuple[str, str]:
    """Return the delimiter that need not be guessed, and why; an empty one if there is none."""
    if chosen.delimiter:
        check_delimiter(chosen.delimiter)
        return chosen.delimiter, CHOSEN
    if chosen.file_format == "tsv":
        return "\t", "TSV files have tabs between their cells."
    if named:
        return named[1], "The first line names it, as Excel writes it."
    return "", ""


def _described(best: _Fit | None) -> tuple[str, str]:
    if best is None:
        return ",", "No delimiter occurs in the first line in the way of a table, so the file has a single column."
    agreeing = "all" if best.share == 1 else f"{best.n_agreeing:,} of"
    return best.delimiter, (
        f"Cut at each {_NAMES[best.delimiter]}, {agreeing} {best.n_records:,} records looked at have "
        f"{best.n_columns:,} cells, as the header has."
    )


def _best_fit(sample: str, marks: Sequence[str], hint: str, *, quoting: bool, is_whole: bool) -> _Fit | None:
    found = (_fit(sample, mark, quoting=quoting, is_whole=is_whole) for mark in marks)
    fits = [fit for fit in found if fit is not None]
    # Among equals the first is taken, which is the more usual delimiter.
    return max(fits, key=lambda fit: (fit.share == 1, fit.delimiter == hint, fit.share, fit.n_columns), default=None)


def _fit(sample: str, delimiter: str, *, quoting: bool, is_whole: bool) -> _Fit | None:
    """Tell how well a delimiter cuts the sample; None if it does not cut it into columns."""
    tokenizer = Tokenizer(delimiter, quoting=quoting)
    records = tokenizer.split_records(sample)
    if records and (not is_whole or tokenizer.open_quote(records[-1]) is not None):
        del records[-1]
    counts = [tokenizer.n_cells(record) for record in records[:_SAMPLE_RECORDS] if record.strip("\r\n")]
    if not counts or counts[0] == 1:
        return None
    fit = _Fit(delimiter=delimiter, n_columns=counts[0], n_records=len(counts), n_agreeing=counts.count(counts[0]))
    least = 1 if delimiter == ":" else _LEAST_SHARE
    return fit if fit.share >= least else None


def _why_bare(sample: str, bare: _Fit | None, *, is_whole: bool) -> str:
    """
    Return why quotes are ordinary characters in this file; empty if they enclose cells.

    Only files with tabs between cells are often written so; elsewhere a quote that encloses nothing is a mistake.
    """
    if bare is None or bare.delimiter != "\t" or bare.share < 1:
        return ""
    n_stray, n_wholly = _count_quotes(sample, bare.delimiter, is_whole=is_whole)
    if n_stray == 0 or n_stray < n_wholly or _is_well_quoted(sample, bare.delimiter, is_whole=is_whole):
        return ""
    cells = "1 cell begins" if n_stray == 1 else f"{n_stray:,} cells begin"
    return (
        f"Quotes are ordinary characters here: {cells} with a quote that does not enclose the cell, and read this way "
        "every line has as many cells as the header."
    )


def _is_well_quoted(sample: str, delimiter: str, *, is_whole: bool) -> bool:
    """Tell whether quotes enclose whole cells wherever they stand; quotes that mean themselves hardly ever look so."""
    lines = split_lines(sample)[: None if is_whole else -1]
    try:
        counts = [len(cells) for cells in csv.reader(lines, delimiter=delimiter, strict=True) if cells]
    except csv.Error:
        return False
    return counts.count(counts[0]) == len(counts)


def _count_quotes(sample: str, delimiter: str, *, is_whole: bool) -> tuple[int, int]:
    """Count the cells that begin with a quote but do not end with its partner, and those that do."""
    tokenizer = Tokenizer(delimiter, quoting=False)
    lines = split_lines(sample)[: None if is_whole else -1]
    cells = (cell for line in lines for cell in tokenizer.cells(line) if cell.startswith('"'))
    wholly = [_WHOLLY_QUOTED.fullmatch(cell) is not None for cell in cells]
    return wholly.count(False), wholly.count(True)
