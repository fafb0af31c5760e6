from django.apps import AppConfig


class FloorConfig(AppConfig):
    """The floor's tables and pages."""

    name = "benchmarks.sites.floor"
    label = "floor"
