"""
Set-up from a bare Python: make ``.venv``, install into it, and start again inside it.

Standard library only, and readable by old Pythons (3.7 and later), so that they get a clear message.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

__all__ = [
    "CHECKOUT",
    "ENVIRONMENT",
    "SetupError",
    "enter",
    "environment_python",
    "find_browser",
    "find_postgres",
    "is_checkout",
    "missing_packages",
    "needed_packages",
    "python_problem",
    "run_as_administrator",
    "stamp_text",
]

CHECKOUT = Path(__file__).resolve().parent.parent
"""Where the sources lie; in an installed wheel this is ``site-packages``."""

ENVIRONMENT = CHECKOUT / ".venv"
"""The virtual environment that the set-up makes, beside ``pyproject.toml``."""

MINIMUM_PYTHON = (3, 11)
USAGE_ERROR = 2

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC_BROWSERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_POSTGRES_HOMES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin")


class SetupError(Exception):
    """
    The set-up cannot go on.

    Parameters
    ----------
    message : str
        What is missing or went wrong.
    fix : str
        What to type or to do next.
    """

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


def enter(module: str, arguments: list[str], *, extra: str = "") -> None:
    """
    Return at once where everything needed is installed; else install it and start again inside ``.venv``.

    Parameters
    ----------
    module : str
        What to start again, as after ``python -m``.
    arguments : list of str
        Its arguments.
    extra : str, default=""
        The optional packages of ``pyproject.toml`` that are needed as well, such as ``"test"``.

    Raises
    ------
    SystemExit
        With code 2 if the set-up cannot go on; what to do stands on stderr.
    """
    try:
        _check_python()
        if not is_checkout(CHECKOUT) or not missing_packages(needed_packages(CHECKOUT, extra)):
            return
        prepare_environment(extra)
    except SetupError as error:
        sys.stderr.write(f"error: {error.message}\nfix: {error.fix}\n")
        raise SystemExit(USAGE_ERROR) from error
    _start_again(module, arguments)


def python_problem(version: tuple[int, ...]) -> str:
    """Return why a Python version will not do; empty if it will."""
    if tuple(version) >= MINIMUM_PYTHON:
        return ""
    return f"labelclean needs Python 3.11 or newer; this is Python {version[0]}.{version[1]} ({sys.executable})."


def _check_python() -> None:
    problem = python_problem(sys.version_info[:2])
    if problem:
        raise SetupError(problem, "Install Python 3.11 or newer, then run the same command with it.")


def is_checkout(folder: Path) -> bool:
    """Tell whether the sources lie in a checkout and not in an installed package."""
    return (folder / "pyproject.toml").is_file()


def needed_packages(folder: Path, extra: str = "") -> list[str]:
    """Return the names of the packages that ``pyproject.toml`` asks for."""
    import tomllib  # noqa: PLC0415  (does not exist before Python 3.11)

    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = list(project["dependencies"])
    if extra:
        requirements += project["optional-dependencies"][extra]
    return [re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0] for requirement in requirements]


def missing_packages(names: list[str]) -> list[str]:
    """Return those packages that this Python cannot find."""
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415  (not in Python 3.7)

    missing = []
    for name in names:
        try:
            distribution(name)
        except PackageNotFoundError:
            missing.append(name)
    return missing


# ---------------------------------------------------------------------------------------------- the environment


def environment_python() -> Path:
    """Return the Python of the virtual environment."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp_text(folder: Path, extra: str) -> str:
    """Return what identifies an installation: the same text means that nothing needs installing again."""
    digest = hashlib.sha256((folder / "pyproject.toml").read_bytes()).hexdigest()
    return f"{digest} {extra} {folder}\n"


def prepare_environment(extra: str) -> None:
    """Make the virtual environment and install the project into it, unless that is done already."""
    # An environment made for the tests holds everything that the app needs.
    if any(_is_stamped(name) for name in (extra, "test")) and _works(environment_python(), "import sys"):
        return
    if not _works(environment_python(), "import sys"):
        _make_environment()
    elif not _works(environment_python(), "import pip"):
        _run_quietly([str(environment_python()), "-m", "ensurepip"], "pip cannot be added to .venv")
    _install_project(extra)
    _stamp_path(extra).write_text(stamp_text(CHECKOUT, extra), encoding="utf-8")


def _stamp_path(extra: str) -> Path:
    return ENVIRONMENT / f"labelclean-{extra or 'app'}.stamp"


def _is_stamped(extra: str) -> bool:
    path = _stamp_path(extra)
    return path.is_file() and path.read_text(encoding="utf-8") == stamp_text(CHECKOUT, extra)


