"""Every option of an audit: its default and its allowed range."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, Self, get_args

from labelclean.errors import ConfigError

__all__ = ["AuditConfig", "CountingRule", "FilterMethod", "IssueRule", "check_filter_method"]

FilterMethod = Literal[
    "prune_by_noise_rate",
    "prune_by_class",
    "both",
    "confident_learning",
    "predicted_neq_given",
    "low_self_confidence",
    "low_normalized_margin",
]
"""Which rows are flagged; see ``core.label_issues.find_label_issues``."""

IssueRule = Literal[
    "error_probability",
    "prune_by_noise_rate",
    "prune_by_class",
    "both",
    "confident_learning",
    "predicted_neq_given",
    "low_self_confidence",
    "low_normalized_margin",
]
"""What an audit flags rows by: the probability that the label is wrong, or one of the filters."""

CountingRule = Literal["reference", "paper"]
"""Where a row is counted that is confident of several classes; see ``core.scan.scan_rows``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditConfig:
    """
    Options of one audit; the same options on the same data give the same result.

    Attributes
    ----------
    n_folds : int, default=10
        Folds of the cross-validation behind the held-out probabilities, 2 to 50; half as many for very large data.
    random_state : int, default=0
        Seed of the fold assignment, 0 or more.
    filter_by : str, default="error_probability"
        Which rows are flagged: those whose label is more likely wrong than right; or by a method of Northcutt, Jiang &
        Chuang (2021), section 3.2, or a simpler one, with the noise estimated as they do; see
        ``core.label_issues.find_label_issues``. The ranking does not depend on it.
    frac_noise : float, default=1.0
        Share of the estimated label errors to flag, above 0 and at most 1.
    min_examples_per_class : int, default=1
        Rows of each class that are never flagged, 0 or more.
    counting : str, default="reference"
        Where a row is counted that is confident of several classes: at the most likely class of all ("reference"), or
        at the most likely of those it is confident of ("paper").
    n_likely_classes : int, default=9
        Classes kept per row, most likely first (the digit keys of the review screen), 1 to 9.
    n_explained : int, default=0
        Rows that get evidence (words, neighbours, a sentence), the most suspect first, 0 to 100,000.
    bounded : bool or None, default=None
        Whether to read the texts in the way that needs less memory: words only, hashed. None: where the usual way
        would not fit this machine.
    n_jobs : int, default=2
        Threads, 1 or more. The result does not depend on it.
    """

    n_folds: int = 10
    random_state: int = 0
    filter_by: IssueRule = "error_probability"
    frac_noise: float = 1.0
    min_examples_per_class: int = 1
    counting: CountingRule = "reference"
    n_likely_classes: int = 9
    n_explained: int = 0
    bounded: bool | None = None
    n_jobs: int = 2

    def __post_init__(self) -> None:
        """Refuse options outside their range."""
        _check_range("n_folds", self.n_folds, 2, 50)
        _check_range("random_state", self.random_state, 0, 2**32 - 1)
        _check_range("min_examples_per_class", self.min_examples_per_class, 0, 2**31)
        _check_range("n_likely_classes", self.n_likely_classes, 1, 9)
        _check_range("n_jobs", self.n_jobs, 1, 256)
        _check_range("n_explained", self.n_explained, 0, 100_000)
        _check_choice("filter_by", self.filter_by, get_args(IssueRule))
        if self.bounded is not None and not isinstance(self.bounded, bool):
            raise ConfigError(
                f"bounded must be True, False or None; got {self.bounded!r}.",
                fix="Leave it out to let the size of the data decide.",
            )
        _check_choice("counting", self.counting, get_args(CountingRule))
        if not _is_share(self.frac_noise):
            raise ConfigError(
                f"frac_noise must be above 0 and at most 1; got {self.frac_noise!r}.",
                fix="Use 1 to flag as many rows as there are estimated errors.",
            )

    def to_dict(self) -> dict[str, int | float | str | None]:
        """Return the options as plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, object]) -> Self:
        """
        Return the options that ``to_dict`` gave.

        Raises
        ------
        ConfigError
            If a name is unknown or a value is outside its range.
        """
        try:
            return cls(**values)  # type: ignore[arg-type]  # the ranges are checked in __post_init__
        except TypeError as error:
            raise ConfigError(f"The options hold an unknown name: {error}.", fix="Start a new run.") from error


def check_filter_method(filter_by: str) -> None:
    """
    Refuse what is no filter of probabilities alone.

    Parameters
    ----------
    filter_by : str
        One of ``FilterMethod``.

    Raises
    ------
    ConfigError
        If it is anything else.

    Examples
    --------
    >>> check_filter_method("both")
    """
    _check_choice("filter_by", filter_by, get_args(FilterMethod))


def _check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ConfigError(
            f"{name} must be one of {', '.join(choices)}; got {value!r}.", fix="Leave it out to use the default."
        )


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1


def _check_range(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigError(
            f"{name} must be a whole number from {low:,} to {high:,}; got {value!r}.",
            fix="Choose a number in this range, or leave it out to use the default.",
        )
