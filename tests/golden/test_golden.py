"""Each golden file is understood, comes back unchanged, and with edits differs by them alone."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from labelclean.errors import LabelCleanError
from labelclean.io.layout import ColumnRoles, FileLayout, FileSummary
from labelclean.io.source import inspect_file, read_dataset, write_back
from tests.golden.contents import cells_that_differ, content_of, unpacked
from tests.golden.expectations import FOLDER, SUFFIX, TOPICS, ErrorWords, Expected, find_expectations, load

EXPECTATIONS = find_expectations()


def _cases(fits: Callable[[str], bool]) -> list[object]:
    """Name a case for each expectation whose text fits."""
    return [
        pytest.param(path, id=str(path.relative_to(FOLDER)).removesuffix(SUFFIX))
        for path in EXPECTATIONS
        if fits(path.read_text(encoding="utf-8"))
    ]


ALL = _cases(lambda _: True)
ACCEPTED = _cases(lambda text: '"error":' not in text)
EDITED = _cases(lambda text: '"edits":' in text or '"dropped_rows":' in text)


@pytest.mark.parametrize("expectation", ALL)
def test_a_golden_file_is_read_or_refused_as_expected(expectation: Path) -> None:
    """Columns, texts, labels, warnings and reasons, or the words of the error."""
    golden = load(expectation)
    if golden.error is not None:
        with pytest.raises(LabelCleanError) as caught:
            _read_all(golden)
        _check_words(caught.value, golden.error)
        return

    summary, roles = _look_into(golden)
    dataset = read_dataset(golden.path, summary.layout, roles)

    assert golden.columns in {None, summary.layout.columns}
    assert golden.texts in (None, list(dataset.texts))
    if golden.labels is not None:
        found = [None if code < 0 else dataset.class_names[code] for code in dataset.labels.tolist()]
        assert _typed(found) == _typed(golden.labels)
    assert golden.row_ids in (None, [str(row_id) for row_id in dataset.row_ids or ()])
    assert {key: getattr(summary.layout, key) for key in golden.layout} == golden.layout
    assert [words for words in golden.warnings if not _is_in_some(words, summary.warnings)] == []
    assert [line for line in summary.warnings if not any(re.search(words, line) for words in golden.warnings)] == []
    assert {
        key: summary.reasons[key] for key, words in golden.reasons.items() if not re.search(words, summary.reasons[key])
    } == {}


@pytest.mark.parametrize("expectation", ACCEPTED)
def test_a_golden_file_comes_back_unchanged(expectation: Path) -> None:
    """Without corrections the export is the identical file."""
    golden = load(expectation)
    summary, roles = _look_into(golden)
    target = io.BytesIO()

    n_changed = write_back(golden.path, target, summary.layout, roles, {})

    assert n_changed == 0
    if golden.path.is_dir():
        assert content_of(target.getvalue(), golden, summary.layout) == content_of(None, golden, summary.layout)
    else:
        assert target.getvalue() == golden.path.read_bytes()


@pytest.mark.parametrize("expectation", EDITED)
def test_a_golden_file_with_edits_differs_by_them_alone(expectation: Path) -> None:
    """The bytes that are written, or the cells that are not what they were."""
    golden = load(expectation)
    summary, roles = _look_into(golden)
    if golden.write_error is not None:
        with pytest.raises(LabelCleanError) as caught:
            _written(golden, summary.layout, roles)
        _check_words(caught.value, golden.write_error)
        return

    n_changed, written = _written(golden, summary.layout, roles)

    assert n_changed == (len(golden.edits) if golden.n_changed is None else golden.n_changed)
    if golden.output_bytes is not None:
        assert unpacked(written, summary.layout) == golden.output_bytes
    else:
        assert golden.output_cells is not None, "say under output what must come of the edits"
        assert cells_that_differ(written, golden, summary.layout) == golden.output_cells


def test_there_are_at_least_sixty_golden_files_small_enough_to_read() -> None:
    """Each has its expectation beside it, and none is heavy."""
    sizes = {path.name: _size(load(path).path) for path in EXPECTATIONS}

    too_large = {name: size for name, size in sizes.items() if size > 20 * 1024}

    assert too_large == {}
    assert len(EXPECTATIONS) >= 60


def test_every_golden_file_has_an_expectation() -> None:
    """A file without one would test nothing."""
    expected = {load(path).path for path in EXPECTATIONS}

    alone = [
        str(path.relative_to(FOLDER))
        for path in FOLDER.rglob("*")
        if path.is_file()
        and not path.name.endswith(SUFFIX)
        and path not in expected
        and not any(parent in expected for parent in path.parents)
    ]

    assert alone == []
    assert [str(path.relative_to(FOLDER)) for path in sorted(expected) if not path.exists()] == []


def test_every_topic_has_a_golden_file() -> None:
    """Each format, archive, label spelling and kind of bad input occurs; no file names another topic."""
    covered = {topic for path in EXPECTATIONS for topic in load(path).covers}

    assert sorted(covered - set(TOPICS)) == []
    assert [topic for topic in TOPICS if topic not in covered] == []


def _look_into(golden: Expected) -> tuple[FileSummary, ColumnRoles]:
    summary = inspect_file(golden.path, name=golden.name, **golden.options)
    # What the app stores and reads again must do.
    layout = FileLayout.from_dict(json.loads(json.dumps(summary.layout.to_dict())))
    roles = golden.roles_for(summary)
    assert layout == summary.layout
    assert ColumnRoles.from_dict(json.loads(json.dumps(roles.to_dict()))) == roles
    return summary, roles


def _read_all(golden: Expected) -> None:
    summary, roles = _look_into(golden)
    read_dataset(golden.path, summary.layout, roles)


def _written(golden: Expected, layout: FileLayout, roles: ColumnRoles) -> tuple[int, bytes]:
    target = io.BytesIO()
    n_changed = write_back(golden.path, target, layout, roles, golden.edits, dropped_rows=golden.dropped_rows)
    return n_changed, target.getvalue()


def _check_words(error: LabelCleanError, words: ErrorWords) -> None:
    assert re.search(words.message, error.message), error.message
    assert re.search(words.fix, error.fix), error.fix


def _is_in_some(words: str, lines: Sequence[str]) -> bool:
    return any(re.search(words, line) for line in lines)


def _typed(labels: Sequence[object]) -> list[tuple[str, object]]:
    return [(type(label).__name__, label) for label in labels]


def _size(path: Path) -> int:
    return (
        sum(part.stat().st_size for part in path.rglob("*") if part.is_file()) if path.is_dir() else path.stat().st_size
    )
