"""Commands as they are typed: the exit code, what was said, what was complained of."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError


def run_command(command: BaseCommand, name: str, *arguments: object, capsys: Any) -> tuple[int, str, str]:
    """Runs the command line of one command; a refusal ends it with its exit code, as it would a shell's.

    Unlike `run_from_argv` it leaves the connections to the test's database open.
    """
    code = 0
    command._called_from_command_line = True  # type: ignore[attr-defined]
    try:
        options = vars(command.create_parser("manage.py", name).parse_args([*map(str, arguments)]))
        command.execute(*options.pop("args", ()), **options)
    except CommandError as refused:
        command.stderr.write(f"CommandError: {refused}")
        code = refused.returncode
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err
