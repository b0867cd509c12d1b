"""The command line: ``saferedact COMMAND ...``.

Data goes to standard output, messages to standard error. A command's module is imported when the
command is called, so that ``saferedact --help`` stays fast.

Exit codes are those of `saferedact.errors` (0: done, 1: findings, 2: wrong input or usage, 3 to 7
by kind of error, 70: a bug), 130 after Ctrl-C and 141 when the reader of a pipe has gone.

With ``--json``, standard output is JSON also when a command fails before it has put out a result:
one object ``{"error": {"code": ..., "message": ..., "exit_code": ...}}``. A script can thus always
parse what it reads. The message for people is on standard error all the same. Only mistakes in
the arguments themselves (exit code 2 with a usage line) are reported as text alone.
"""

import os
import sys
from importlib import import_module
from typing import Any, NoReturn

import click

import saferedact
from saferedact.cli._common import emit_error, message
from saferedact.errors import EXIT_BUG, InputError, SaferedactError, describe_bug

__all__ = ["cli", "main"]

_EXIT_STOPPED = 130  # 128 + SIGINT, as shells report it
_EXIT_PIPE_CLOSED = 141  # 128 + SIGPIPE, as shells report it; 1 would mean findings

# name: (module:attribute, help). The help stands here so that a listing imports no command; a test
# compares it with the command's own.
_COMMANDS = {
    "redact": ("saferedact.cli.redact:redact", "Make copies that are safe to publish."),
    "text": ("saferedact.cli.text:text", "Replace names and identifiers in texts."),
    "detect": ("saferedact.cli.detect:detect", "Propose what to remove, as a plan."),
    "plan": ("saferedact.cli.plan:plan", "Show and edit a plan."),
    "apply": ("saferedact.cli.apply:apply", "Carry a plan out into a new file."),
    "verify": ("saferedact.cli.verify:verify", "Prove that a file is what its plan says."),
    "probe": ("saferedact.cli.probe:probe", "Say what a file is and what it hides."),
    "policy": ("saferedact.cli.policy:policy", "Show the policies."),
    "models": ("saferedact.cli.models:models", "Fetch and check the models that detectors need."),
    "demo": ("saferedact.cli.demo:demo", "Make sample material and redact it."),
}


class _Cli(click.Group):
    """A group that imports a command when it is called and turns errors into exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.UsageError):
            raise
        except click.ClickException as error:  # click's exit code 1 means findings here
            _fail(ctx, error.format_message(), InputError.code, InputError.exit_code)
        except SaferedactError as error:
            _fail(ctx, error.message, error.code, error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            _fail(ctx, "stopped", "stopped", _EXIT_STOPPED)
        except BrokenPipeError:
            _discard_stdout()
            ctx.exit(_EXIT_PIPE_CLOSED)
        except Exception as error:  # noqa: BLE001  the last resort: every other one is a bug
            _fail(ctx, describe_bug(error), "bug", EXIT_BUG)


def _fail(ctx: click.Context, text: str, code: str, exit_code: int) -> NoReturn:
    message(text if code == "stopped" else f"error: {text}")
    emit_error(ctx, code, text, exit_code)
    ctx.exit(exit_code)


def _discard_stdout() -> None:
    """Let what is still buffered for a closed pipe go nowhere, or Python complains as it ends."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)


@click.group(cls=_Cli, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(saferedact.__version__, prog_name="saferedact")
def cli() -> None:
    """Make police video, images and documents safe to publish.

    A clear result means "no finding from the checks that ran", never "safe".
    """


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    cli.main(prog_name="saferedact")
