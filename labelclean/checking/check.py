"""The check itself: the rules and the limit, held against a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from labelclean.checking.auditing import Audited, audit_for_check
from labelclean.checking.limits import ErrorLimit
from labelclean.checking.rules import Breach, RuleName, find_breaches
from labelclean.config import AuditConfig
from labelclean.dataset import Dataset, text_hash
from labelclean.errors import InvalidInputError
from labelclean.protocols import Progress, no_progress

__all__ = ["CheckOptions", "CheckResult", "check_labels"]


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckOptions:
    """
    What a dataset has to fulfil.

    Attributes
    ----------
    max_errors : ErrorLimit or None
        The most label errors that are allowed; None allows any number.
    is_strict : bool, default=False
        Hold the estimate itself against the limit, not the lower end of its interval.
    fail_on : frozenset of str, default=empty
        The rules that must hold.
    top : int, default=50
        How many suspects, and how many rows of each broken rule, are listed.
    audits : bool, default=True
        Whether labels are judged at all; the rules need no model.
    """

    max_errors: ErrorLimit | None = None
    is_strict: bool = False
    fail_on: frozenset[RuleName] = frozenset()
    top: int = 50
    audits: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.max_errors is not None and not self.audits:
            raise InvalidInputError(
                "The number of label errors must be estimated to be held against a limit; the audit was left out.",
                fix="Leave out --no-audit, or --max-errors.",
            )
        if self.top < 0:
            raise InvalidInputError(f"--top must be 0 or more; got {self.top:,}.", fix="Give another number.")


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckResult:
    """
    What the check found.

    Attributes
    ----------
    options : CheckOptions
        What was demanded.
    n_rows, n_labelled, n_classes : int
        Of the dataset.
    audited : Audited or None
        Estimated errors and suspects; None where nothing was audited.
    breaches : tuple of Breach
        One for each rule, broken or not.
    hashes, texts : mapping of int to str
        Fingerprint and text of the listed rows.
    """

    options: CheckOptions
    n_rows: int
    n_labelled: int
    n_classes: int
    audited: Audited | None
    breaches: tuple[Breach, ...]
    hashes: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    texts: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def compared_errors(self) -> float:
        """The number of errors that is held against the limit: the lower end of the interval, unless strict."""
        if self.audited is None:
            return 0.0
        if self.audited.interval is None or self.options.is_strict:
            return self.audited.n_errors
        return float(self.audited.interval[0])

    @property
    def has_too_many_errors(self) -> bool:
        """Whether there are more label errors than allowed."""
        limit = self.options.max_errors
        return limit is not None and self.compared_errors > limit.allowed(self.n_labelled)

    @property
    def failed(self) -> tuple[str, ...]:
        """The names of what does not hold, "label-errors" first."""
        rules = [breach.rule for breach in self.breaches if breach.n_rows and breach.rule in self.options.fail_on]
        return ("label-errors", *rules) if self.has_too_many_errors else tuple(rules)

    @property
    def is_passed(self) -> bool:
        """Whether everything that was demanded holds."""
        return not self.failed

    def listed_rows(self, breach: Breach) -> tuple[int, ...]:
        """Return the rows of one rule that are listed."""
        return breach.rows[: self.options.top]


def check_labels(
    dataset: Dataset,
    options: CheckOptions,
    *,
    config: AuditConfig | None = None,
    progress: Progress | None = None,
) -> CheckResult:
    """
    Check a dataset.

    Parameters
    ----------
    dataset : Dataset
        With single labels, label sets, or votes.
    options : CheckOptions
        What it has to fulfil.
    config : AuditConfig, optional
        Options of the audit.
    progress : Progress, optional
        Told the step under way and the fraction done, 0 to 1.

    Returns
    -------
    CheckResult
        ``is_passed`` tells the outcome.

    Raises
    ------
    InvalidInputError
        If the data cannot be audited.

    Examples
    --------
    >>> data = Dataset.from_labels(["late", "late", "broken"], ["parcel", "refund", "parcel"])
    >>> options = CheckOptions(fail_on=frozenset({"contradictions"}), audits=False)
    >>> check_labels(data, options).failed
    ('contradictions',)
    """
    audited = None
    if options.audits:
        audited = audit_for_check(dataset, config or AuditConfig(), progress or no_progress, top=options.top)
    breaches = find_breaches(dataset)
    rows = {suspect.row for suspect in audited.suspects} if audited else set()
    rows.update(*(breach.rows[: options.top] for breach in breaches))
    return CheckResult(
        options=options,
        n_rows=dataset.n_examples,
        n_labelled=dataset.n_examples - dataset.n_unlabelled,
        n_classes=_n_classes(dataset),
        audited=audited,
        breaches=breaches,
        hashes=MappingProxyType({row: text_hash(dataset.texts[row]) for row in sorted(rows)}),
        texts=MappingProxyType({row: dataset.texts[row] for row in sorted(rows)}),
    )


def _n_classes(dataset: Dataset) -> int:
    """Count the labels; where texts have sets of them, those in the sets."""
    if not dataset.has_label_sets:
        return dataset.n_classes
    return len({(type(label), label) for labels in dataset.label_sets() for label in labels or ()})
