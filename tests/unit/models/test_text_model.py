"""What learners that never saw a row say about it."""

from __future__ import annotations

import threading
import warnings

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_info, threadpool_limits

from labelclean.arrays import CodeArray
from labelclean.errors import RunCancelledError
from labelclean.features.views import TextView, text_views
from labelclean.models.text_model import TextJudgement, judge_texts

COLOURS = ["red", "green", "blue"]


def coloured_texts(n_rows: int) -> tuple[list[str], CodeArray]:
    """Make texts that name their class, with some words of no meaning."""
    generator = np.random.default_rng(11)
    labels = generator.integers(0, 3, n_rows)
    filler = np.array(["one", "two", "three", "four", "five", "six"])
    return [f"{COLOURS[label]} {' '.join(generator.choice(filler, 3))}" for label in labels], labels


def colours(n_rows: int) -> tuple[tuple[TextView, ...], CodeArray]:
    """Return their views."""
    texts, labels = coloured_texts(n_rows)
    return text_views(texts), labels


def noisy_colours(n_rows: int = 150) -> tuple[tuple[TextView, ...], CodeArray]:
    """Give one row in six a label drawn by lot, so that no learner is ever quite sure."""
    views, labels = colours(n_rows)
    generator = np.random.default_rng(5)
    drawn = generator.random(n_rows) < 1 / 6
    labels[drawn] = generator.integers(0, 3, int(drawn.sum()))
    return views, labels


def judged(views: tuple[TextView, ...], labels: CodeArray, *, n_classes: int = 3, n_jobs: int = 1) -> TextJudgement:
    """Judge rows of which no two belong together."""
    return judge_texts(views, labels, n_classes=n_classes, groups=np.arange(len(labels)), n_jobs=n_jobs)


def test_rows_are_judged_by_what_others_like_them_are_given() -> None:
    """Clear texts are recognised, and each row of probabilities sums to 1."""
    views, labels = colours(150)

    probs = judged(views, labels).pred_probs

    assert probs.dtype == np.float32
    assert np.allclose(probs.sum(axis=1), 1, atol=1e-6)
    assert (probs.argmax(axis=1) == labels).mean() > 0.95


def test_a_row_never_votes_for_itself() -> None:
    """One wrong label among clear ones is seen through, by the pool and by each learner."""
    views, labels = colours(150)
    labels[7] = (int(labels[7]) + 1) % 3

    found = judged(views, labels)

    assert found.pred_probs[7, labels[7]] < 0.2
    assert all(learner.log_odds[7] > 0 for learner in found.learners)


def test_duplicates_in_the_same_group_do_not_vouch_for_each_other() -> None:
    """
    Random labels on texts that occur four times each cannot be predicted.

    With groups the accuracy is that of chance, a half; without, each row finds its copies in the training rows.
    """
    generator = np.random.default_rng(12)
    words = np.array([f"w{number}" for number in range(400)])
    distinct = [" ".join(generator.choice(words, 6)) for _ in range(150)]
    groups = np.repeat(np.arange(150), 4)
    labels = np.repeat(generator.integers(0, 2, 150), 4)
    views = text_views([distinct[group] for group in groups])

    held_out = judge_texts(views, labels, n_classes=2, groups=groups)
    leaking = judged(views, labels, n_classes=2)

    assert 0.35 < (held_out.pred_probs.argmax(axis=1) == labels).mean() < 0.65
    assert (leaking.pred_probs.argmax(axis=1) == labels).mean() > 0.9
    for learner in held_out.learners:
        assert (learner.log_odds < 0).mean() < 0.65


@pytest.mark.parametrize("n_of_its_class", [1, 2, 4])
def test_the_rows_of_a_small_class_get_a_small_probability_of_it(n_of_its_class: int) -> None:
    """Texts that look like another class: the rows are neither dropped nor always right."""
    views, labels = colours(120)
    rare = np.flatnonzero(labels == 0)[:n_of_its_class]
    labels[rare] = 3

    found = judged(views, labels, n_classes=4)

    assert (found.pred_probs[rare, 3] > 0).all()
    assert (found.pred_probs[rare, 3] < 0.3).all()
    assert (found.pred_probs[rare].argmax(axis=1) == 0).all()
    assert all(np.isfinite(learner.log_odds[rare]).all() for learner in found.learners)


def test_a_small_class_with_words_of_its_own_is_recognised() -> None:
    """Four rows that share what no other text has."""
    texts, labels = coloured_texts(120)
    for row in range(4):
        texts[row], labels[row] = f"purple violet {row}", 3

    found = judged(text_views(texts), labels, n_classes=4)

    assert (found.pred_probs[:4].argmax(axis=1) == 3).all()


