"""How the numbers lie in memory, who works on them and what else goes on changes no answer."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.config import CountingRule, FilterMethod
from labelclean.core import chunks, joint, margins, scan, thresholds
from labelclean.core.error_counts import n_label_errors
from labelclean.core.health import dataset_health
from labelclean.core.joint import confident_joint
from labelclean.core.label_issues import find_label_issues
from labelclean.core.noise import true_class_probs
from labelclean.core.scores import ScoringMethod, label_quality_scores
from labelclean.core.thresholds import confident_thresholds
from labelclean.results import NoiseEstimate
from tests.core_cases import Case, Probs, any_cases, cases

AnyCase = tuple[NDArray[np.int64], Probs]
METHODS = st.sampled_from(get_args(FilterMethod))
SCORES: st.SearchStrategy[ScoringMethod] = st.sampled_from(get_args(ScoringMethod))
RULES: st.SearchStrategy[CountingRule] = st.sampled_from(get_args(CountingRule))
BLOCKS = [
    (module, name)
    for module in (chunks, joint, margins, scan, thresholds)
    for name, value in vars(module).items()
    if isinstance(value, int) and name.endswith(("_AT_ONCE", "BLOCK_ROWS"))
]


def every_second(probs: Probs) -> NDArray[np.floating]:
    """Lie between other numbers."""
    wide = np.full((2 * len(probs), 2 * probs.shape[1]), 0.7, dtype=probs.dtype)
    wide[::2, ::2] = probs
    return wide[::2, ::2]


def not_aligned(probs: Probs) -> NDArray[np.floating]:
    """Begin at an odd byte."""
    shifted = np.empty(probs.nbytes + 1, dtype=np.uint8)[1:].view(probs.dtype).reshape(probs.shape)
    shifted[:] = probs
    return shifted


def read_only(probs: Probs) -> NDArray[np.floating]:
    """Refuse to be written to."""
    copied = probs.copy()
    copied.flags.writeable = False
    return copied


def memory_map(probs: Probs) -> NDArray[np.floating]:
    """Lie in a file; an empty one cannot be mapped."""
    if not probs.size:
        return probs
    with tempfile.TemporaryDirectory() as folder:  # the map outlives the file's name
        np.save(Path(folder) / "probs.npy", probs)
        mapped: NDArray[np.floating] = np.load(Path(folder) / "probs.npy", mmap_mode="r")
        return mapped


LAYOUTS: dict[str, Callable[[Probs], NDArray[np.floating]]] = {
    "Fortran order": np.asfortranarray,
    "other byte order": lambda probs: probs.astype(probs.dtype.newbyteorder()),
    "backwards": lambda probs: probs[::-1, ::-1].copy()[::-1, ::-1],
    "every second row and column": every_second,
    "not aligned": not_aligned,
    "read-only": read_only,
    "memory map": memory_map,
}


@given(any_cases(), METHODS, SCORES, st.sampled_from(list(LAYOUTS)))
@settings(deadline=None, max_examples=150)
def test_any_layout_in_memory_gives_the_same_bits(
    case: AnyCase, method: FilterMethod, score_by: ScoringMethod, layout: str
) -> None:
    """Labels as well as probabilities; half, single and double precision."""
    labels, probs = case
    other_labels = np.repeat(labels, 2)[::2].astype(labels.dtype.newbyteorder())
    other_probs = LAYOUTS[layout](probs)

    plain = find_label_issues(labels, probs, filter_by=method, score_by=score_by)
    other = find_label_issues(other_labels, other_probs, filter_by=method, score_by=score_by)

    assert other.is_issue.tobytes() == plain.is_issue.tobytes()
    assert other.suggested_labels.tobytes() == plain.suggested_labels.tobytes()
    assert other.label_quality_scores.tobytes() == plain.label_quality_scores.tobytes()
    assert other.noise.confident_joint.tobytes() == plain.noise.confident_joint.tobytes()
    assert confident_thresholds(other_labels, other_probs).tobytes() == confident_thresholds(labels, probs).tobytes()


@given(any_cases(), METHODS, SCORES, st.integers(1, 2000), st.data())
@settings(deadline=None, max_examples=200)
def test_any_chunks_and_threads_give_the_same_bits(
    case: AnyCase, method: FilterMethod, score_by: ScoringMethod, chunk_bytes: int, data: st.DataObject
) -> None:
    """How the rows are cut, and by how many threads they are worked on, is a question of speed only."""
    n_threads = data.draw(st.sampled_from([1, 2, 5]))
    adjust = score_by != "confidence_weighted_entropy" and data.draw(st.booleans())

    whole = find_label_issues(*case, filter_by=method, score_by=score_by, adjust_pred_probs=adjust)
    cut = find_label_issues(
        *case,
        filter_by=method,
        score_by=score_by,
        adjust_pred_probs=adjust,
        chunk_bytes=chunk_bytes,
        n_threads=n_threads,
    )

    assert cut.is_issue.tobytes() == whole.is_issue.tobytes()
    assert cut.suggested_labels.tobytes() == whole.suggested_labels.tobytes()
    assert cut.label_quality_scores.tobytes() == whole.label_quality_scores.tobytes()
    assert cut.noise.confident_joint.tobytes() == whole.noise.confident_joint.tobytes()
    assert cut.noise.noise_matrix.tobytes() == whole.noise.noise_matrix.tobytes()
    assert cut.noise.class_priors.tobytes() == whole.noise.class_priors.tobytes()


@given(any_cases(), METHODS, RULES, st.sampled_from([1, 2, 7, 64]))
@settings(deadline=None, max_examples=150)
def test_blocks_of_any_size_give_the_same_bits(
    case: AnyCase, method: FilterMethod, counting: CountingRule, size: int
) -> None:
    """Whatever else is done so many rows or cells at a time."""
    whole = find_label_issues(*case, filter_by=method, counting=counting)
    with pytest.MonkeyPatch.context() as patch:
        for module, name in BLOCKS:
            patch.setattr(module, name, size)
        cut = find_label_issues(*case, filter_by=method, counting=counting)

    assert len(BLOCKS) > 4
    assert cut.is_issue.tobytes() == whole.is_issue.tobytes()
    assert cut.suggested_labels.tobytes() == whole.suggested_labels.tobytes()
    assert cut.label_quality_scores.tobytes() == whole.label_quality_scores.tobytes()
    assert cut.noise.confident_joint.tobytes() == whole.noise.confident_joint.tobytes()


@given(any_cases(), st.integers(1, 2000), st.sampled_from([1, 3]))
@settings(deadline=None)
def test_single_figures_do_not_depend_on_chunks_and_threads_either(
    case: AnyCase, chunk_bytes: int, n_threads: int
) -> None:
    """The joint, the number of errors and the scores on their own."""
    counts = confident_joint(*case, chunk_bytes=chunk_bytes, n_threads=n_threads)
    n_errors = n_label_errors(*case, chunk_bytes=chunk_bytes, n_threads=n_threads)
    scores = label_quality_scores(*case, method="normalized_margin", chunk_bytes=chunk_bytes, n_threads=n_threads)

    assert counts.tobytes() == confident_joint(*case).tobytes()
    assert n_errors == n_label_errors(*case)
    assert scores.tobytes() == label_quality_scores(*case, method="normalized_margin").tobytes()


@given(cases(), METHODS, SCORES, st.sampled_from([np.float32, np.float16]))
@settings(deadline=None)
def test_halves_singles_and_doubles_of_the_same_values_agree(
    case: Case, method: FilterMethod, score_by: ScoringMethod, dtype: type[np.floating]
) -> None:
    """The precision of the table is a question of memory only."""
    labels, probs = case
    rough = probs.astype(dtype)

    one = find_label_issues(labels, rough, filter_by=method, score_by=score_by)
    two = find_label_issues(labels, rough.astype(np.float64), filter_by=method, score_by=score_by)

    assert one.is_issue.tobytes() == two.is_issue.tobytes()
    assert one.noise.confident_joint.tobytes() == two.noise.confident_joint.tobytes()
    assert one.label_quality_scores.tobytes() == two.label_quality_scores.tobytes()


@given(any_cases(), METHODS, SCORES, st.booleans(), st.booleans())
@settings(deadline=None)
def test_the_callers_arrays_stay_as_they_are(
    case: AnyCase, method: FilterMethod, score_by: ScoringMethod, labels_writeable: bool, probs_writeable: bool
) -> None:
    """Neither their values nor whether they can be written to."""
    labels, probs = case
    before = labels.copy(), probs.copy()
    labels.flags.writeable, probs.flags.writeable = labels_writeable, probs_writeable

    find_label_issues(labels, probs, filter_by=method, score_by=score_by)
    true_class_probs(probs, dataset_noise(labels, probs))
    dataset_health(labels, probs)

    assert (labels.flags.writeable, probs.flags.writeable) == (labels_writeable, probs_writeable)
    assert labels.tobytes() == before[0].tobytes()
    assert probs.tobytes() == before[1].tobytes()


def dataset_noise(labels: NDArray[np.int64], probs: Probs) -> NoiseEstimate:
    """Estimate the noise."""
    return find_label_issues(labels, probs).noise


def random_state() -> str:
    """Return NumPy's global random state as text."""
    return repr(np.random.get_state(legacy=False))  # noqa: NPY002