def _works(python: Path, statement: str) -> bool:
    """Tell whether a Python is there and runs a statement; one whose base was upgraded away is not."""
    try:
        return subprocess.run([str(python), "-c", statement], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _make_environment() -> None:
    _say("Making a virtual environment in .venv ...")
    if not (_has_module("ensurepip") and _has_module("venv")):
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        _say(f"This Python comes without its venv part; installing the system package {package} ...")
        if not run_as_administrator([package]):
            raise SetupError(
                f"Virtual environments need the system package {package}, which is missing.",
                f"Run: sudo apt-get install -y {package}    Then run the same command again.",
            )
    # --clear: what lies there does not run.
    _run_quietly([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], "The virtual environment cannot be made")


def _has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _install_project(extra: str) -> None:
    _say("Installing labelclean and what it needs (a minute or two, once) ...")
    target = f"{CHECKOUT}[{extra}]" if extra else str(CHECKOUT)
    _run_quietly(
        [
            str(environment_python()),
            *("-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"),
            *("--editable", target),
        ],
        "The packages cannot be installed",
    )
    _say("Installed.")


def _run_quietly(command: list[str], problem: str) -> None:
    """Run a command, its output kept to one line that moves; all of its end is shown if it fails."""
    last_lines: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", cwd=str(CHECKOUT)
    ) as process:
        for line in process.stdout or ():
            last_lines = [*last_lines[-19:], line.rstrip()]
            _show_step(line)
    _show_step("")
    if process.returncode != 0:
        sys.stderr.write("\n".join(last_lines) + "\n")
        raise SetupError(
            f"{problem}: {Path(command[0]).name} ended with code {process.returncode}; its last lines stand above.",
            "Check the internet connection and the free disk space, then run the same command again.",
        )


def _show_step(line: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K" + line.strip()[:70])
        sys.stderr.flush()


def _start_again(module: str, arguments: list[str]) -> None:
    """Replace this process by the same module inside the virtual environment."""
    python = str(environment_python())
    if Path(sys.prefix).resolve() == ENVIRONMENT.resolve():
        sys.stderr.write(
            "error: The environment in .venv lacks packages although they were installed.\n"
            "fix: Delete the folder .venv, then run the same command again.\n"
        )
        raise SystemExit(USAGE_ERROR)
    command = [python, "-m", module, *arguments]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":  # there, exec does not wait for the new process
        raise SystemExit(subprocess.run(command, check=False, cwd=str(CHECKOUT)).returncode)
    os.execv(python, command)  # noqa: S606  (no shell is wanted)


# ---------------------------------------------------------------------------------------------- system packages


def run_as_administrator(packages: list[str]) -> bool:
    """
    Install system packages with apt-get, where that needs no password.

    Returns
    -------
    bool
        Whether they were installed; False also where there is no apt-get or no right to use it.
    """
    apt = _which("apt-get")
    prefix = _administrator_prefix()
    if apt is None or prefix is None:
        return False
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq"]
    install = [*command, "install", "-y", "--no-install-recommends", *packages]
    if _succeeds(install):
        return True
    # The package lists of a fresh machine are empty, those of an old one outdated.
    return _succeeds([*command, "update"]) and _succeeds(install, show=True)


def find_browser() -> Path | None:
    """Return a Chromium or Chrome of this machine; ``CHROMIUM`` names another one."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [_which(name) for name in _BROWSERS]
    paths = [Path(name) for name in (*found, *_MAC_BROWSERS) if name]
    return next((path for path in paths if path.is_file()), None)


def find_postgres() -> Path | None:
    """Return the directory of PostgreSQL's server programs (``initdb``, ``postgres``), the newest version first."""
    on_path = _which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = [path for pattern in _POSTGRES_HOMES for path in Path("/").glob(pattern[1:]) if (path / "initdb").exists()]
    return max(found, key=_version_in, default=None)


def _version_in(path: Path) -> int:
    return max((int(digits) for digits in re.findall(r"\d+", str(path))), default=0)


def _administrator_prefix() -> list[str] | None:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    sudo = _which("sudo")
    return [sudo, "-n"] if sudo and _succeeds([sudo, "-n", "true"]) else None


def _succeeds(command: list[str], *, show: bool = False) -> bool:
    result = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
    if show and result.returncode != 0:
        sys.stderr.write("\n".join((result.stdout + result.stderr).splitlines()[-10:]) + "\n")
    return result.returncode == 0


def _which(name: str) -> str | None:
    from shutil import which  # noqa: PLC0415  (slow to import, seldom needed)

    return which(name)


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
