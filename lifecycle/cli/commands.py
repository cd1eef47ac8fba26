"""The commands, each in a module of its own that is imported when it is used."""

from __future__ import annotations

from importlib import import_module, metadata

import click

from lifecycle.refusal import InputError

_COMMANDS = {
    "check": "Tell whether images can have gone through what was observed of them.",
    "coverage": "Tell which rows of the table histories or journals exercise.",
    "diagram": "Draw the lifecycle: whole, simplified, or as one question asks for it.",
    "doctor": "Tell which images are stuck or inconsistent, and what mends them.",
    "docs": "Write the reference pages, or show what they tell of a topic.",
    "explore": "Find everything that can happen, and what gets stuck.",
    "explain": "Tell what a state means, what an operation does, or why it is refused.",
    "learn": "Learn the lifecycle: short lessons with questions, and a quiz.",
    "occupancy": "Plot how many images are in which state over time, in many runs.",
    "operations": "List the operations that can be done to an image.",
    "page": "Write the page on which the lifecycle is played in a browser.",
    "plan": "Tell how an image gets from a situation to a goal, as commands to type.",
    "replay": "Run recorded histories through the cloud and compare everything.",
    "serve": "Answer OpenNebula's XML-RPC, so that real clients can be pointed at it.",
    "simulate": "Run a scenario and print its timeline.",
    "states": "List the eleven states of an image.",
    "timeline": "Draw a scenario, trace or journal over time, in lanes.",
}


def _version() -> str:
    try:
        return metadata.version("opennebula-image-lifecycle")
    except metadata.PackageNotFoundError:
        return "(not installed)"


class LazyGroup(click.Group):
    """A group whose commands are imported one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands."""
        del ctx
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and give a command, or None when there is none of that name."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"lifecycle.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version())
def root() -> None:
    """Simulate the life of OpenNebula's images.

    Exit codes: 0 all is well; 1 what was asked for does not hold; 2 the input
    or the command cannot be used; 130 interrupted.
    """


def run() -> int:
    """Run the command of this process and give its exit code.

    Raises:
        LifecycleError: the input cannot be used.
        KeyboardInterrupt: somebody interrupted it.
        OSError: the output cannot be written.
    """
    try:
        return root(prog_name="lifecycle", standalone_mode=False) or 0
    except click.ClickException as problem:
        asked = problem.ctx if isinstance(problem, click.UsageError) else None
        hint = "" if asked is None else f"; see {asked.command_path} --help"
        raise InputError(problem.format_message().rstrip(".") + hint) from problem
    except click.Abort as abort:
        raise KeyboardInterrupt from abort
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
