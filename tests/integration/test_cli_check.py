"""``labelclean check``, and every command of its page in the documentation."""

from __future__ import annotations

import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import jsonschema
import junitparser
import pytest

from labelclean.cli.app import run
from labelclean.dataset import text_hash
from tests.sarif_schema import published_schema

DOCS = Path(__file__).parents[2] / "assets" / "docs" / "ci.md"
WORDS = (
    "where is my parcel", "the parcel is late", "parcel has not arrived", "my parcel went missing",
    "I want my money back", "please refund the money", "refund has not been paid", "money back for this",
)  # fmt: skip


def messages(n_wrong: int = 2, *more: str, n_rows: int = 80) -> str:
    """Spell messages of two classes; the first ones have the label of the other class."""
    lines = ["id,message,topic"]
    for row in range(n_rows):
        topic = ("parcel", "refund")[(row % 8 > 3) != (row < n_wrong)]
        lines.append(f'm{row},"{WORDS[row % 8]}, case {row}",{topic}')
    return "\n".join([*lines, *more, ""])


class Shell:
    """Runs the command in a folder and keeps what it said."""

    def __init__(self, path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.path, self._capfd = path, capfd
        self.out, self.err = "", ""

    def check(self, *arguments: str, code: int) -> None:
        """Run ``labelclean check`` and look at its exit code."""
        ended = run(["check", *arguments])
        self.out, self.err = self._capfd.readouterr()
        assert ended == code, self.out + self.err

    def names(self) -> list[str]:
        """Name the files that are there."""
        return sorted(path.name for path in self.path.iterdir())


@pytest.fixture
def shell(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Work in a folder with a dataset that has two wrong labels."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_text(messages(), encoding="utf-8")
    return Shell(tmp_path, capfd)


COLUMNS = ("--text", "message", "--label", "topic", "--quiet")


def test_a_good_dataset_passes(shell: Shell) -> None:
    """Exit code 0 and a short report on standard output."""
    shell.check("in.csv", *COLUMNS, "--max-errors", "10%", "--fail-on", "contradictions", code=0)

    lines = shell.out.splitlines()
    assert lines[0] == "in.csv: 80 rows, 80 with a label, 2 classes"
    assert lines[1].startswith("ok    label-errors: About ")
    assert lines[2] == "ok    contradictions: No row breaks this rule."
    assert lines[4].split() == ["row", "line", "given", "label", "suggested", "label", "error", "probability"]
    assert {line.split()[0] for line in lines[5:7]} == {"0", "1"}
    assert lines[-1] == "Passed."
    assert shell.err == ""


def test_too_many_errors_fail_with_a_code_of_their_own(shell: Shell) -> None:
    """The lower end of the interval is above the limit, or the estimate is with --strict."""
    (shell.path / "in.csv").write_text(messages(60, n_rows=480), encoding="utf-8")

    shell.check("in.csv", *COLUMNS, "--max-errors", "10", code=4)
    first = shell.out
    shell.check("in.csv", *COLUMNS, "--max-errors", "1%", "--strict", code=4)

    assert "FAIL  label-errors: About " in first
    assert "the lower end is above the limit of 10." in first
    assert first.splitlines()[-1] == "Failed: label-errors."
    assert "the estimate is above the limit of 1%." in shell.out


def test_a_broken_rule_fails_only_if_it_is_demanded(shell: Shell) -> None:
    """The same text with two labels."""
    more = ("a1,twice,parcel", "a2,twice,refund")
    (shell.path / "in.csv").write_text(messages(0, *more), encoding="utf-8")

    shell.check("in.csv", *COLUMNS, code=0)
    assert "info  contradictions: 2 rows have the text of another row with another label." in shell.out
    shell.check("in.csv", *COLUMNS, "--no-audit", "--fail-on", "contradictions", code=4)
    assert "FAIL  contradictions: 2 rows" in shell.out
    assert "label-errors" not in shell.out


def test_the_files_say_where_the_rows_are(shell: Shell) -> None:
    """Three files from one run; the lines are those of the file, and no text is in any of them."""
    shell.check(
        "in.csv", *COLUMNS, "--max-errors", "0", "--strict", "--json", "a.json", "--sarif", "a.sarif",
        "--junit", "a.xml", code=4,
    )  # fmt: skip

    values = json.loads((shell.path / "a.json").read_text(encoding="utf-8"))
    log = json.loads((shell.path / "a.sarif").read_text(encoding="utf-8"))
    (suite,) = junitparser.JUnitXml.fromfile(io.BytesIO((shell.path / "a.xml").read_bytes()))
    jsonschema.validate(log, published_schema())
    results = [found for found in log["runs"][0]["results"] if found["ruleId"] == "label-errors"]
    places = {found["locations"][0]["physicalLocation"]["region"]["startLine"] for found in results}
    assert places == {2, 3} == {suspect["line"] for suspect in values["suspects"]}
    assert {suspect["text_hash"] for suspect in values["suspects"]} == {
        text_hash("where is my parcel, case 0"),
        text_hash("the parcel is late, case 1"),
    }
    assert (suite.tests, suite.failures) == (1, 1)
    for name in ("a.json", "a.sarif", "a.xml"):
        assert "case 0" not in (shell.path / name).read_text(encoding="utf-8")


def test_the_same_input_gives_the_same_files(shell: Shell) -> None:
    """Nothing depends on the time or the order of a hash."""
    made = []
    for name in ("a", "b"):
        shell.check("in.csv", *COLUMNS, "--sarif", f"{name}.sarif", "--json", f"{name}.json", code=0)
        made.append([(shell.path / f"{name}.{kind}").read_bytes() for kind in ("sarif", "json")])

    assert made[0] == made[1]


def test_a_report_can_go_to_standard_output(shell: Shell) -> None:
    """Alone, so that it can be piped on."""
    shell.check("in.csv", *COLUMNS, "--json", "-", code=0)

    assert json.loads(shell.out)["passed"] is True


def test_label_sets_are_checked(shell: Shell) -> None:
    """Of JSON Lines with arrays; a row with another row's set is suspect."""
    lines = [
        json.dumps({"text": f"{WORDS[row % 8]}, case {row}", "tags": [("parcel", "refund")[row % 8 > 3]]})
        for row in range(80)
    ]
    lines[0] = json.dumps({"text": f"{WORDS[0]}, case 0", "tags": ["refund"]})
    (shell.path / "sets.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = ("--text", "text", "--label", "tags", "--label-spelling", "array", "--quiet")

    shell.check("sets.jsonl", *columns, "--max-errors", "50%", "--json", "sets.json", code=0)

    suspects = json.loads((shell.path / "sets.json").read_text(encoding="utf-8"))["suspects"]
    assert (suspects[0]["row"], suspects[0]["line"]) == (0, 1)
    assert (suspects[0]["given_label"], suspects[0]["suggested_label"]) == (["refund"], ["parcel"])


def test_several_annotators_are_checked(shell: Shell) -> None:
    """Their majority's labels."""
    rows = [f'"{WORDS[row % 8]}, case {row}",{",".join(votes(row))}' for row in range(80)]
    (shell.path / "votes.csv").write_text("\n".join(["message,ana,ben,cem", *rows, ""]), encoding="utf-8")

    shell.check("votes.csv", "--text", "message", "--annotators", "ana,ben,cem", "-q", "--json", "v.json", code=0)

    values = json.loads((shell.path / "v.json").read_text(encoding="utf-8"))
    assert (values["n_rows"], values["n_labelled"], values["n_classes"]) == (80, 80, 2)
    assert values["suspects"][0]["row"] == 0


def votes(row: int) -> list[str]:
    """Return three votes; all are wrong in row 0, and now and then one is."""
    right, wrong = ("parcel", "refund") if row % 8 < 4 else ("refund", "parcel")
    if row == 0:
        return [wrong] * 3
    return [wrong if row % 5 == annotator else right for annotator in range(3)]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["in.csv", "--max-errors", "0.02"], 2, "--max-errors must be a share"),
        (["in.csv", "--fail-on", "typos"], 2, "--fail-on must name a rule; got 'typos'."),
        (["in.csv", "--no-audit", "--max-errors", "2%"], 2, "the audit was left out"),
        (["in.csv", "--top", "-1"], 2, "--top must be 0 or more"),
        (["in.csv", "--json", "in.csv"], 2, "must not be an input file"),
        (["in.csv", "--json", "a", "--sarif", "./a"], 2, "must be different files"),
        (["none.csv"], 3, "does not exist"),
        (["in.csv", "--label", "none"], 2, "must name a column"),
    ],
)
def test_a_refusal_has_its_exit_code_and_leaves_no_file(
    shell: Shell, arguments: list[str], code: int, said: str
) -> None:
    """What is wrong and what to do stands on stderr, in two lines."""
    shell.check(*arguments, "--quiet", code=code)

    assert said in shell.err
    assert [line.partition(":")[0] for line in shell.err.splitlines()] == ["error", "fix"]
    assert shell.out == ""
    assert shell.names() == ["in.csv"]


