"""What is said about the health of a dataset's labels: frozen results over read-only arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import ClassArray, CodeArray, Label, freeze_fields

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ClassHealth", "DatasetHealth", "OverlappingClasses"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ClassHealth:
    """
    How good the labels of each class are; the class with the worst labels first.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_classes,)
        Class codes, by rising label quality; ties by code.
    n_given : ndarray of int64, shape (n_classes,)
        Rows given the class.
    n_flagged : ndarray of int64, shape (n_classes,)
        Of these, the flagged ones.
    n_given_wrongly : ndarray of int64, shape (n_classes,)
        Estimated rows given the class that truly are of another.
    n_missed : ndarray of int64, shape (n_classes,)
        Estimated rows truly of the class that were given another.
    label_noise : ndarray of float64, shape (n_classes,)
        P(truly another | given the class), 0 to 1; 0 for a class that was never given.
    inverse_label_noise : ndarray of float64, shape (n_classes,)
        P(given another | truly the class), 0 to 1; 0 for a class that nothing is estimated to be.
    label_quality : ndarray of float64, shape (n_classes,)
        ``1 - label_noise``.
    """

    codes: CodeArray
    n_given: NDArray[np.int64]
    n_flagged: NDArray[np.int64]
    n_given_wrongly: NDArray[np.int64]
    n_missed: NDArray[np.int64]
    label_noise: ClassArray
    inverse_label_noise: ClassArray
    label_quality: ClassArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class OverlappingClasses:
    """
    Pairs of classes that are mistaken for each other, most often first; every pair with a count above 0.

    Attributes
    ----------
    first, second : ndarray of int64, shape (n_pairs,)
        Class codes, ``first < second``; ties by code.
    n_overlapping : ndarray of int64, shape (n_pairs,)
        Estimated rows given one of the two that truly are the other.
    joint_probability : ndarray of float64, shape (n_pairs,)
        Their share of all rows.
    """

    first: CodeArray
    second: CodeArray
    n_overlapping: NDArray[np.int64]
    joint_probability: ClassArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class DatasetHealth:
    """
    What an audit says about the labels as a whole.

    Two numbers of errors stand side by side, under names of their own: those estimated in the whole data and those
    flagged row by row. They come from the same confident joint and need not be equal, since a flagged row must also
    disagree with its label.

    Attributes
    ----------
    class_names : tuple of hashable, length n_classes
        The classes.
    n_examples : int
        Number of rows.
    n_flagged : int
        Number of flagged rows.
    n_label_errors : int
        Estimated number of wrong labels.
    classes : ClassHealth
        Class by class.
    overlapping_classes : OverlappingClasses
        Pair by pair.
    """

    class_names: tuple[Label, ...]
    n_examples: int
    n_flagged: int
    n_label_errors: int
    classes: ClassHealth
    overlapping_classes: OverlappingClasses

    @property
    def label_accuracy(self) -> float:
        """Estimated share of right labels, 0 to 1; 1 without rows."""
        return 1.0 - self.n_label_errors / self.n_examples if self.n_examples else 1.0

    @property
    def unflagged_share(self) -> float:
        """Share of rows that are not flagged, 0 to 1; 1 without rows."""
        return 1.0 - self.n_flagged / self.n_examples if self.n_examples else 1.0

    def classes_frame(self) -> pd.DataFrame:
        """Return the classes as a table, worst labels first."""
        import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

        table = self.classes
        return pd.DataFrame(
            {
                "class": pd.Series([self.class_names[code] for code in table.codes.tolist()], dtype=object),
                "n_given": table.n_given,
                "n_flagged": table.n_flagged,
                "n_given_wrongly": table.n_given_wrongly,
                "n_missed": table.n_missed,
                "label_noise": table.label_noise,
                "inverse_label_noise": table.inverse_label_noise,
                "label_quality": table.label_quality,
            }
        )

    def overlapping_frame(self) -> pd.DataFrame:
        """Return the overlapping classes as a table, the largest overlap first."""
        import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

        pairs = self.overlapping_classes
        return pd.DataFrame(
            {
                "class_a": pd.Series([self.class_names[code] for code in pairs.first.tolist()], dtype=object),
                "class_b": pd.Series([self.class_names[code] for code in pairs.second.tolist()], dtype=object),
                "n_overlapping": pairs.n_overlapping,
                "joint_probability": pairs.joint_probability,
            }
        )
