"""A few hundred damaged files for each reader, always the same ones; longer runs are started by hand."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from tests.fuzz.running import Findings, fuzz_blind
from tests.fuzz.seeds import READERS


@pytest.mark.parametrize("reader", READERS)
def test_damaged_files_are_refused_in_our_words_or_come_back_whole(reader: str, tmp_path: Path) -> None:
    """Nothing but our own errors, the same bytes back, corrections that read as what they are; all of it quickly."""
    findings = Findings(tmp_path, None)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fuzz_blind(findings, reader, seed=1, n_inputs=150)

    assert findings.kinds == {}
    assert findings.n_inputs == 150
