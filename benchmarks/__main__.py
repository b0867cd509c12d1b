"""``python -m benchmarks SECTION``: measure, and write JSON, Markdown and plots.

Sections: frames, faces, images, video, pdf, text, check, peers; ``all`` runs every one in a process of
its own and writes the whole page.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from benchmarks.harness import machine
from benchmarks.results import as_tree, load, save
from benchmarks.sections import NAMES, Setup

from benchmarks import page

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def parse(arguments=None):
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("section", choices=(*NAMES, "all", "page"), metavar="SECTION",
                        help=f"one of {', '.join(NAMES)}; all; or page, to draw results again")  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="fewer sizes and rounds")
    parser.add_argument("--out", type=Path, default=None, metavar="DIR",
                        help="folder for results (default: benchmark-results)")  # fmt: skip
    parser.add_argument("--docs", type=Path, default=None, metavar="DIR",
                        help="folder of benchmarks.md and images/benchmarks "
                        "(default: that of --out; with all, docs of the checkout)")  # fmt: skip
    parser.add_argument("--data", type=Path, default=None, metavar="FOLDER",
                        help="labelled material of your own, see benchmarks/README.md")  # fmt: skip
    parser.add_argument("--peers", type=Path, default=None, metavar="FOLDER",
                        help="environments made by python -m benchmarks.peers (default: beside the "
                        "temporary files)")  # fmt: skip
    parser.add_argument("--only", default="", help="with all: sections, by commas")
    return parser.parse_args(arguments)


def run_section(name, options, out):
    """Measure one section in this process, and keep what came out."""
    module = import_module(f"benchmarks.sections.{name}")
    with tempfile.TemporaryDirectory(prefix="saferedact-bench-") as scratch:
        setup = Setup(Path(scratch), quick=options.quick, data=options.data, peers=options.peers)
        started = time.perf_counter()
        section = module.run(setup)
        section.seconds = round(time.perf_counter() - started, 1)
    tree = as_tree(machine(), "quick" if options.quick else "full", [section])
    save(out / f"{name}.json", tree)
    return section


def run_all(options, out):
    """Measure every section, each in a process of its own, so that none warms another's caches."""
    chosen = [name for name in NAMES if not options.only or name in options.only.split(",")]
    for name in chosen:
        print(f"{name} ...", file=sys.stderr, flush=True)
        started = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks", name, "--out", out]
        command += ["--quick"] if options.quick else []
        for flag in ("data", "peers"):
            value = getattr(options, flag)
            command += [f"--{flag}", value.resolve()] if value else []
        done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
        took = time.perf_counter() - started
        print(f"{name}: {took:.0f} s, exit {done.returncode}", file=sys.stderr, flush=True)
        if done.returncode:
            (out / f"{name}.json").unlink(missing_ok=True)  # an older one would pass for this one


def collected(out):
    """Read all sections back, in the order of the page, with the machine of the first."""
    trees = [
        (tree, sections)
        for name in NAMES
        if (out / f"{name}.json").exists()
        for tree, sections in [load(out / f"{name}.json")]
    ]
    if not trees:
        sys.exit(f"there are no results in {out}")
    modes = {tree["mode"] for tree, _ in trees}
    machines = [tree["machine"] for tree, _ in trees]
    mode = modes.pop() if len(modes) == 1 else "quick and full"
    return as_tree(machines[0], mode, [s for _, found in trees for s in found]), [
        section for _, found in trees for section in found
    ]


def main(arguments=None):
    """Run what was asked for."""
    options = parse(arguments)
    out = (options.out or Path("benchmark-results")).resolve()
    out.mkdir(parents=True, exist_ok=True)
    docs = options.docs or (DOCS if options.section in {"all", "page"} else out)
    if options.section in {"page", "all"}:
        if options.section == "all":
            run_all(options, out)
        tree, sections = collected(out)
        page.write(docs, tree, sections)
        save(docs / "benchmarks.json", tree)
        return
    section = run_section(options.section, options, out)
    print(page.section_text(section))
    page.draw_plots(out, [section])


if __name__ == "__main__":
    main()
