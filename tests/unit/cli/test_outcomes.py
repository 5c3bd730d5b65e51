"""What an audit on the command line does with each kind of labels."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from labelclean.cli.outcomes import Outcome, audit_file
from labelclean.cli.own_embeddings import OwnEmbeddings, own_embeddings
from labelclean.cli.own_probs import OwnProbs, own_probs
from labelclean.config import AuditConfig
from labelclean.dataset import Dataset, VoteTable
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet
from labelclean.protocols import no_progress

_CONFIG = AuditConfig(n_folds=3)
_WORDS = (("dull", "slow", "bland"), ("bright", "quick", "lovely"))


def _texts(n_rows: int) -> list[str]:
    return [f"a {_WORDS[row % 2][row // 2 % 3]} film about {row}" for row in range(n_rows)]


def _labels(n_rows: int, wrong: set[int]) -> list[str]:
    return [("bad", "good")[(row + (row in wrong)) % 2] for row in range(n_rows)]


def _sets(n_rows: int = 120) -> Dataset:
    """Return messages about nothing, a delay, a breakage or both; row 10, about a breakage, is said to be late."""
    words = {"late": "it came weeks too late", "broken": "the glass was broken"}
    about = [([], ["late"], ["broken"], ["late", "broken"])[row % 4] for row in range(n_rows)]
    texts = [
        f"order {row}: {' and '.join(words[each] for each in names) or 'thanks'}" for row, names in enumerate(about)
    ]
    about[10] = ["late"]
    return Dataset.from_labels(texts, [LabelSet(names) for names in about])


def _votes(n_rows: int = 60) -> Dataset:
    """Return reviews that ann, bob and cid agree about, except that ann and bob are both wrong about row 10."""
    codes = np.repeat(np.arange(n_rows, dtype=np.int32)[:, np.newaxis] % 2, 3, axis=1)
    codes[10, :2] = 1
    codes[20:, 2] = -1
    table = VoteTable(annotators=("ann", "bob", "cid"), codes=codes)
    return replace(Dataset.from_labels(_texts(n_rows), _labels(n_rows, {10})), votes=table)


def _audit(dataset: Dataset, *, own: OwnProbs | None = None, view: OwnEmbeddings | None = None) -> Outcome:
    return audit_file(dataset, _CONFIG, no_progress, own=own, view=view)


def _table(outcome: Outcome) -> list[dict[str, str]]:
    target = io.BytesIO()
    outcome.write(target)
    return list(csv.DictReader(io.StringIO(target.getvalue().decode())))


def _own(dataset: Dataset, folder: Path, probabilities: list[list[float]]) -> OwnProbs:
    np.save(folder / "probs.npy", np.array(probabilities))
    return own_probs(dataset, folder / "probs.npy", class_names=None, id_column=None, quiet=True)


def _view(dataset: Dataset, folder: Path) -> OwnEmbeddings:
    """Return embeddings that say which rows are even."""
    rows = np.arange(dataset.n_examples)
    np.save(folder / "vectors.npy", np.stack([rows % 2, 1 - rows % 2, rows / 100], axis=1).astype(np.float32))
    return own_embeddings(dataset, folder / "vectors.npy", column=None, id_column=None)


def test_single_labels_are_ranked() -> None:
    """The row whose label is turned around leads; one sentence says how many are suspect."""
    outcome = _audit(Dataset.from_labels(_texts(60), _labels(60, {10})))

    table = _table(outcome)
    assert len(table) == 60
    assert (table[0]["row"], table[0]["given_label"], table[0]["suggested_label"]) == ("10", "good", "bad")
    assert outcome.totals["n_rows"] == 60
    assert outcome.sentences[0].startswith("1 of 60 labels are suspect")


def test_own_probabilities_take_the_place_of_a_model(tmp_path: Path) -> None:
    """Texts do not count then: the probabilities are sure that row 3 is good."""
    dataset = Dataset.from_labels(["any text"] * 20, ["bad"] * 10 + ["good"] * 10)
    probabilities = [[0.9, 0.1]] * 10 + [[0.1, 0.9]] * 10
    probabilities[3] = [0.02, 0.98]

    outcome = _audit(dataset, own=_own(dataset, tmp_path, probabilities))

    first = _table(outcome)[0]
    assert (first["row"], first["given_label"], first["suggested_label"]) == ("3", "bad", "good")
    assert outcome.sentences[0].startswith("1 of 20 labels are suspect")


def test_own_embeddings_help_where_texts_say_nothing(tmp_path: Path) -> None:
    """The labels follow from the embeddings alone, but for row 10."""
    dataset = Dataset.from_labels([f"number {row}" for row in range(60)], _labels(60, {10}))

    table = _table(_audit(dataset, view=_view(dataset, tmp_path)))

    assert (table[0]["row"], table[0]["suggested_label"]) == ("10", "bad")


def test_label_sets_have_a_table_of_sets() -> None:
    """The sentence counts sets and single labels; the totals count what was wrongly given and what is missing."""
    outcome = _audit(_sets())

    table, classes = _table(outcome), outcome.totals["classes"]
    assert sorted(int(line["row"]) for line in table) == list(range(120))
    assert (table[0]["row"], table[0]["given_label"], table[0]["suggested_label"]) == ("10", '["late"]', '["broken"]')
    assert isinstance(classes, list)
    assert [(each["label"], each["n_given"]) for each in classes] == [("broken", 59), ("late", 61)]
    assert len(outcome.sentences) == 1
    assert outcome.sentences[0].startswith("1 of 120 label sets are suspect; about ")


def test_votes_are_audited_as_what_most_gave() -> None:
    """The wrong majority leads; each annotator's votes are counted, and the one who was right is trusted most."""
    outcome = _audit(_votes())

    annotators = outcome.totals["annotators"]
    first = _table(outcome)[0]
    assert (first["row"], first["given_label"], first["suggested_label"]) == ("10", "good", "bad")
    assert isinstance(annotators, list)
    assert [(each["annotator"], each["n_votes"]) for each in annotators] == [("ann", 60), ("bob", 60), ("cid", 20)]
    assert all(0.5 < each["quality"] <= 1 for each in annotators)
    assert outcome.sentences[-1] == ("The labels are those that most of 3 annotators gave; the votes stay as they are.")


