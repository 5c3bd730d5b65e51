"""The demo datasets that come with the program: what they are called, where they lie, which errors were planted."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from labelclean.home import asset_path
from labelclean.io.layout import ColumnRoles, LabelSpelling

__all__ = ["LABEL_SET_DEMO", "MESSAGES_DEMO", "Demo", "planted_ids"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Demo:
    """
    One demo dataset.

    Attributes
    ----------
    name : str
        What its project is called.
    file_name : str
        Its file among the demos of the program.
    roles : ColumnRoles
        What its columns are.
    about : str
        What is in it, in half a sentence.
    """

    name: str
    file_name: str
    roles: ColumnRoles
    about: str

    @property
    def asset(self) -> str:
        """Where the file lies among the assets of the program."""
        return f"demo/{self.file_name}"


MESSAGES_DEMO = Demo(
    name="Demo: support messages",
    file_name="support_messages.csv",
    roles=ColumnRoles(text="text", label="label", row_id="id"),
    about="617 messages to a shop, one label each",
)

LABEL_SET_DEMO = Demo(
    name="Demo: product remarks",
    file_name="product_remarks.csv",
    roles=ColumnRoles(text="text", label="labels", row_id="id", spelling=LabelSpelling(kind="joined", separator="|")),
    about="1,058 remarks about products, with one to four labels each",
)


@cache
def planted_ids(file_name: str) -> frozenset[str]:
    """Return the ids of the rows whose labels were made wrong on purpose; none for a file that is no demo."""
    path = asset_path(f"demo/{file_name.removesuffix('.csv')}_answers.csv")
    if not path.is_file():
        return frozenset()
    with path.open(encoding="utf-8", newline="") as file:
        return frozenset(line["id"] for line in csv.DictReader(file))
