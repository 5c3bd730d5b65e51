"""The certificate of changes: which bytes were corrected, by whom, when, and what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from labelclean.export.change_log import change_log_csv, change_log_jsonl
from labelclean.export.planned import CellChange
from labelclean.export.report_pieces import number, paragraph, section, time_text, user_text
from labelclean.export.safe_html import as_text, element, table
from labelclean.review.decisions import Verdict

__all__ = ["Certificate", "certificate_section"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """
    What identifies the file before and after.

    Attributes
    ----------
    file_name : str
        As the user called it.
    original_sha256 : str
        Of the bytes as they were given.
    n_bytes, n_rows : int
        Their number, and the rows in them.
    n_merges : int
        Merges of names in force.
    version : str
        Of the program.
    corrected_sha256 : str or None
        Of the corrected file; None where it was not written.
    corrected_words : str
        Which corrected file that is, or why there is none.
    """

    file_name: str
    original_sha256: str
    n_bytes: int
    n_rows: int
    n_merges: int
    version: str
    corrected_sha256: str | None
    corrected_words: str


def certificate_section(certificate: Certificate, changes: Sequence[CellChange]) -> str:
    """
    Return the certificate as a part of the report.

    Parameters
    ----------
    certificate : Certificate
        What identifies the file.
    changes : sequence of CellChange
        The decisions in force in row order; the change log of exactly these is named by its digests.

    Returns
    -------
    str
        HTML.
    """
    rows = [
        ["Original file", user_text(certificate.file_name)],
        ["SHA-256 of its bytes", _code(certificate.original_sha256)],
        ["Size", f"{number(certificate.n_bytes)} bytes, {number(certificate.n_rows)} rows"],
        ["Labels changed", number(sum(change.is_correction for change in changes))],
        ["Rows excluded", number(sum(change.verdict is Verdict.EXCLUDE for change in changes))],
        ["Names merged", number(certificate.n_merges)],
        ["Rows decided", number(len(changes))],
        ["Reviewers", ", ".join(map(user_text, _reviewers(changes))) or "–"],
        ["From, to", _span(changes)],
        ["Change log (JSON Lines), SHA-256", _code(hashlib.sha256(change_log_jsonl(changes)).hexdigest())],
        ["Change log (CSV), SHA-256", _code(hashlib.sha256(change_log_csv(changes)).hexdigest())],
        ["Corrected file, SHA-256", _code(certificate.corrected_sha256) if certificate.corrected_sha256 else "–"],
        ["", as_text(certificate.corrected_words)],
        ["Made by", as_text(f"labelclean {certificate.version}")],
    ]
    return section(
        "Certificate of changes",
        paragraph(
            "Nothing but the label cells of the rows in the change log is changed, and excluded rows are left out only "
            "where that is asked for. Whoever has the original file and the change log can repeat the corrections with "
            "“labelclean apply”, and compare the digests."
        ),
        table(["What", "Value"], [[as_text(name), value] for name, value in rows]),
        classes="certificate",
    )


def _code(text: str) -> str:
    return element("code", as_text(text))


def _reviewers(changes: Sequence[CellChange]) -> list[str]:
    return list(dict.fromkeys(change.reviewer for change in changes if change.reviewer))


def _span(changes: Sequence[CellChange]) -> str:
    times = [change.decided_at for change in changes if change.decided_at is not None]
    return f"{time_text(min(times))} – {time_text(max(times))}" if times else "–"
