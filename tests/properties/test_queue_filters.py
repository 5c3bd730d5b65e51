"""Properties of filters: a link says all of them, nothing breaks one, and a queue is what a slow loop finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labelclean.arrays import Label
from labelclean.dataset import label_key
from labelclean.label_set import LabelSet
from labelclean.review.decision_table import DecisionTable
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.queue import build_queue
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_sizes import USUAL_QUEUES, QueueSizes
from labelclean.review.saved_queues import SavedQueue, saved_from_json, saved_to_json
from tests.queue_cases import MadeRun, MadeSources, by_row, decision

N_ROWS = 12
CLASSES: tuple[Label, ...] = ("a", "b", 1, "1")
REVIEWERS = ("kim", "lee")

texts = st.text(max_size=30)
scalars = st.one_of(
    st.text(min_size=1, max_size=20),
    st.integers(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["1", "true", "null", "[1]", '"x"', "NaN", "1e999", "{}", "-", "∅", "[[]]"]),
)
labels = st.one_of(st.none(), scalars, st.lists(scalars, max_size=4).map(LabelSet))
shares = st.floats(0, 1)
filters = st.builds(
    QueueFilter,
    given=labels,
    suggested=labels,
    min_error_probability=shares,
    only_issues=st.booleans(),
    undecided_only=st.booleans(),
    text=texts,
    unlabelled=st.booleans(),
    verdict=st.one_of(st.none(), st.just("any"), st.sampled_from(Verdict)),
    kind=st.sampled_from([None, "contradictions", "rare"]),
    problem=texts,
    max_error_probability=shares,
    adds=labels,
    removes=labels,
    column=texts,
    value=texts,
    decided_by=texts,
    rows=st.lists(st.integers(0, 10**9), max_size=20).map(tuple),
)


def _kinds(label: Label | None) -> object:
    """Return the kinds of a label and of what is in it: 1 equals True, but is another label."""
    return [type(own) for own in label] if isinstance(label, LabelSet) else type(label)


@given(filters)
def test_a_link_says_the_whole_filter(queue_filter: QueueFilter) -> None:
    """Through a URL and back, labels of the same kind included."""
    restored = QueueFilter.from_params(queue_filter.to_params())

    assert restored == queue_filter
    for name in ("given", "suggested", "adds", "removes"):
        assert _kinds(getattr(restored, name)) == _kinds(getattr(queue_filter, name))


@given(filters, st.text(min_size=1, max_size=60).filter(str.strip))
def test_a_saved_queue_says_the_whole_filter(queue_filter: QueueFilter, name: str) -> None:
    """Through the settings of a project and back."""
    saved = (SavedQueue(name=name, queue_filter=queue_filter),)

    assert saved_from_json(saved_to_json(saved)) == saved


@given(
    st.dictionaries(
        st.sampled_from([*sorted(QueueFilter(given="x", kind="rare", rows=(1,)).to_params()), "min", "max", "adds"]),
        st.one_of(texts, st.sampled_from(["[", "[[[[", "1e999", "-1", "NaN", "9" * 5_000, "²-³", '{"a": 1}'])),
    )
)
def test_damaged_links_never_raise(params: dict[str, str]) -> None:
    """What is read can be written again, and is then read as the same."""
    found = QueueFilter.from_params(params)

    assert QueueFilter.from_params(found.to_params()) == found


@st.composite
def cases(draw: st.DrawFn) -> tuple[MadeRun, MadeSources, dict[int, ReviewEvent]]:
    """Draw a run, what else is known of its rows, and some decisions."""
    codes = st.integers(-1, len(CLASSES) - 1)
    given_codes = np.array(draw(st.lists(codes, min_size=N_ROWS, max_size=N_ROWS)), dtype=np.int64)
    suggested = draw(st.lists(st.integers(0, len(CLASSES) - 1), min_size=N_ROWS, max_size=N_ROWS))
    chances = np.array(draw(st.lists(st.sampled_from([0.1, 0.5, 0.9]), min_size=N_ROWS, max_size=N_ROWS)))
    run = MadeRun(
        class_names=CLASSES,
        labels=given_codes,
        suggested_labels=np.array(suggested, dtype=np.int64),
        error_probabilities=np.where(given_codes == -1, np.nan, chances),
        is_issue=np.array(draw(st.lists(st.booleans(), min_size=N_ROWS, max_size=N_ROWS))) & (given_codes != -1),
        ranked_rows=np.array(draw(st.permutations(range(N_ROWS))), dtype=np.int64),
    )
    first = draw(st.lists(st.integers(0, 3), min_size=N_ROWS, max_size=N_ROWS))
    sources = MadeSources(
        texts=draw(st.lists(st.sampled_from(["Late", "late again", "ß", "SS", ""]), min_size=N_ROWS, max_size=N_ROWS)),
        columns={"c": draw(st.lists(st.sampled_from(["x", "y", ""]), min_size=N_ROWS, max_size=N_ROWS))},
        problems={"p": draw(st.lists(st.integers(0, N_ROWS - 1), unique=True))},
        groups=[first.index(number) for number in first],
    )
    decided = draw(st.dictionaries(st.integers(0, N_ROWS - 1), st.tuples(st.sampled_from(Verdict), st.booleans())))
    events = [
        decision(row, verdict, label=draw(st.sampled_from([*CLASSES, "new"])), reviewer=REVIEWERS[is_lee])
        for row, (verdict, is_lee) in decided.items()
    ]
    return run, sources, by_row(*events)


asked = st.builds(
    QueueFilter,
    given=st.sampled_from([None, None, *CLASSES]),
    suggested=st.sampled_from([None, None, *CLASSES]),
    min_error_probability=st.sampled_from([0.0, 0.0, 0.5]),
    max_error_probability=st.sampled_from([1.0, 1.0, 0.5]),
    only_issues=st.booleans(),
    undecided_only=st.booleans(),
    text=st.sampled_from(["", "", "LATE", "ss"]),
    unlabelled=st.sampled_from([False, False, True]),
    verdict=st.sampled_from([None, None, "any", Verdict.KEEP, Verdict.UNSURE]),
    kind=st.sampled_from([None, None, "rare"]),
    problem=st.sampled_from(["", "", "p"]),
    column=st.sampled_from(["", "", "c"]),
    value=st.sampled_from(["x", ""]),
    decided_by=st.sampled_from(["", "", "kim"]),
)


def _matches(
    row: int, run: MadeRun, sources: MadeSources, decisions: dict[int, ReviewEvent], wanted: QueueFilter
) -> bool:
    """Look at one row after the other, and at one condition after the other."""
    code, event = int(run.labels[row]), decisions.get(row)
    own = None if code == -1 else CLASSES[code]
    counts = [int(np.count_nonzero(run.labels == other)) for other in range(len(CLASSES))]
    n_given = [count for count in counts if count]
    chance = float(run.error_probabilities[row])
    is_else = wanted.unlabelled or wanted.verdict or wanted.kind or wanted.problem or wanted.decided_by
    conditions = [
        wanted.suggested is None or label_key(CLASSES[int(run.suggested_labels[row])]) == label_key(wanted.suggested),
        not wanted.unlabelled or own is None,
        not wanted.text or wanted.text.casefold() in sources.texts[row].casefold(),
        wanted.verdict is None or (event is not None and wanted.verdict in {"any", event.verdict}),
        not wanted.decided_by or (event is not None and event.reviewer == wanted.decided_by),
        not wanted.problem or row in sources.problems["p"],
        not wanted.column or sources.columns["c"][row] == wanted.value,
        is_else or not wanted.only_issues or bool(run.is_issue[row]),
        wanted.kind != "rare" or (own is not None and counts[code] < max(5, sum(n_given) / len(n_given) / 20)),
    ]
    if not wanted.unlabelled:
        conditions += [
            wanted.given is None or (own is not None and label_key(own) == label_key(wanted.given)),
            not wanted.min_error_probability or chance >= wanted.min_error_probability,
            wanted.max_error_probability == 1 or chance <= wanted.max_error_probability,
        ]
    return all(conditions)


@given(cases(), asked)
def test_a_queue_is_what_a_slow_loop_finds(
    case: tuple[MadeRun, MadeSources, dict[int, ReviewEvent]], wanted: QueueFilter
) -> None:
    """The same rows in the same order, for any filter."""
    run, sources, decisions = case
    order = sources.problems["p"] if wanted.problem else run.ranked_rows.tolist()

    queue = build_queue(run, sources, wanted, decisions)

    matching = [row for row in order if _matches(row, run, sources, decisions, wanted)]
    leaves_out = wanted.undecided_only and wanted.verdict is None and not wanted.decided_by
    assert queue.matching_rows.tolist() == matching
    assert queue.rows.tolist() == [row for row in matching if not (leaves_out and row in decisions)]


@given(cases(), asked)
def test_contradictions_are_what_a_slow_loop_finds(
    case: tuple[MadeRun, MadeSources, dict[int, ReviewEvent]], wanted: QueueFilter
) -> None:
    """One undecided row of each group whose labels differ by now, if one of its rows meets the other conditions."""
    run, sources, decisions = case
    wanted = replace(wanted, kind="contradictions", undecided_only=True, verdict=None, decided_by="", problem="")
    plain = replace(wanted, kind=None, only_issues=False)
    ranks = {row: rank for rank, row in enumerate(run.ranked_rows.tolist())}

    rows = build_queue(run, sources, wanted, decisions).rows.tolist()

    expected = set()
    for group in set(sources.groups or ()):
        members = [row for row in range(N_ROWS) if (sources.groups or ())[row] == group]
        keys = {_label_by_now(row, run, decisions) for row in members} - {None}
        waiting = [row for row in members if row not in decisions and _matches(row, run, sources, decisions, plain)]
        if len(keys) > 1 and waiting:
            expected.add(min(waiting, key=ranks.__getitem__))
    assert sorted(rows) == sorted(expected)


def _label_by_now(row: int, run: MadeRun, decisions: dict[int, ReviewEvent]) -> object:
    event, code = decisions.get(row), int(run.labels[row])
    if event is not None and event.verdict is Verdict.EXCLUDE:
        return None
    if event is not None and event.verdict in {Verdict.ACCEPT, Verdict.RELABEL} and event.label is not None:
        return label_key(event.label)
    return None if code == -1 else label_key(CLASSES[code])


@given(cases())
def test_every_size_is_that_of_its_queue(case: tuple[MadeRun, MadeSources, dict[int, ReviewEvent]]) -> None:
    """What the list of queues says is what opens; progress counts the same rows."""
    run, sources, decisions = case
    table = DecisionTable.of(run, decisions)

    sizes = QueueSizes(run, sources, table).count()

    for name, queue_filter in USUAL_QUEUES.items():
        queue = build_queue(run, sources, queue_filter, table)
        undecided = [index for index, row in enumerate(queue.rows.tolist()) if row not in decisions]
        assert sizes[name] == len(queue)
        assert queue.first_undecided(table) == (undecided[0] if undecided else None)
        assert [queue.index_of(row) for row in queue.rows.tolist()] == list(range(len(queue)))
        assert [row for row in range(N_ROWS) if queue.matches(row)] == sorted(queue.matching_rows.tolist())
