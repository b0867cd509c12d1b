"""The command line, from its own help."""

from collections.abc import Iterator

import click
from tools.reference.markdown import cell, table

from saferedact.cli import cli

__all__ = ["all_commands", "walk"]

_WIDTH = 400  # so that no line of a help is broken where it should not be


def walk(
    command: click.Command = cli, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    """Yield the words of every command that does something, and the command."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from walk(inner, (*path, name))
    else:
        yield " ".join(path), command


def all_commands() -> str:
    """Write a section for each command: usage, what it does, options."""
    return "\n\n".join(_section(name, command) for name, command in walk())


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"saferedact {name}", terminal_width=_WIDTH)
    usage = command.get_usage(context).removeprefix("Usage: ")
    rows = [
        (
            f"`{', '.join([*parameter.opts, *parameter.secondary_opts])}`",
            cell(_help(parameter, context)),
        )
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
    ]
    parts = [f"### {name}", f"```text\n{usage}\n```", _words(command)]
    if rows:
        parts.append(table(("option", "what it does"), rows))
    return "\n\n".join(parts)


def _help(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    if record is None:
        return ""
    form, words = record
    value = form.rpartition(option.opts[-1])[2].strip().removesuffix(" RANGE")
    if isinstance(option.type, click.Choice):
        value = ""  # a list of words in brackets, too long for a cell
        words += f" One of {', '.join(f'`{choice}`' for choice in option.type.choices)}."
    return f"`{value}` {words}" if value else words


def _words(command: click.Command) -> str:
    paragraphs = (command.help or "").replace("\b\n", "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