def test_an_annotator_without_votes_has_no_quality() -> None:
    """JSON has null for it, and no NaN."""
    dataset = _votes()
    assert dataset.votes is not None
    codes = dataset.votes.codes.copy()
    codes[:, 2] = -1

    outcome = _audit(replace(dataset, votes=replace(dataset.votes, codes=codes)))

    annotators = outcome.totals["annotators"]
    assert isinstance(annotators, list)
    assert annotators[2] == {"annotator": "cid", "n_votes": 0, "quality": None}


def test_probabilities_of_classes_do_not_go_with_label_sets_or_votes(tmp_path: Path) -> None:
    """The option is named, and what to do."""
    plain = Dataset.from_labels(_texts(60), _labels(60, {10}))
    own = _own(plain, tmp_path, [[0.5, 0.5]] * 60)

    with pytest.raises(InvalidInputError, match="--pred-probs cannot be used for label sets") as of_sets:
        _audit(_sets(), own=own)
    with pytest.raises(InvalidInputError, match="--pred-probs cannot be used for several annotators") as of_votes:
        _audit(_votes(), own=own)

    assert of_sets.value.fix == "Leave --pred-probs out, or call the functions for label sets in Python."
    assert "Leave --pred-probs out" in of_votes.value.fix


def test_embeddings_go_with_label_sets_but_not_with_votes(tmp_path: Path) -> None:
    """For votes the option is named."""
    dataset = _sets()
    view = _view(dataset, tmp_path)

    assert len(_table(_audit(dataset, view=view))) == 120
    with pytest.raises(InvalidInputError, match="--embeddings cannot be used for several annotators"):
        _audit(_votes(), view=view)