def test_a_terminal_gets_a_drawn_table(shell: Shell) -> None:
    """A pseudo-terminal stands for one; class names that look like markup stay as they are."""
    pytest.importorskip("pty")
    content = messages().replace("refund\n", "[red]refund\n")
    (shell.path / "in.csv").write_text(content, encoding="utf-8")
    script = (
        "import os, pty, sys\n"
        "shown = []\n"
        "def read(terminal):\n    data = os.read(terminal, 65536)\n    shown.append(data)\n    return data\n"
        f"code = pty.spawn([sys.executable, '-m', 'labelclean', 'check', 'in.csv', *{COLUMNS!r}], read)\n"
        "sys.exit(os.waitstatus_to_exitcode(code))\n"
    )

    result = subprocess.run(
        [sys.executable, "-c", script], cwd=shell.path, capture_output=True, text=True, encoding="utf-8", check=False
    )

    assert result.returncode == 0, result.stderr
    assert "│" in result.stdout or "┃" in result.stdout
    assert "[red]refund" in result.stdout


def documented() -> list[str]:
    """Return every command of the page, in order."""
    text = DOCS.read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:bash|yaml)\n(.*?)```", text, re.DOTALL)
    found = [match for block in blocks for match in re.findall(r"labelclean (?:check|apply) .*", block)]
    assert len(found) >= 7
    return found


def test_every_command_of_the_documentation_runs(shell: Shell) -> None:
    """In the order of the page, in a folder like the one it speaks of; the hook gets the file's name at the end."""
    folder = shell.path / "data"
    folder.mkdir()
    (folder / "messages.csv").write_text(messages(), encoding="utf-8")
    log = f"row,id,old,new,verdict,text_hash\n0,m0,refund,parcel,accept,{text_hash('where is my parcel, case 0')}\n"
    (folder / "changes.csv").write_text(log, encoding="utf-8")

    for command in documented():
        arguments = shlex.split(command)[1:]
        if "data/messages.csv" not in arguments and "data/fixed.csv" not in arguments:
            arguments.append("data/messages.csv")
        assert run(arguments) == 0, command

    assert (folder / "original.csv").read_bytes() == (folder / "messages.csv").read_bytes()
    assert (folder / "fixed.csv").read_bytes() != (folder / "messages.csv").read_bytes()
    assert {"labels.sarif", "labels.xml"} <= set(shell.names())


def test_the_documentation_names_every_rule_and_exit_code() -> None:
    """And no other."""
    from labelclean.checking import RULES  # noqa: PLC0415  (only here)

    text = DOCS.read_text(encoding="utf-8")
    table = text[text.index("## Rules") : text.index("## Exit codes")]

    assert re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE) == list(RULES)
