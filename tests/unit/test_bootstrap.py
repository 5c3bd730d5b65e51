"""The set-up, as far as it goes without changing the machine."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from labelclean import bootstrap


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout that asks for one package, with the set-up pointed at it."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["numpy>=2.0", "some.thing-else[extra]>=1; python_version > \'3\'"]\n'
        '[project.optional-dependencies]\ntest = ["pytest>=8"]\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path / ".venv")
    return tmp_path


def _executable(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize(
    ("version", "is_refused"), [((3, 8), True), ((3, 10), True), ((3, 11), False), ((4, 0), False)]
)
def test_pythons_before_3_11_are_refused(version: tuple[int, int], is_refused: bool) -> None:
    """The oldest Python that will do is 3.11."""
    problem = bootstrap.python_problem(version)

    assert bool(problem) == is_refused
    assert not is_refused or f"this is Python {version[0]}.{version[1]}" in problem


def test_an_old_python_ends_with_code_2_and_says_what_to_install(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names what is needed and what is there; here, no Python is new enough."""
    monkeypatch.setattr(bootstrap, "MINIMUM_PYTHON", (99, 0))

    with pytest.raises(SystemExit) as ended:
        bootstrap.enter("labelclean", [])

    assert ended.value.code == 2
    shown = capsys.readouterr().err
    assert "error: labelclean needs Python 3.11 or newer; this is Python 3." in shown
    assert "fix: Install Python 3.11" in shown
    assert not (checkout / ".venv").exists()


def test_the_needed_packages_are_names_without_versions(checkout: Path) -> None:
    """Versions, extras and markers of a requirement are left out."""
    assert bootstrap.needed_packages(checkout) == ["numpy", "some.thing-else"]
    assert bootstrap.needed_packages(checkout, "test") == ["numpy", "some.thing-else", "pytest"]


def test_only_packages_that_cannot_be_found_are_missing() -> None:
    """An installed package is not missing."""
    assert bootstrap.missing_packages(["numpy", "no-such-package-anywhere"]) == ["no-such-package-anywhere"]


def test_an_installed_package_is_never_set_up(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyproject.toml beside the package there is nothing to install from."""
    (checkout / "pyproject.toml").unlink()
    monkeypatch.setattr(bootstrap, "prepare_environment", lambda extra: pytest.fail(f"set up with {extra!r}"))

    bootstrap.enter("labelclean", [])

    assert not (checkout / ".venv").exists()


def test_missing_packages_lead_to_a_new_start_inside_the_environment(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same module is started with the same arguments by the environment's Python."""
    prepared: list[str] = []
    started: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "prepare_environment", prepared.append)
    monkeypatch.setattr(os, "execv", lambda _program, command: started.append(command))

    bootstrap.enter("labelclean", ["--port", "9000"], extra="test")

    assert prepared == ["test"]
    assert started == [[str(checkout / ".venv" / "bin" / "python"), "-m", "labelclean", "--port", "9000"]]


def test_an_environment_that_lacks_packages_after_all_is_not_started_for_ever(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside the environment a failed set-up ends instead of starting itself again."""
    monkeypatch.setattr(bootstrap, "prepare_environment", lambda _extra: None)
    monkeypatch.setattr(sys, "prefix", str(checkout / ".venv"))
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("started again"))

    with pytest.raises(SystemExit) as ended:
        bootstrap.enter("labelclean", [])

    assert ended.value.code == 2


def _record_installs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    installs: list[str] = []
    monkeypatch.setattr(bootstrap, "_install_project", installs.append)
    return installs


def test_an_installation_is_done_once(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second start finds the stamp."""
    _executable(checkout / ".venv" / "bin" / "python")
    installs = _record_installs(monkeypatch)

    bootstrap.prepare_environment("")
    bootstrap.prepare_environment("")

    assert installs == [""]


def test_a_changed_project_file_is_installed_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """New dependencies arrive with the next start."""
    _executable(checkout / ".venv" / "bin" / "python")
    installs = _record_installs(monkeypatch)
    bootstrap.prepare_environment("")

    (checkout / "pyproject.toml").write_text("[project]\ndependencies = []\n", encoding="utf-8")
    bootstrap.prepare_environment("")

    assert installs == ["", ""]


def test_the_test_environment_serves_the_app_but_not_the_other_way_round(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests' packages are the app's and more."""
    _executable(checkout / ".venv" / "bin" / "python")
    installs = _record_installs(monkeypatch)

    bootstrap.prepare_environment("")
    bootstrap.prepare_environment("test")
    bootstrap.prepare_environment("")

    assert installs == ["", "test"]


def test_a_moved_checkout_is_installed_again(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An environment holds absolute paths, so that it is of no use elsewhere."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "pyproject.toml").write_bytes((checkout / "pyproject.toml").read_bytes())

    assert bootstrap.stamp_text(checkout, "") != bootstrap.stamp_text(elsewhere, "")


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade of the system's Python the old link leads nowhere."""
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(checkout / "gone")
    made: list[bool] = []
    monkeypatch.setattr(bootstrap, "_make_environment", lambda: made.append(True))
    _record_installs(monkeypatch)

    bootstrap.prepare_environment("")

    assert made == [True]


def test_a_failed_installation_shows_its_last_lines_and_leaves_no_stamp(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The next start tries again."""
    _executable(
        checkout / ".venv" / "bin" / "python", '#!/bin/sh\n[ "$1" = -c ] && exit 0\necho no such index\nexit 7\n'
    )

    with pytest.raises(bootstrap.SetupError) as refused:
        bootstrap.prepare_environment("")

    assert "ended with code 7" in refused.value.message
    assert "no such index" in capsys.readouterr().err
    assert list((checkout / ".venv").glob("*.stamp")) == []


def test_without_the_venv_part_and_without_rights_the_command_to_type_is_named(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian's Python comes without ensurepip."""
    monkeypatch.setattr(bootstrap, "_has_module", lambda _name: False)
    monkeypatch.setattr(bootstrap, "run_as_administrator", lambda _packages: False)

    with pytest.raises(bootstrap.SetupError) as refused:
        bootstrap.prepare_environment("")

    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert f"sudo apt-get install -y {package}" in refused.value.fix
    assert not (checkout / ".venv").exists()


def test_system_packages_are_not_tried_without_the_right_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary user whose sudo asks for a password is not asked."""
    _executable(tmp_path / "apt-get", "#!/bin/sh\ntouch ran\n")
    _executable(tmp_path / "sudo", "#!/bin/sh\nexit 1\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.chdir(tmp_path)

    done = bootstrap.run_as_administrator(["chromium"])

    assert not done
    assert not (tmp_path / "ran").exists()


def test_empty_package_lists_are_fetched_and_the_installation_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fresh container has no package lists."""
    script = '#!/bin/sh\necho "$2" >> log\n[ "$2" = update ] && touch lists\n[ -e lists ]\n'
    _executable(tmp_path / "apt-get", script)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.chdir(tmp_path)

    done = bootstrap.run_as_administrator(["chromium"])

    assert done
    assert (tmp_path / "log").read_text(encoding="utf-8").split() == ["install", "update", "install"]


def test_a_named_browser_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CHROMIUM goes before what is on the path."""
    browser = _executable(tmp_path / "my-chromium")
    monkeypatch.setenv("CHROMIUM", str(browser))

    assert bootstrap.find_browser() == browser


def test_the_module_answers_in_a_directory_of_its_own(tmp_path: Path) -> None:
    """Where everything is installed, ``python -m labelclean`` is the command line."""
    command = [sys.executable, "-m", "labelclean", "--version"]

    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert result.stdout == "labelclean 0.1.0\n"
