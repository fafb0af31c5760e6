"""The ordered stages a kind of ticket runs through, and their translated labels."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin


class Pipeline(models.Model):
    """An ordered set of stages for one kind of ticket."""

    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def first_stage(self) -> Stage:
        """The stage in which tickets start: the first that is not closed."""
        return first_stage_of(self.pk)


class StageNames(NamedTuple):
    """What a stage is called in one language."""

    name: str
    customer_label: str


class StageQuerySet(models.QuerySet["Stage"]):
    """Reads over stages."""

    def open(self) -> Self:
        """Stages in which a ticket is being worked."""
        return self.exclude(category=Stage.Category.CLOSED)

    def closed(self) -> Self:
        """Stages in which a ticket counts as done."""
        return self.filter(category=Stage.Category.CLOSED)

    def shown_to_customers(self, keys: Collection[int]) -> dict[int, Stage]:
        """The stages with these keys and all their labels, in one query.

        Args:
            keys: Primary keys.

        Returns:
            Each stage by its key, with what ``public_label`` needs and no more.
        """
        own = ("pk", "category", "name", "customer_label", "is_customer_visible")
        label = ("name", "customer_label", "locale__language_code")
        rows = self.filter(pk__in=keys).order_by()
        stages: dict[int, Stage] = {}
        names: dict[int, dict[str, StageNames]] = {}
        for row in rows.values_list(*own, *(f"labels__{name}" for name in label)):
            *values, name, customer_label, language = row
            stage = Stage(**dict(zip(own, values, strict=True)))
            known = names.setdefault(stages.setdefault(row[0], stage).pk, {})
            if language is not None:
                known[language] = StageNames(name, customer_label)
        for key, stage in stages.items():
            stage.know_names(names[key])
        return stages

    def with_labels(self) -> Self:
        """Stages with what ``label`` needs, in one more query."""
        labels = StageLabel.objects.select_related("locale")
        return self.prefetch_related(models.Prefetch("labels", queryset=labels))


class Stage(models.Model):
    """A named step of a pipeline; its category says what it means to the system."""

    class Category(models.TextChoices):
        NEW = "new", _("New")
        OPEN = "open", _("Open")
        WAITING = "waiting", _("Waiting for the customer")
        CLOSED = "closed", _("Closed")

    pipeline = models.ForeignKey(
        Pipeline, on_delete=models.CASCADE, related_name="stages"
    )
    key = models.SlugField(_("key"), max_length=50)
    name = models.CharField(_("name"), max_length=100)
    category = models.CharField(_("category"), max_length=10, choices=Category)
    customer_label = models.CharField(
        _("name shown to customers"),
        max_length=100,
        blank=True,
        help_text=_("Empty: the stage's name."),
    )
    is_customer_visible = models.BooleanField(
        _("shown to customers"),
        default=True,
        help_text=_("Off: customers see open or closed instead."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["pipeline", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pipeline", "key"], name="helpdesk_stage_key"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        """Whether a ticket in this stage counts as done."""
        return self.category == self.Category.CLOSED

    @property
    def label(self) -> str:
        """The agents' name of the stage in the active language."""
        translated = self._translated()
        return translated.name if translated else self.name

    @property
    def public_label(self) -> str:
        """The customers' name of the stage in the active language (B44)."""
        translated = self._translated()
        if translated:
            return translated.customer_label or translated.name
        return self.customer_label or self.name

    def know_names(self, names: Mapping[str, StageNames]) -> None:
        """Take the labels as read: ``label`` and ``public_label`` ask nothing then.

        Args:
            names: What each label of this stage says, by language code.
        """
        self._known_names = names

    def _translated(self) -> StageNames | None:
        language = get_language() or ""
        names: Mapping[str, StageNames] | None = getattr(self, "_known_names", None)
        if names is None:
            labels = self.labels.all()
            if "labels" not in getattr(self, "_prefetched_objects_cache", {}):
                labels = labels.select_related("locale")
            names = {
                row.locale.language_code: StageNames(row.name, row.customer_label)
                for row in labels
            }
        return names.get(language) or names.get(language.split("-")[0])


def first_stage_of(pipeline: int) -> Stage:
    """The stage in which tickets of a pipeline start: the first that is not closed.

    Args:
        pipeline: The pipeline's primary key.
    """
    stages = Stage.objects.open().filter(pipeline=pipeline)
    return stages.order_by("order", "pk")[:1].get()


class StageLabel(TranslatableMixin, models.Model):
    """The names of a stage in one language, translated like any other content."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(_("name"), max_length=100)
    customer_label = models.CharField(
        _("name shown to customers"), max_length=100, blank=True
    )

    panels = [
        FieldPanel("stage"),
        FieldPanel("name"),
        FieldPanel("customer_label"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("stage label")
        verbose_name_plural = _("stage labels")
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "locale"], name="helpdesk_stage_label_locale"
            )
        ]

    def __str__(self) -> str:
        return self.name
