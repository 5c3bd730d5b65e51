"""What stands below the options in the help of each command: examples, and what words mean."""

from __future__ import annotations

__all__ = [
    "APPLY_EXAMPLES",
    "CHECK_EXAMPLES",
    "EXAMPLES",
    "FIND_EXAMPLES",
    "READING",
    "RECEIVE_EXAMPLES",
    "SEND_EXAMPLES",
    "START_EXAMPLES",
]

EXAMPLES = """\b
Examples:
  labelclean                                    start the app in the browser
  labelclean start --port 9000 --no-browser
  labelclean find reviews.csv --text text --label label --output suspects.csv
  labelclean apply reviews.csv --decisions change_log.csv --output fixed.csv
  labelclean check reviews.csv --max-errors 2% --fail-on contradictions
"""

START_EXAMPLES = """\b
Examples:
  labelclean start
  labelclean start --port 9000 --no-browser
  labelclean start --host 0.0.0.0               reachable from other machines, without a login
"""

FIND_EXAMPLES = """\b
Examples:
  labelclean find reviews.csv --text text --label label --output suspects.csv
  labelclean find reviews.jsonl --output - --quiet | head
  labelclean find reviews.csv --output suspects.csv --summary summary.json --folds 10
  labelclean find reviews.csv --output suspects.csv --pred-probs probs.parquet
  labelclean find reviews.csv --output suspects.csv --pred-probs probs.npy --class-names bad,fine,good
\b
Columns of the output, every row of the input, most suspect first:
  rank               1 = most suspect
  row                0-based record in the input
  given_label        as in the input, a label set as a JSON list; empty if it has none
  suggested_label    the most likely label
  label_quality      0 to 1, low = suspect
  error_probability  0 to 1
  is_issue           true or false
Rows without a label come last; their scores are empty. A label that a spreadsheet would run as a formula has an
apostrophe in front.
\b
--pred-probs takes held-out probabilities of your own model, one row for each row of the dataset:
  .npy .npz          an array, the columns in the order of the sorted labels, or of --class-names
  .parquet .csv      one column per class, named like the class; other columns are left out
  .parquet           or one list column, in the order of the sorted labels, or of --class-names
"""

APPLY_EXAMPLES = """\b
Examples:
  labelclean apply reviews.csv --decisions change_log.csv --output fixed.csv
  labelclean apply reviews.csv --decisions change_log.jsonl --output fixed.csv --drop-excluded
  labelclean apply newer.csv --decisions change_log.csv --dry-run --report rows.csv
  labelclean apply newer.csv --decisions change_log.csv --output fixed.csv --skip-changed
  labelclean apply fixed.csv --decisions change_log.csv --output original.csv --revert
\b
Everything but the corrected label cells stays as it is, byte for byte; an empty log gives the identical file.
\b
The file may have changed since the review. Rows are found by their ids (--id), else by position and text_hash; a row
that is elsewhere is found if its text stands once in the file and once in the log. If any row was edited, is gone, was
relabelled or is ambiguous, nothing is written (exit code 2) and stderr names it; --skip-changed applies the others.
The change log and the report are ours: cells that a spreadsheet would run as formulas have an apostrophe in front. The
dataset is yours: its cells stay as they are.
"""

CHECK_EXAMPLES = """\b
Examples:
  labelclean check reviews.csv --max-errors 2%
  labelclean check reviews.csv --max-errors 2% --fail-on contradictions --fail-on empty-texts
  labelclean check reviews.csv --max-errors 50 --sarif labels.sarif --junit labels.xml --json labels.json
  labelclean check reviews.csv --no-audit --fail-on contradictions
\b
Rules for --fail-on:
  contradictions   the same text with different labels
  duplicates       the same text more than once
  empty-texts      rows without a text
  unlabelled       rows without a label
  similar-names    class names that look like one, such as Refund and refund
  rare-classes     classes with fewer than 5 rows
\b
--max-errors fails if even the lower end of the estimated number of label errors is above the limit; with --strict, and
for label sets, where no interval is known, if the estimate is. Reports hold no texts unless --with-texts.
"""

SEND_EXAMPLES = """\b
Examples:
  labelclean send reviews.csv --suspects suspects.csv --to label-studio --output tasks.json --config labels.xml
  labelclean send reviews.csv --suspects suspects.csv --to argilla --output records.json --top 200
  labelclean send reviews.csv --suspects suspects.csv --to doccano --output texts.jsonl --config labels.json
  labelclean send reviews.csv --suspects suspects.csv --to prodigy --output tasks.jsonl
\b
Each task has the text, the given label, the suggested one (chosen already, where the tool has suggestions) and keys
that begin with labelclean_, by which labelclean receive finds the row again. Leave those in the tool's export.
"""

RECEIVE_EXAMPLES = """\b
Examples:
  labelclean receive export.json --data reviews.csv --output changes.csv
  labelclean receive anna.jsonl ben.jsonl --from doccano --data reviews.csv --output changes.csv
  labelclean apply reviews.csv --decisions changes.csv --output fixed.csv
\b
The label of the file: keep. The suggested one: accept. Another one: relabel. Passed over, or answered by several
annotators who differ: unsure, which leaves the label as it is.
"""

READING = """\b
Files, told by their content whatever their names are:
  csv, tsv           any delimiter, any usual encoding; also inside gzip, bzip2, xz, Zstandard, zip
  jsonl, json        objects, one a line or in an array; nested keys are columns such as data.text
  json_columns       one object with a list for each column
  fasttext           __label__a __label__b text
  parquet, xlsx      --part names the sheet of a workbook
  arrow              a folder as Hugging Face datasets saves it; --part names the split
\b
Label spellings, guessed with the reason said:
  plain              the cell is the label
  names              a number from 0 with a name: --label-names, or ClassLabel of Parquet and datasets
  joined             late|broken, with --label-separator '|'
  json_list          ["late", "broken"] as text in a cell; python_list: ['late', 'broken']
  array              a list in JSON and Parquet; scores: {"late": 1, "broken": 0}
  one_hot            a column for each label, with --label-columns late,broken
  repeated           label1, label2, ... with --label-columns label1,label2
All but the first two are label sets: a text may have several labels, or none.
"""