@given(any_cases(), METHODS, SCORES)
@settings(deadline=None)
def test_nothing_global_is_touched(case: AnyCase, method: FilterMethod, score_by: ScoringMethod) -> None:
    """NumPy's own random state, its handling of errors, and the filters of warnings."""
    state, handling, filters = random_state(), np.geterr(), list(warnings.filters)

    find_label_issues(*case, filter_by=method, score_by=score_by)

    assert random_state() == state
    assert np.geterr() == handling
    assert list(warnings.filters) == filters


@pytest.mark.parametrize("method", get_args(FilterMethod))
def test_eight_threads_with_different_inputs_give_the_answers_of_one(method: FilterMethod) -> None:
    """Sixty-four data sets of different sizes, each asked for twice at the same time, in chunks of a few rows."""
    inputs = []
    for seed in range(64):
        generator = np.random.default_rng(seed)
        n_classes, n_rows = 2 + seed % 6, 20 + 5 * seed
        labels = generator.integers(0, n_classes, n_rows)
        inputs.append((labels, generator.dirichlet(np.full(n_classes, 0.5), n_rows)))

    def find(number: int) -> tuple[bytes, bytes, bytes]:
        n_threads = 1 + number % 2
        found = find_label_issues(*inputs[number % 64], filter_by=method, chunk_bytes=512, n_threads=n_threads)
        return found.is_issue.tobytes(), found.label_quality_scores.tobytes(), found.noise.confident_joint.tobytes()

    one_after_the_other = [find(number) for number in range(64)]
    with ThreadPoolExecutor(max_workers=8) as pool:
        at_once = list(pool.map(find, range(128)))

    assert at_once == one_after_the_other * 2


def test_large_tables_are_worked_on_by_several_threads_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for every so many cells; the answer is the same."""
    generator = np.random.default_rng(2)
    labels, probs = generator.integers(0, 4, 3000), generator.dirichlet(np.full(4, 0.5), 3000)
    alone = find_label_issues(labels, probs)

    monkeypatch.setattr(chunks, "_CELLS_WORTH_A_THREAD", 1000)
    together = find_label_issues(labels, probs)

    assert together.is_issue.tobytes() == alone.is_issue.tobytes()
