"""The options about how a dataset's file is read, the same for every command that reads one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, get_type_hints

import typer

from labelclean.cli.columns import choose_column, known_columns
from labelclean.cli.files import text_or_file
from labelclean.cli.options import delimiter_character
from labelclean.cli.reporting import note, note_encoding
from labelclean.errors import InvalidInputError
from labelclean.io.layout import (
    ColumnRoles,
    CompressionChoice,
    FileFormat,
    FileSummary,
    LabelSpelling,
    SpellingKind,
    VoteColumns,
)

__all__ = ["ReadingOptions", "reads_a_file"]


def _option(*names: str, says: str) -> object:
    return typer.Option(*names, help=says, show_default=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingOptions:
    """
    What was said on the command line about how a file is read; None leaves it to be guessed.

    Attributes
    ----------
    text, label, row_id : str or None
        Columns.
    file_format, encoding, delimiter, compression, part, quoting : optional
        As in ``ReadingChoices``.
    spelling, label_columns, separator, label_names : optional
        How labels are spelled; columns and names as lists with commas, names also as a file with one name a line.
    annotators, annotator, consensus : optional
        Where the votes of several annotators stand.
    """

    text: Annotated[str | None, _option("--text", says="Column of the texts.")] = None
    label: Annotated[str | None, _option("--label", says="Column of the labels.")] = None
    row_id: Annotated[str | None, _option("--id", says="Column of your own row ids.")] = None
    file_format: Annotated[FileFormat | None, _option("--format", says="The kind of file; told from its content.")] = (
        None
    )
    encoding: Annotated[str | None, _option("--encoding", says="Such as utf-8 or cp1252.")] = None
    delimiter: Annotated[str | None, _option("--delimiter", says="The character between cells, or 'tab'.")] = None
    compression: Annotated[
        CompressionChoice | None,
        _option("--compression", says="The archive around the file, or none."),
    ] = None
    part: Annotated[
        str | None,
        _option("--part", says="The sheet, the split or the key that holds the table."),
    ] = None
    quoting: Annotated[
        bool | None,
        _option("--quoting/--no-quoting", says="Whether quotes enclose cells of CSV and TSV."),
    ] = None
    spelling: Annotated[
        SpellingKind | None,
        _option(
            "--label-spelling",
            says="How a row spells its label or its label set; see below.",
        ),
    ] = None
    label_columns: Annotated[
        str | None,
        _option("--label-columns", says="The columns of one_hot and repeated: a list with commas."),
    ] = None
    separator: Annotated[
        str | None,
        _option("--label-separator", says="What stands between the labels of joined, such as '|'."),
    ] = None
    label_names: Annotated[
        str | None,
        _option(
            "--label-names",
            says="The names of labels that are numbers from 0: a file with one a line, or a list with commas.",
        ),
    ] = None
    annotators: Annotated[
        str | None,
        _option("--annotators", says="A column for each annotator: a list with commas."),
    ] = None
    annotator: Annotated[
        str | None,
        _option(
            "--annotator-column",
            says="The annotators' column where each record is one vote; needs --id, the text's.",
        ),
    ] = None
    consensus: Annotated[
        str | None,
        _option(
            "--consensus-column",
            says="The column that corrections are written to; added if there is none.",
        ),
    ] = None

    def look_into(self, source: Path, *, quiet: bool) -> FileSummary:
        """
        Look into a file before anything is done with it, and say doubtful guesses.

        Raises
        ------
        FileContentError
            If it cannot be read as what it should be.
        InvalidInputError
            If an option is not one that can be.
        """
        from labelclean.io.source import inspect_file  # noqa: PLC0415  (--help need not wait for it)

        found = inspect_file(
            source,
            name=source.name,
            file_format=self.file_format,
            encoding=self.encoding,
            delimiter=delimiter_character(self.delimiter),
            compression=self.compression,
            part=self.part,
            quoting=self.quoting,
        )
        if quiet:
            return found
        if self.encoding is None:
            note_encoding(found)
        if self.part is None and len(found.parts) > 1:
            note(f"part: {found.layout.part!r} of {', '.join(map(repr, found.parts))}; --part changes it")
        return found

    def roles(self, found: FileSummary, *, quiet: bool) -> ColumnRoles:
        """
        Return the columns' roles: as named, else as guessed, with the reason said.

        Raises
        ------
        InvalidInputError
            If a named column does not exist, one is neither named nor recognised, or options contradict each other.
        """
        votes = self._votes(found, quiet=quiet)
        label, spelling = self._label(found, votes, quiet=quiet)
        text = choose_column(found, "text", self.text, quiet=quiet)
        if text == label:
            raise InvalidInputError(
                f"The text and the label must be two columns; both are {text!r}.",
                fix=f"Name them with --text and --label. {known_columns(found)}",
            )
        row_id = choose_column(found, "row_id", self.row_id, quiet=quiet) if self.row_id is not None else None
        if votes is not None and votes.annotator is not None and row_id is None:
            row_id = choose_column(found, "row_id", None, quiet=quiet)
        return ColumnRoles(text=text, label=label, row_id=row_id, spelling=spelling, votes=votes)

    def _votes(self, found: FileSummary, *, quiet: bool) -> VoteColumns | None:
        consensus = VoteColumns().consensus if self.consensus is None else self.consensus
        if self.annotators is not None and self.annotator is not None:
            raise InvalidInputError(
                "The annotators must stand in columns of their own or in one column; --annotators and "
                "--annotator-column were both given.",
                fix="Give one of the two.",
            )
        if self.annotators is not None:
            columns = self._columns(found, "--annotators", self.annotators)
            if len(set(columns)) == 1:
                raise InvalidInputError(
                    f"--annotators must name a column for each of several annotators; got {columns[0]!r} alone.",
                    fix=f"Read one annotator's labels with --label. {known_columns(found)}",
                )
            return VoteColumns(columns=columns, consensus=consensus)
        if self.annotator is not None:
            (annotator,) = self._columns(found, "--annotator-column", self.annotator)
            if annotator == self.label:
                raise InvalidInputError(
                    f"The annotators and their labels must be two columns; both are {annotator!r}.",
                    fix=f"Name them with --annotator-column and --label. {known_columns(found)}",
                )
            return VoteColumns(annotator=annotator, consensus=consensus)
        if found.votes is None or self._says_label:
            return None
        if not quiet:
            note(f"several annotators: {found.votes_reason.rstrip('.')}; --label reads one column alone")
        return VoteColumns(columns=found.votes.columns, annotator=found.votes.annotator, consensus=consensus)

    @property
    def _says_label(self) -> bool:
        return not (self.label is None and self.spelling is None and self.label_columns is None)

    def _label(self, found: FileSummary, votes: VoteColumns | None, *, quiet: bool) -> tuple[str, LabelSpelling]:
        if votes is not None and votes.columns:
            return votes.columns[0], LabelSpelling()
        columns = () if self.label_columns is None else self._columns(found, "--label-columns", self.label_columns)
        label = columns[0] if columns else choose_column(found, "label", self.label, quiet=quiet)
        if not self._says_spelling:
            return self._guessed(found, label, votes, quiet=quiet)
        names = _listed(self.label_names)
        return label, LabelSpelling(
            kind=self._kind(columns, names), columns=columns, separator=self.separator or "", class_names=names
        )

    def _guessed(
        self, found: FileSummary, label: str, votes: VoteColumns | None, *, quiet: bool
    ) -> tuple[str, LabelSpelling]:
        from labelclean.io.labels.guess import spelling_of  # noqa: PLC0415  (see above)

        if votes is not None:
            return label, LabelSpelling()
        spelling, reason = spelling_of(found, label)
        if spelling.kind != "plain" and not quiet:
            note(f"labels: {spelling.kind} ({reason.rstrip('.')}); --label-spelling changes it")
        return (spelling.columns[0] if spelling.columns else label), spelling

    @property
    def _says_spelling(self) -> bool:
        given = (self.spelling, self.label_columns, self.separator, self.label_names)
        return any(value is not None for value in given)

    def _kind(self, columns: tuple[str, ...], names: tuple[str, ...]) -> SpellingKind:
        kind: SpellingKind = self.spelling or ("joined" if self.separator else "names" if names else "one_hot")
        if (kind in {"one_hot", "repeated"}) != bool(columns):
            raise InvalidInputError(
                "--label-columns must be given for the spellings one_hot and repeated, and only for these; "
                f"the spelling is {kind}.",
                fix="Add --label-columns, or choose another --label-spelling.",
            )
        if (kind == "joined") != bool(self.separator):
            raise InvalidInputError(
                f"--label-separator must be given for the spelling joined, and only for it; the spelling is {kind}.",
                fix="Name what stands between labels, such as '|', or leave the separator out.",
            )
        if (kind == "names") != bool(names):
            raise InvalidInputError(
                f"--label-names must be given for the spelling names, and only for it; the spelling is {kind}.",
                fix="Name a file with one name a line, or a list; or leave the names out.",
            )
        return kind

    def _columns(self, found: FileSummary, option: str, named: str) -> tuple[str, ...]:
        columns = tuple(part.strip() for part in named.split(",") if part.strip())
        missing = [column for column in columns if column not in found.layout.columns]
        if missing or not columns:
            raise InvalidInputError(
                f"{option} must name columns; got {missing[0] if missing else named!r}.", fix=known_columns(found)
            )
        return columns


def reads_a_file(command: Callable[..., None]) -> Callable[..., None]:
    """
    Give a command the options about how a file is read; it gets them as one argument, ``reading``.

    Parameters
    ----------
    command : callable
        Its parameter ``reading`` takes ``ReadingOptions``; the others stay as they are.

    Returns
    -------
    callable
        With every field of ``ReadingOptions`` as an option in that parameter's place.
    """
    hints, options = get_type_hints(command, include_extras=True), get_type_hints(ReadingOptions, include_extras=True)
    names = [field.name for field in fields(ReadingOptions)]

    @functools.wraps(command)
    def wrapped(**values: object) -> None:
        reading = ReadingOptions(**{name: values.pop(name) for name in names})  # type: ignore[arg-type]
        command(**values, reading=reading)

    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name == "reading":
            parameters += [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=options[name])
                for name in names
            ]
        else:
            parameters.append(parameter.replace(annotation=hints[parameter.name]))
    wrapped.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return wrapped


def _listed(named: str | None) -> tuple[str, ...]:
    from labelclean.io.model_outputs.class_order import parse_class_names  # noqa: PLC0415  (see above)

    return () if named is None else parse_class_names(text_or_file(named))
