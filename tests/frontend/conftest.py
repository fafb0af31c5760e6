"""Sample base templates of other people's sites, in memory."""

from collections.abc import Callable
from copy import deepcopy

import pytest

BASES = {
    # What `wagtail start` writes, shortened.
    "start.html": """
        {% load static wagtailuserbar %}<!DOCTYPE html>
        <html lang="en"><head>
        <title>{% block title %}{% endblock %}
        {% block title_suffix %}{% endblock %}</title>
        {% block extra_css %}{% endblock %}</head>
        <body class="{% block body_class %}{% endblock %}">{% wagtailuserbar %}
        {% block content %}{% endblock %}
        {% block extra_js %}{% endblock %}</body></html>
    """,
    # The bakerydemo: a main element, its header included, no extra_css, no extra_js.
    "bakery.html": """
        <!doctype html>{% get_current_language as LANGUAGE_CODE %}
        <html lang="{{ LANGUAGE_CODE }}"><head>
        <title>{% block title %}{% endblock %}</title></head>
        <body><a href="#main-content" class="skip-link">Skip to main content</a>
        {% include "bakery_header.html" %}
        <main id="main-content">{% block content %}{% endblock %}</main>
        <footer>The bakery</footer>{% block js %}{% endblock %}</body></html>
    """.replace("<!doctype", "{% load i18n %}<!doctype"),
    "bakery_header.html": "<header><nav aria-label='Site'></nav></header>",
    # A base on top of a base, as with Bootstrap's starter template.
    "bootstrap.html": '{% extends "bootstrap_root.html" %}'
    "{% block body %}<main>{% block content %}{% endblock %}</main>{% endblock %}",
    "bootstrap_root.html": "<!doctype html><html lang='en'><head>"
    "<title>{% block title %}{% endblock %}</title>"
    "{% block extra_css %}{% endblock %}</head>"
    "<body>{% block body %}{% endblock %}{% block extra_js %}{% endblock %}</body>"
    "</html>",
    # allauth's own layout has neither title block nor lang nor main.
    "allauth_like.html": "<!doctype html><html><head>"
    "<title>{% block head_title %}{% endblock %}</title></head>"
    "<body>{% block content %}{% endblock %}</body></html>",
    "none.html": "<!doctype html><html lang='en'><body>Nothing to fill</body></html>",
}


@pytest.fixture
def site_base(settings) -> Callable[[str], None]:
    """Make the site use one of the sample bases: ``site_base("bakery.html")``."""

    def use(name: str) -> None:
        templates = deepcopy(settings.TEMPLATES)
        options = templates[0]["OPTIONS"]
        templates[0]["APP_DIRS"] = False
        options["loaders"] = [
            ("django.template.loaders.locmem.Loader", BASES),
            "django.template.loaders.filesystem.Loader",
            "django.template.loaders.app_directories.Loader",
        ]
        settings.TEMPLATES = templates
        settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, "BASE_TEMPLATE": name}
        settings.DEBUG = True  # Reads a base anew each time.

    return use
