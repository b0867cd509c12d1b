"""How Sphinx builds the documentation: ``sphinx-build -W -n docs OUT``."""

import inspect
from pathlib import Path
from typing import Any

import saferedact

project = "saferedact"
author = "the saferedact authors"
version = release = saferedact.__version__
html_title = f"saferedact {release}"
html_theme = "furo"
html_copy_source = False
html_static_path: list[str] = []

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_inherit_docstrings = False
python_maximum_signature_line_length = 88
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
default_role = "code"  # single backticks in docstrings

# Built without a network, so what others document is not linked; what is private has no page.
nitpick_ignore_regex = [
    ("py:.*", r"(?!saferedact\.).*"),
    ("py:.*", r"saferedact\.(?!(?:%s)$).*" % "|".join(saferedact.__all__)),
]

_PYDANTIC_NOISE = "BaseModel"


def _public_name(app: Any, env: Any, node: Any, content: Any) -> Any:
    """Let an annotation that names a class by its home lead to the public name of that class."""
    del app
    name = node["reftarget"].rsplit(".", 1)[-1]
    if node.get("refdomain") != "py" or name not in saferedact.__all__:
        return None
    domain = env.get_domain("py")
    found = domain.objects.get(f"saferedact.{name}")
    if found is None:
        return None
    from sphinx.util.nodes import make_refnode

    return make_refnode(
        env.app.builder, node["refdoc"], found.docname, found.node_id, content
    )


def _without_base_model(app: Any, name: str, obj: Any, options: Any, bases: list[Any]) -> None:
    """Show no base class: that a document is a pydantic model is not part of its interface."""
    del app, name, obj, options
    bases[:] = [base for base in bases if base is not object] or [object]


def _short_signature(
    app: Any, what: str, name: str, obj: Any, options: Any, signature: str | None, returns: Any
) -> tuple[str, Any] | None:
    """Show documents without the signature that pydantic gives them: their page has the fields."""
    del app, name, options, returns
    from pydantic import BaseModel

    if what == "class" and inspect.isclass(obj) and issubclass(obj, BaseModel):
        return ("", None)
    return None if signature is None else (signature, None) if what == "exception" else None


def setup(app: Any) -> None:
    """Connect the above."""
    app.connect("missing-reference", _public_name)
    app.connect("autodoc-process-signature", _short_signature)
