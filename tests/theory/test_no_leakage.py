"""Labels drawn by lot cannot be predicted, not even where many rows repeat a text and its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

import labelclean
from labelclean.arrays import IndexArray
from labelclean.config import AuditConfig
from labelclean.features.views import text_views
from labelclean.issues.duplicates import exact_duplicate_groups
from labelclean.issues.near_duplicates import near_duplicate_groups
from labelclean.models.text_model import TextJudgement, judge_texts

N_TEXTS = 200
N_COPIES = 4
N_CLASSES = 4
CHANCE = 1 / N_CLASSES
MARGIN = 0.1  # more than three standard deviations of a share of 200 independent texts


Kind = Literal["copies", "near copies", "words of its own", "one word"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, kw_only=True)
class Lottery:
    """Texts that come several times, and labels drawn once for each of them."""

    texts: list[str]
    labels: NDArray[np.int64]

    def accuracy(self, pred_probs: NDArray[np.floating]) -> float:
        """Return how often the label is the likeliest class."""
        return float(np.mean(pred_probs.argmax(axis=1) == self.labels))


def _drawn(kind: Kind) -> Lottery:
    """Draw as many labels of each class: a row left out makes its class the smallest, and not even that may tell."""
    generator = np.random.default_rng(7)
    letters = list("abcdefghijklmnopqrstuvwxyz")
    words = ["".join(generator.choice(letters, size=6)) for _ in range(4 * N_TEXTS)]
    texts = {
        "words of its own": [" ".join(words[4 * text : 4 * text + 4]) for text in range(N_TEXTS)],
        "one word": words[:N_TEXTS],
    }.get(kind) or [" ".join(generator.choice(words[: 2 * N_TEXTS], size=14)) for _ in range(N_TEXTS)]
    labels = generator.permutation(np.arange(N_TEXTS) % N_CLASSES)
    order = generator.permutation(np.repeat(np.arange(N_TEXTS), N_COPIES)).tolist()
    is_near = kind == "near copies"
    copies = [_with_a_number(texts[text], copy) if is_near else texts[text] for copy, text in enumerate(order)]
    return Lottery(texts=copies, labels=labels[order])


def _with_a_number(text: str, number: int) -> str:
    """Put a number that no other row has somewhere into the text."""
    words = text.split()
    return " ".join([*words[: number % 14], str(number), *words[number % 14 :]])


def _judged(drawn: Lottery, groups: IndexArray) -> TextJudgement:
    return judge_texts(text_views(drawn.texts), drawn.labels, n_classes=N_CLASSES, groups=groups)


@pytest.mark.parametrize("kind", KINDS)
def test_without_groups_the_copies_give_the_labels_away(kind: Kind) -> None:
    """The lottery is a fair test: a model that may see the copies is nearly always right."""
    drawn = _drawn(kind)

    found = _judged(drawn, np.arange(len(drawn.texts)))

    assert drawn.accuracy(found.pred_probs) > 0.9


def test_exact_groups_do_not_keep_near_copies_together() -> None:
    """What near-duplicate groups are for: one number in each text, and the labels are given away again."""
    drawn = _drawn("near copies")

    found = _judged(drawn, exact_duplicate_groups(drawn.texts))

    assert drawn.accuracy(found.pred_probs) > 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_held_out_with_its_copies_a_label_is_predicted_by_chance(kind: Kind) -> None:
    """The groups are those of the copies, and models trained without them know nothing: neither one nor the pool."""
    drawn = _drawn(kind)
    groups = near_duplicate_groups(drawn.texts)

    found = _judged(drawn, groups)

    assert len(np.unique(groups)) == N_TEXTS
    assert abs(drawn.accuracy(found.pred_probs) - CHANCE) < MARGIN
    for each in found.heard:
        assert drawn.accuracy(each.scale * each.model.scores) < CHANCE + MARGIN


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bounded", [False, True])
def test_an_audit_predicts_labels_drawn_by_lot_by_chance(kind: Kind, *, bounded: bool) -> None:
    """From the texts to the result, with everything that is chosen, pooled and calibrated on the way."""
    drawn = _drawn(kind)

    result = labelclean.audit(drawn.texts, drawn.labels.tolist(), config=AuditConfig(bounded=bounded))

    assert result.class_names == (0, 1, 2, 3)
    assert abs(drawn.accuracy(result.pred_probs) - CHANCE) < MARGIN
    assert abs(drawn.accuracy(np.eye(N_CLASSES)[result.suggested_labels]) - CHANCE) < MARGIN


@pytest.mark.parametrize("kind", KINDS)
def test_an_audit_by_embeddings_does_not_see_the_copies_either(kind: Kind) -> None:
    """Copies have the same embedding, or nearly so: ridge on embeddings would know them by heart."""
    drawn = _drawn(kind)
    groups = near_duplicate_groups(drawn.texts)
    generator = np.random.default_rng(8)
    of_text = generator.normal(size=(len(drawn.texts), 64))
    embeddings = of_text[groups] + generator.normal(scale=0.01, size=(len(drawn.texts), 64))

    result = labelclean.audit(drawn.texts, drawn.labels.tolist(), embeddings=embeddings)

    assert abs(drawn.accuracy(result.pred_probs) - CHANCE) < MARGIN


@pytest.mark.parametrize("kind", KINDS)
def test_neither_do_words_in_another_column_give_labels_away(kind: Kind) -> None:
    """A column that copies share is held out with them, and says nothing about any other row."""
    drawn = _drawn(kind)
    ids = [f"ticket {group}" for group in near_duplicate_groups(drawn.texts)]

    result = labelclean.audit(drawn.texts, drawn.labels.tolist(), extra_columns={"ticket": ids})

    assert abs(drawn.accuracy(result.pred_probs) - CHANCE) < MARGIN


@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_texts_that_share_no_word_tell_nothing_with_or_without_copies(n_classes: int) -> None:
    """The rows of each class are as many; each label is as good as another."""
    labels = np.random.default_rng(2).permutation(np.arange(30 * n_classes) % n_classes)
    texts = [chr(0x4E00 + row) * 2 for row in range(len(labels))]

    for times in (1, 3):
        found = labelclean.audit(texts * times, labels.tolist() * times)

        assert abs(float((found.suggested_labels == found.labels).mean()) - 1 / n_classes) < MARGIN
        assert found.pred_probs.max() < 0.8