@pytest.mark.parametrize(
    ("labels", "n_classes"),
    [([0, 1], 2), ([0, 1, 2, 3], 4), ([0, 0, 0, 1], 2), ([0, 0], 1), ([0, 1], 5), ([0, -1, -1], 2), ([-1, -1], 2)],
)
@pytest.mark.parametrize("text", ["", "same", "different {}", "快递 {}"])
def test_tiny_data_give_probabilities(labels: list[int], n_classes: int, text: str) -> None:
    """Fewer rows than folds, one row per class, one class, no label or text at all: always a distribution."""
    views = text_views([text.format(row) for row in range(len(labels))])

    found = judged(views, np.array(labels), n_classes=n_classes)

    assert found.pred_probs.shape == (len(labels), n_classes)
    assert np.isfinite(found.pred_probs).all()
    assert np.allclose(found.pred_probs.sum(axis=1), 1, atol=1e-6)
    assert 0 <= found.free_weight <= 1


def test_rows_without_a_label_are_judged_and_not_learnt_from() -> None:
    """Their probabilities follow their text, and the others' do not change a bit by what the texts say."""
    texts, labels = coloured_texts(120)
    hidden = np.arange(0, 120, 10)
    partly = labels.copy()
    partly[hidden] = -1
    kept = np.flatnonzero(partly != -1)
    views = text_views(texts)

    found = judged(views, partly)
    without = judged(tuple(_only(view, kept) for view in views), partly[kept])

    assert (found.pred_probs[hidden].argmax(axis=1) == labels[hidden]).mean() > 0.9
    assert np.array_equal(found.pred_probs[kept], without.pred_probs)
    assert all(np.isnan(learner.log_odds[hidden]).all() for learner in found.learners)


def _only(view: TextView, rows: NDArray[np.intp]) -> TextView:
    return TextView(name=view.name, tfidf=view.tfidf[rows], counts=view.counts[rows], reader=view.reader)


def test_embeddings_are_one_more_learner_as_heavy_as_a_view() -> None:
    """It is heard in the pool, but has no words to show."""
    views, labels = colours(120)
    generator = np.random.default_rng(4)
    embeddings = (np.eye(3)[generator.permutation(labels)] + generator.normal(size=(120, 3))).astype(np.float32)

    without = judged(views, labels)
    found = judge_texts(views, labels, n_classes=3, groups=np.arange(120), embeddings=embeddings)

    assert "ridge on embeddings" in [learner.name for learner in found.learners]
    assert len(found.heard) == len(without.heard)
    assert not np.array_equal(found.pred_probs, without.pred_probs)


def test_learners_are_named_once_and_the_stiff_ones_are_not_in_the_pool() -> None:
    """Three for each view, and two that hardly follow the labels."""
    views, labels = colours(120)

    found = judged(views, labels)

    names = [learner.name for learner in found.learners]
    assert len(set(names)) == len(names)
    for view in ("words", "characters"):
        assert {f"ridge on {view}", f"naive Bayes on {view}", f"naive Bayes on weighted {view}"} <= set(names)
        assert f"stiff ridge on {view} (100)" in names
    assert [each.view for each in found.heard] == [0, 0, 0, 1, 1, 1]


def test_ridge_regression_reads_the_first_views_only_where_that_is_wanted() -> None:
    """What is left to naive Bayes is left out of the weighing too; progress still ends at 1."""
    views, labels = noisy_colours()
    told: list[float] = []

    found = judge_texts(
        views,
        labels,
        n_classes=3,
        groups=np.arange(150),
        n_ridge_views=1,
        progress=lambda _, fraction: told.append(fraction),
    )

    every = judged(views, labels)
    names = [learner.name for learner in found.learners]
    assert [name for name in names if "ridge" in name and "characters" in name] == []
    assert {learner.name for learner in every.learners} >= set(names)
    assert [each.view for each in found.heard] == [0, 0, 0, 1, 1]
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_pool_is_what_the_heard_models_say_together() -> None:
    """Their scores, each times its scale, add up to the logarithms of the probabilities, but for one temperature."""
    views, labels = noisy_colours()
    found = judged(views, labels)
    total = np.sum([each.scale * each.model.scores.astype(np.float64) for each in found.heard], axis=0)

    logs = np.log(found.pred_probs.astype(np.float64))

    pooled, said = (table[:, :1] - table[:, 1:] for table in (logs, total))
    factor = (pooled * said).sum() / (said * said).sum()
    assert factor > 0
    assert np.allclose(pooled, factor * said, atol=1e-3)


def ruled_texts(n_rows: int = 600) -> tuple[list[str], CodeArray]:
    """Make labels that a keyword decides, in texts whose many other words point elsewhere in three rows of ten."""
    generator = np.random.default_rng(3)
    labels = generator.integers(0, 2, n_rows)
    keys = np.where(generator.random(n_rows) < 0.03, 1 - labels, labels)
    topics = np.where(generator.random(n_rows) < 0.3, 1 - labels, labels)
    blocks = [" ".join(f"{letter}{number}" for number in range(12)) for letter in "ab"]
    return [
        f"{('no', 'yes')[k]} {blocks[t]} x{row}" for row, (k, t) in enumerate(zip(keys, topics, strict=True))
    ], labels


