import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import saferedact

HEAVY = ("numpy", "cv2", "pydantic", "PIL", "pillow_heif", "onnx", "onnxruntime", "openvino",
         "av", "click", "rich", "platformdirs")  # fmt: skip
PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def in_a_new_process(code):
    done = subprocess.run(
        [sys.executable, "-c", f"import json, sys\n{code}"], capture_output=True, check=True
    )
    return json.loads(done.stdout)


def loaded_after(code):
    """Heavy packages that some code loads in a new process."""
    return in_a_new_process(
        f"{code}\nprint(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    )


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import saferedact") == []


def test_errors_limits_and_listing_names_load_nothing_heavy():
    code = "import saferedact; dir(saferedact); saferedact.InputError; saferedact.Limits()"
    assert loaded_after(code) == []


def test_the_public_entries_load_no_codec_or_engine_before_they_run():
    loaded = loaded_after("from saferedact import apply, detect, redact, redact_regions, verify")
    assert set(loaded) <= {"numpy", "pydantic"}


def test_the_command_line_starts_without_numpy():
    assert "numpy" not in loaded_after("import saferedact.cli")


@pytest.mark.parametrize("name", saferedact.__all__)
def test_every_public_name_resolves_and_is_documented(name):
    value = getattr(saferedact, name)
    if name == "__version__":
        return
    assert value.__doc__
    # A dataclass without a docstring gets its signature as one.
    assert not value.__doc__.startswith(f"{name}(")
    assert value.__name__ == name


def test_every_name_has_a_home_and_every_home_is_listed():
    assert set(saferedact._HOMES) == set(saferedact.__all__) - {"__version__"}
    assert saferedact.__all__ == sorted(saferedact.__all__)


def test_all_errors_are_public_here_too():
    from saferedact import errors

    assert set(errors.__all__) - {"Problem"} <= set(saferedact.__all__)


def test_type_checkers_see_the_same_names():
    """The imports under TYPE_CHECKING name each public name with its home."""
    import ast
    import inspect

    tree = ast.parse(inspect.getsource(saferedact))
    guard = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.name: node.module
        for node in guard.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == saferedact._HOMES


def test_dir_lists_the_public_names_before_they_are_loaded():
    listed = in_a_new_process("import saferedact; print(json.dumps(dir(saferedact)))")
    assert set(saferedact.__all__) <= set(listed)


def test_a_name_is_looked_up_once():
    code = (
        "import saferedact; first = 'Detections' in vars(saferedact)\n"
        "saferedact.Detections\n"
        "print(json.dumps([first, 'Detections' in vars(saferedact)]))"
    )
    assert in_a_new_process(code) == [False, True]


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'saferedact' has no attribute 'no_such_name'"):
        _ = saferedact.no_such_name
    assert not hasattr(saferedact, "numpy")


@pytest.mark.skipif(not PYPROJECT.exists(), reason="tests are run away from the project")
def test_the_version_is_that_of_the_project():
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    assert saferedact.__version__ == project["version"]


def test_the_package_says_that_it_is_typed():
    assert (Path(saferedact.__file__).parent / "py.typed").is_file()
