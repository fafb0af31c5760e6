"""How the documentation is built: Sphinx, MyST (Markdown), furo and llms.txt."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs" / "_ext")]
# The settings reference and the docstrings are read from the code.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings.test")

import django  # noqa: E402

django.setup()

from wagtail_helpdesk import __version__  # noqa: E402

project = "wagtail-helpdesk"
author = "The wagtail-helpdesk maintainers"
copyright = f"2026, {author}"
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_llm.txt",
    "helpdesk_reference",
]
exclude_patterns = ["_build", "_ext", "images"]
# Signatures name classes of Python, Django and of our own models, which have no page
# here; every other kind of reference is checked.
nitpick_ignore_regex = [("py:(class|data|exc|obj)", ".*")]
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 80
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

# The mark of keyword-only arguments in a signature; the Markdown for llms.txt has none.
llms_txt_suppress_unknown_node_warnings = ["abbreviation"]

html_theme = "furo"
html_title = "wagtail-helpdesk"
llms_txt_description = (
    "A help desk for sites that run on Wagtail: knowledge base, customer portal, "
    "support forms and an agent workspace in the admin."
)