def test_labels_that_a_rule_made_take_the_weight_off_the_learners_that_follow_it() -> None:
    """Ridge finds the keyword, naive Bayes adds up all words: what explains labels that well is not heard on errors."""
    texts, labels = ruled_texts()

    found = judged(text_views(texts), labels, n_classes=2)

    losses = {learner.name: learner.loss for learner in found.learners}
    assert losses["ridge on words"] < 0.5 * losses["naive Bayes on words"]
    assert found.free_weight == 0.0
    assert [each.scale > 0 for each in found.heard] == [False, True, True] * 2


def test_labels_that_follow_all_words_leave_every_learner_its_weight() -> None:
    """As usual."""
    views, labels = noisy_colours()

    assert judged(views, labels).free_weight == 1.0


@pytest.mark.parametrize("n_jobs", [2, 7])
def test_the_number_of_threads_does_not_change_a_bit(n_jobs: int) -> None:
    """All of it: the pool and what each learner says."""
    views, labels = noisy_colours(100)

    alone, together = judged(views, labels), judged(views, labels, n_jobs=n_jobs)

    assert alone.pred_probs.tobytes() == together.pred_probs.tobytes()
    for one, other in zip(alone.learners, together.learners, strict=True):
        assert (one.name, one.scale, one.loss) == (other.name, other.scale, other.loss)
        assert one.log_odds.tobytes() == other.log_odds.tobytes()


def test_the_seed_deals_the_folds() -> None:
    """Naive Bayes, which has none, does not change; ridge does."""
    views, labels = noisy_colours(100)

    first, second = (
        judge_texts(views, labels, n_classes=3, groups=np.arange(100), n_folds=3, random_state=seed) for seed in (0, 1)
    )

    changed = {
        one.name: not np.array_equal(one.log_odds, other.log_odds)
        for one, other in zip(first.learners, second.learners, strict=True)
    }
    assert changed["ridge on words"]
    assert not changed["naive Bayes on words"]


def test_progress_rises_to_1_and_names_the_views() -> None:
    """It never falls; embeddings are a part of their own."""
    views, labels = colours(100)
    told: list[tuple[str, float]] = []

    judge_texts(
        views,
        labels,
        n_classes=3,
        groups=np.arange(100),
        embeddings=np.eye(3, dtype=np.float32)[labels],
        n_jobs=2,
        progress=lambda step, fraction: told.append((step, fraction)),
    )

    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0
    assert {step for step, _ in told} == {"Judging by words", "Judging by characters", "Judging by embeddings"}


@pytest.mark.parametrize("at", [0.0, 0.2, 0.43, 0.6, 0.9])
def test_cancelling_stops_the_training_and_leaves_no_thread_behind(at: float) -> None:
    """The error comes through as it is, whichever learner is at work."""
    views, labels = colours(100)
    n_threads = threading.active_count()

    def stop(step: str, fraction: float) -> None:
        if step and fraction >= at:
            raise RunCancelledError("The run was stopped.")

    with pytest.raises(RunCancelledError, match="stopped"):
        judge_texts(views, labels, n_classes=3, groups=np.arange(100), n_jobs=2, progress=stop)
    assert threading.active_count() == n_threads


def test_warning_filters_and_what_is_given_are_left_alone() -> None:
    """Filters belong to the whole process, views and labels to the caller."""
    views, labels = colours(60)
    before, given = list(warnings.filters), labels.copy()
    weights = [view.tfidf.data.copy() for view in views]

    judged(views, labels, n_jobs=2)

    assert warnings.filters == before
    assert np.array_equal(labels, given)
    assert all(np.array_equal(view.tfidf.data, data) for view, data in zip(views, weights, strict=True))


def blas_threads() -> list[int]:
    """Return how many threads each BLAS library of the process may use."""
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


def set_blas_threads(n_threads: int) -> None:
    """Set it from a thread that ends: threadpoolctl lets no other thread change it while the one that did lives."""
    setter = threading.Thread(target=threadpool_limits, args=(n_threads,), kwargs={"user_api": "blas"})
    setter.start()
    setter.join()


def test_runs_that_overlap_give_the_process_its_blas_threads_back() -> None:
    """The second run begins within the first and ends after it: one thread until then, and afterwards as before."""
    views, labels = colours(60)
    first_began, second_began, first_ended = threading.Event(), threading.Event(), threading.Event()
    told: list[tuple[str, float]] = []
    inside: list[int] = []

    def watch_first(step: str, fraction: float) -> None:
        told.append((step, fraction))
        first_began.set()
        second_began.wait(30)

    def run_first() -> None:
        judge_texts(views, labels, n_classes=3, groups=np.arange(60), progress=watch_first)
        first_ended.set()

    def watch_second(step: str, fraction: float) -> None:
        told.append((step, fraction))
        second_began.set()
        first_ended.wait(30)
        inside.extend(blas_threads())

    before = blas_threads()
    set_blas_threads(2)
    first = threading.Thread(target=run_first)
    first.start()
    first_began.wait(30)
    judge_texts(views, labels, n_classes=3, groups=np.arange(60), progress=watch_second)
    first.join()
    after = blas_threads()
    set_blas_threads(before[0])

    assert {fraction for _, fraction in told} >= {0.0, 1.0}
    assert set(inside) == {1}
    assert set(after) == {2}
