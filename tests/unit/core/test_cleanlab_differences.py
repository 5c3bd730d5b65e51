"""Where flags, labels and health differ from the field's reference: what each of the two answers."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

from labelclean.config import FilterMethod
from labelclean.core.error_counts import n_label_errors
from labelclean.core.health import dataset_health
from labelclean.core.joint import confident_joint
from labelclean.core.label_issues import find_label_issues
from labelclean.errors import ConfigError, InvalidInputError
from tests.core_oracle import as_documented, make_case, reference

SURE = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]])
GIVEN = np.array([0, 0, 1, 1, 1])
OWN_MODULES = {name: module for name, module in sys.modules.items() if name.startswith("labelclean.core")}


@pytest.fixture(scope="module", autouse=True)
def _reference_imported() -> None:
    """Import all of it before a test changes how it sorts."""
    for name in ("count", "filter", "dataset"):
        reference(name)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("method", ["prune_by_noise_rate", "low_normalized_margin"])
def test_single_and_half_precision_give_the_answers_of_double(method: FilterMethod, dtype: type[np.floating]) -> None:
    """The reference works in the precision it is given; in double precision, of the same values, it gives ours."""
    find = reference("filter").find_label_issues
    n_different = 0
    for seed in range(100):
        labels, probs = make_case(seed)
        probs = probs.astype(dtype)
        with as_documented():
            theirs = find(labels, probs, filter_by=method, n_jobs=1)
            in_double = find(labels, probs.astype(np.float64), filter_by=method, n_jobs=1)

        ours = find_label_issues(labels, probs, filter_by=method).is_issue

        assert ours.tolist() == in_double.tolist(), seed
        n_different += int((theirs != in_double).any())
    assert n_different > 0


def test_a_joint_of_the_users_own_is_calibrated_first() -> None:
    """The reference takes raw counts as numbers of rows; calibrated by hand it flags the same."""
    n_different = 0
    for seed in range(40):
        labels, probs = make_case(seed, missing=False)
        raw = confident_joint(labels, probs, calibrate=False)
        with as_documented():
            taken_as_is = reference("filter").find_label_issues(labels, probs, confident_joint=raw, n_jobs=1)
            calibrated = reference("count").calibrate_confident_joint(np.asfortranarray(raw), labels)
            by_hand = reference("filter").find_label_issues(labels, probs, confident_joint=calibrated, n_jobs=1)

        ours = find_label_issues(labels, probs, confident_joint=raw).is_issue

        assert ours.tolist() == by_hand.tolist()
        n_different += int((ours != taken_as_is).any())
    assert n_different > 10


def test_numbers_to_remove_are_of_the_given_class() -> None:
    """3 of class 0 and none of class 1 or 2; the reference removes 3 that are *estimated* to be of class 0."""
    generator = np.random.default_rng(4)
    labels = np.repeat([0, 1, 2], 60)
    probs = generator.dirichlet(np.full(3, 0.5), 180)
    probs[np.arange(180), labels] += 0.4
    probs /= probs.sum(axis=1, keepdims=True)
    with as_documented():
        theirs = reference("filter").find_label_issues(labels, probs, num_to_remove_per_class=[6, 0, 0], n_jobs=1)

    ours = find_label_issues(labels, probs, n_to_remove_per_class=[6, 0, 0]).is_issue

    assert np.bincount(labels[ours], minlength=3).tolist() == [6, 0, 0]
    assert np.bincount(labels[theirs], minlength=3)[0] == 0
    assert np.bincount(labels[theirs], minlength=3)[1:].sum() == 6


def test_numbers_to_remove_are_flagged_where_no_error_is_estimated() -> None:
    """Shared out in equal parts; the reference divides by 0 and flags nothing."""
    labels = np.array([0] * 5 + [1] * 5)
    probs = np.array([[0.9, 0.1]] * 4 + [[0.45, 0.55]] + [[0.1, 0.9]] * 5)
    with as_documented(), np.errstate(all="ignore"):
        theirs = reference("filter").find_label_issues(labels, probs, num_to_remove_per_class=[1, 0], n_jobs=1)

    ours = find_label_issues(labels, probs, n_to_remove_per_class=[1, 0])

    assert ours.noise.n_label_errors == 0
    assert np.flatnonzero(ours.is_issue).tolist() == [4]
    assert not theirs.any()


def test_numbers_to_remove_go_before_rows_to_keep() -> None:
    """The reference leaves a class alone that has no more rows than are to be kept, whatever number is told."""
    labels, probs = np.array([0, 0, 1, 1, 1]), SURE
    with as_documented():
        theirs = reference("filter").find_label_issues(
            labels,
            probs,
            filter_by="prune_by_class",
            num_to_remove_per_class=[0, 1],
            min_examples_per_class=3,
            n_jobs=1,
        )

    ours = find_label_issues(
        labels, probs, filter_by="prune_by_class", n_to_remove_per_class=[0, 1], min_examples_per_class=3
    )

    assert ours.is_issue.tolist() == [False, False, True, False, False]
    assert not theirs.any()


def test_numbers_to_remove_do_not_matter_to_the_filters_that_do_not_look_at_them() -> None:
    """The reference refuses them there."""
    with as_documented(), pytest.raises(ValueError, match="not supported"):
        reference("filter").find_label_issues(
            GIVEN, SURE, filter_by="predicted_neq_given", num_to_remove_per_class=[0, 1], n_jobs=1
        )

    found = find_label_issues(GIVEN, SURE, filter_by="predicted_neq_given", n_to_remove_per_class=[0, 0])

    assert np.flatnonzero(found.is_issue).tolist() == [2]


def test_a_joint_that_would_not_be_used_is_refused() -> None:
    """The reference warns and leaves it out."""
    joint = np.array([[2, 0], [1, 2]])
    with as_documented():
        theirs = reference("count").num_label_issues(GIVEN, SURE, confident_joint=10 * joint[::-1])

    assert theirs == 1
    with pytest.raises(ConfigError, match="off_diagonal_custom and with no other"):
        n_label_errors(GIVEN, SURE, confident_joint=joint)


def test_the_accuracy_of_the_labels_comes_from_the_joint() -> None:
    """The reference counts rows if it is given probabilities, and takes the joint if it is given a joint."""
    n_different = 0
    for seed in range(20):
        labels, probs = make_case(seed)
        with as_documented():
            by_rows = reference("dataset").overall_label_health_score(labels, probs, verbose=False)

        health = dataset_health(labels, probs)

        assert health.label_accuracy == 1 - health.n_label_errors / len(labels)
        n_different += int(abs(health.label_accuracy - by_rows) > 1e-9)
    assert n_different > 10


def test_pairs_of_classes_without_overlap_are_left_out() -> None:
    """The reference lists all of them."""
    labels, probs = make_case(5)
    with as_documented():
        theirs = reference("dataset").find_overlapping_classes(labels, probs)

    ours = dataset_health(labels, probs).overlapping_classes

    n_classes = probs.shape[1]
    assert len(theirs) == n_classes * (n_classes - 1) // 2
    assert 0 < len(ours.first) < len(theirs)
    assert (ours.n_overlapping > 0).all()


@pytest.mark.parametrize(
    ("labels", "probs"),
    [
        (np.array(["ham", "ham", "spam", "spam", "spam"]), SURE),  # labels that are no numbers
        (pd.Series(["ham", "ham", "spam", "spam", "spam"]), SURE),
        (GIVEN.astype(np.float64), SURE),  # whole numbers of a float type
        (GIVEN, pd.DataFrame(SURE)),  # a table with column names
        (GIVEN, SURE.tolist()),
    ],
)
def test_labels_and_tables_of_other_kinds_are_accepted(labels: Any, probs: Any) -> None:
    """The reference raises for each of these."""
    with as_documented(), pytest.raises((ValueError, IndexError, TypeError, AttributeError)):
        reference("filter").find_label_issues(labels, probs, n_jobs=1)

    assert find_label_issues(labels, probs).is_issue.tolist() == [False, False, True, False, False]


@pytest.mark.parametrize("method", get_args(FilterMethod))
def test_no_rows_and_a_single_class_other_than_0_are_accepted(method: FilterMethod) -> None:
    """The reference raises; nothing is flagged where every label is the same and fits."""
    find = reference("filter").find_label_issues
    for labels, probs in [
        (np.empty(0, dtype=np.int64), np.empty((0, 2))),
        (np.array([1, 1]), np.array([[0.2, 0.8], [0.3, 0.7]])),
    ]:
        with as_documented(), pytest.raises((ValueError, IndexError)):
            find(labels, probs, filter_by=method, n_jobs=1)

        assert not find_label_issues(labels, probs, filter_by=method).is_issue.any()


def test_nan_is_refused() -> None:
    """The reference goes on: the threshold of the class is NaN, and nothing is confidently of it."""
    probs = SURE.copy()
    probs[3, 1] = np.nan
    with as_documented():
        theirs = reference("count").compute_confident_joint(GIVEN, probs, calibrate=False)

    assert theirs[1, 1] == 1
    with pytest.raises(InvalidInputError, match="in 1 rows, first in row 3"):
        confident_joint(GIVEN, probs)


def test_nothing_is_kept_after_an_answer() -> None:
    """The reference leaves the probabilities, by class, in a global of its module, which other threads read."""
    module = reference("filter")
    with as_documented():
        module.find_label_issues(GIVEN, SURE, n_jobs=1)

    assert sum(len(part) for part in module.pred_probs_by_class.values()) == len(SURE)
    before = {name: dict(vars(module)) for name, module in OWN_MODULES.items()}

    find_label_issues(GIVEN, SURE)

    assert {name: dict(vars(module)) for name, module in OWN_MODULES.items()} == before


def test_a_share_of_the_errors_does_not_matter_to_the_filters_that_do_not_look_at_it() -> None:
    """The reference warns."""
    with pytest.warns(UserWarning, match="frac_noise"):
        reference("filter").find_label_issues(GIVEN, SURE, filter_by="predicted_neq_given", frac_noise=0.5, n_jobs=1)

    found = find_label_issues(GIVEN, SURE, filter_by="predicted_neq_given", frac_noise=0.5)

    assert np.flatnonzero(found.is_issue).tolist() == [2]


def test_the_document_of_differences_names_tests_that_exist() -> None:
    """And nearly every test of these files is named in it."""
    root = Path(__file__).parents[3]
    document = (root / "assets" / "docs" / "differences.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_[a-z0-9_]+)`", document)) - {
        "test_cleanlab_oracle_noise",
        "test_cleanlab_oracle_scores",
    }
    sources = [path.read_text(encoding="utf-8") for path in (root / "tests").rglob("test_*.py")]
    defined = {name for source in sources for name in re.findall(r"^def (test_\w+)\(", source, flags=re.MULTILINE)}
    own = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_cleanlab_differences*.py")]
    pinned = {name for source in own for name in re.findall(r"^def (test_\w+)\(", source, flags=re.MULTILINE)}

    assert named <= defined
    assert pinned - named == {"test_the_document_of_differences_names_tests_that_exist"}
