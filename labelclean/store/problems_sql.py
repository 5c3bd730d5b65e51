"""Problems of the data: kept with a run, one line for each kind, and one that says what was looked for."""

from __future__ import annotations

from sqlalchemy import Connection, Select, delete, insert, select

from labelclean.errors import NotFoundError
from labelclean.issues.problem import PROBLEM_KINDS, SPARE, DataProblem, ProblemReport
from labelclean.store.problem_bytes import (
    account_from_bytes,
    account_to_bytes,
    problem_from_bytes,
    problem_to_bytes,
)
from labelclean.store.tables import problems, runs

__all__ = ["find_problem", "find_problems", "insert_problems", "replace_problems"]

_ACCOUNT = "checked"


def insert_problems(connection: Connection, run_number: int, report: ProblemReport) -> None:
    """Store what was found in the data of a run that has no problems yet."""
    connection.execute(
        insert(problems),
        [
            {"run_number": run_number, "kind": _ACCOUNT, "content": account_to_bytes(report)},
            *(
                {"run_number": run_number, "kind": problem.kind, "content": problem_to_bytes(problem)}
                for problem in report.problems
            ),
        ],
    )


def replace_problems(connection: Connection, project_id: str, run_id: str, report: ProblemReport) -> None:
    """Store what was found in the data of a run in the place of what was found before."""
    query = select(runs.c.number).where(runs.c.project_id == project_id, runs.c.id == run_id)
    number = connection.execute(query).scalar()
    if number is None:
        raise NotFoundError(
            "The results that the problems belong to do not exist any more.", fix="Reload the page and look again."
        )
    connection.execute(delete(problems).where(problems.c.run_number == number))
    insert_problems(connection, number, report)


def find_problem(connection: Connection, project_id: str, kind: str) -> DataProblem | None:
    """Return one problem of the data of the current run of a project; None where there is none of that kind."""
    plain = kind.removesuffix(SPARE)
    if plain not in PROBLEM_KINDS:
        return None
    content = connection.execute(_contents(project_id).where(problems.c.kind == plain)).scalar()
    if content is None:
        return None
    problem = problem_from_bytes(content)
    return problem if plain == kind else problem.spare_alone()


def find_problems(connection: Connection, project_id: str) -> ProblemReport | None:
    """Return what was found in the data of the current run of a project; None where nobody has looked yet."""
    query = _contents(project_id).add_columns(problems.c.kind)
    found = {kind: content for content, kind in connection.execute(query)}
    if _ACCOUNT not in found:
        return None
    account = account_from_bytes(found[_ACCOUNT])
    return ProblemReport(
        problems=tuple(problem_from_bytes(found[kind]) for kind in PROBLEM_KINDS if kind in found),
        checked=account.checked,
        left_out=account.left_out,
    )


def _contents(project_id: str) -> Select[bytes]:
    return (
        select(problems.c.content)
        .join(runs, runs.c.number == problems.c.run_number)
        .where(runs.c.project_id == project_id)
    )
