"""What an audit on the command line found, whatever kind of labels it was about: what to write, count and say."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from labelclean.cli.own_embeddings import OwnEmbeddings
from labelclean.cli.own_probs import OwnProbs
from labelclean.config import AuditConfig
from labelclean.errors import InvalidInputError
from labelclean.protocols import Progress

if TYPE_CHECKING:
    from labelclean.dataset import Dataset
    from labelclean.results import AuditResult

__all__ = ["Outcome", "audit_file", "check_own_outputs"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Outcome:
    """
    What was found.

    Attributes
    ----------
    write : callable
        Writes every row, most suspect first, as CSV.
    totals : dict of str to object
        The run in numbers, as plain values for JSON.
    sentences : tuple of str
        What to say when it is done.
    """

    write: Callable[[BinaryIO], None]
    totals: dict[str, object]
    sentences: tuple[str, ...]


def audit_file(
    dataset: Dataset,
    config: AuditConfig,
    progress: Progress,
    *,
    own: OwnProbs | None = None,
    view: OwnEmbeddings | None = None,
) -> Outcome:
    """
    Audit a dataset in the way that its labels want.

    Parameters
    ----------
    dataset : Dataset
        With one label or one label set for each text, or with the votes of several annotators.
    config : AuditConfig
        Options.
    progress : Progress
        Told the step under way and the fraction done.
    own : OwnProbs, optional
        The user's own probabilities, for single labels.
    view : OwnEmbeddings, optional
        The user's own embeddings, for one annotator.

    Returns
    -------
    Outcome
        What was found.

    Raises
    ------
    InvalidInputError
        If the data cannot be audited, or something does not go with this kind of labels.
    """
    check_own_outputs(dataset, pred_probs=own is not None, embeddings=view is not None)
    if dataset.votes is not None:
        return _of_votes(dataset, config, progress)
    if dataset.has_label_sets:
        return _of_sets(dataset, config, progress, view)
    from labelclean.pipeline import audit_dataset, audit_matched  # noqa: PLC0415  (--help need not wait for the engine)

    if own is not None:
        return _of_labels(audit_matched(own.matched, config=config, progress=progress))
    embeddings = None if view is None else view.table
    return _of_labels(audit_dataset(dataset, embeddings=embeddings, config=config, progress=progress))


def check_own_outputs(dataset: Dataset, *, pred_probs: bool, embeddings: bool) -> None:
    """
    Refuse outputs of the user's own models that do not go with a dataset's kind of labels.

    Parameters
    ----------
    dataset : Dataset
        With one label or one label set for each text, or with the votes of several annotators.
    pred_probs, embeddings : bool
        Whether the user gave them.

    Raises
    ------
    InvalidInputError
        If there are probabilities for label sets, or either for several annotators.
    """
    if dataset.votes is not None:
        kind, unfit = "several annotators", {"--pred-probs": pred_probs, "--embeddings": embeddings}
    elif dataset.has_label_sets:
        kind, unfit = "label sets", {"--pred-probs": pred_probs}
    else:
        return
    for option, is_given in unfit.items():
        if is_given:
            raise InvalidInputError(
                f"{option} cannot be used for {kind} on the command line yet.",
                fix=f"Leave {option} out, or call the functions for {kind} in Python.",
            )


def _of_labels(result: AuditResult, *further: str) -> Outcome:
    from labelclean.cli.suspects import totals, write_suspects  # noqa: PLC0415  (see above)

    interval = result.n_errors_interval
    about = (
        ""
        if interval is None
        else (f"; about {result.noise.n_label_errors:,} are wrong ({interval[0]:,} to {interval[1]:,})")
    )
    said = f"{result.n_issues:,} of {result.n_labelled:,} labels are suspect{about}."
    return Outcome(
        write=partial(write_suspects, result),
        totals=totals(result),
        sentences=tuple(filter(None, (said, result.statement, *further))),
    )


def _of_votes(dataset: Dataset, config: AuditConfig, progress: Progress) -> Outcome:
    from labelclean.annotated_audit import audit_annotated  # noqa: PLC0415  (see above)

    found = audit_annotated(dataset, config=config, progress=progress)
    quality = dict(zip(found.annotator_names, found.annotators.quality.tolist(), strict=True))
    counts = dict(zip(found.annotator_names, found.annotators.n_votes.tolist(), strict=True))
    outcome = _of_labels(
        found.result, f"The labels are those that most of {len(quality):,} annotators gave; the votes stay as they are."
    )
    table = [
        {"annotator": name, "n_votes": counts[name], "quality": None if math.isnan(value) else value}
        for name, value in quality.items()
    ]
    return Outcome(write=outcome.write, totals={**outcome.totals, "annotators": table}, sentences=outcome.sentences)


def _of_sets(dataset: Dataset, config: AuditConfig, progress: Progress, view: OwnEmbeddings | None) -> Outcome:
    from labelclean.cli.set_suspects import set_totals, write_set_suspects  # noqa: PLC0415  (see above)
    from labelclean.label_set_audit import audit_label_sets  # noqa: PLC0415

    result = audit_label_sets(
        dataset.texts,
        dataset.label_sets(),
        embeddings=None if view is None else view.table,
        config=config,
        progress=progress,
    )
    said = (
        f"{result.n_issues:,} of {int(result.is_labelled.sum()):,} label sets are suspect; about "
        f"{result.n_wrong_rows:,.0f} are wrong, in {result.n_wrong_cells:,.0f} labels."
    )
    return Outcome(write=partial(write_set_suspects, result), totals=set_totals(result), sentences=(said,))
