"""How Sphinx builds the documentation: ``sphinx-build -W -n docs OUT``."""

import inspect
from typing import Any

from pydantic import BaseModel
from sphinx.util.nodes import make_refnode

import saferedact

project = "saferedact"
author = "the saferedact authors"
version = release = saferedact.__version__
html_title = f"saferedact {release}"
html_theme = "furo"
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["style.css"]

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
smartquotes = False  # -- begins an option, and is no dash

# Built without a network, so what others document is not linked; what is private has no page.
nitpick_ignore_regex = [
    ("py:.*", r"(?!saferedact\.).*"),
    ("py:.*", rf"saferedact\.(?!(?:{'|'.join(saferedact.__all__)})$).*"),
]


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
    return make_refnode(env.app.builder, node["refdoc"], found.docname, found.node_id, content)


def _signature(_app: Any, what: str, _name: str, obj: Any, *_more: Any) -> tuple[str, None] | None:
    """Show documents without the signature that pydantic gives them: their pages have the fields."""
    is_document = what == "class" and inspect.isclass(obj) and issubclass(obj, BaseModel)
    return ("", None) if is_document else None


def setup(app: Any) -> None:
    """Connect the above."""
    app.connect("missing-reference", _public_name)
    app.connect("autodoc-process-signature", _signature)
