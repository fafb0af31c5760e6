"""The editor's form of a portal page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from wagtail_helpdesk.models import Channel, Pipeline, Stage
from wagtail_helpdesk.portal.settings_permission import (
    guarded_formsets,
    may_change_settings,
)


def _channel_label(channel: Channel) -> str:
    """The inbox first: that is what an editor chooses (B6)."""
    return f"{channel.inbox} · {channel}"


def _stage_label(stage: Stage) -> str:
    return f"{stage.pipeline} · {stage}"


class PortalPageForm(WagtailAdminPageForm):
    """Says what a portal's choices mean, and refuses to close without a stage (B47)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        rows = type(self).formsets.get("closed_stages")
        if rows is not None:
            # On the class: the editor's script makes new rows from an empty form that
            # nobody else gets to see.
            stages = rows.form.base_fields["stage"]
            stages.queryset = Stage.objects.filter(
                category=Stage.Category.CLOSED
            ).select_related("pipeline")
            stages.label_from_instance = _stage_label
        super().__init__(*args, **kwargs)
        self._keep_settings_from_others()
        if "channel" in self.fields:
            channels = self.fields["channel"]
            channels.queryset = channels.queryset.select_related("inbox").order_by(
                "inbox__name", "name"
            )
            channels.label_from_instance = _channel_label

    def _keep_settings_from_others(self) -> None:
        """Take away what who may not change the settings must not send (B2).

        The fields are gone already: see ``PortalSettingsTab``.
        """
        model = type(self.instance)
        if self.for_user is None or may_change_settings(self.for_user, model):
            return
        for name in guarded_formsets(model):
            self.formsets.pop(name, None)
        if self.instance.pk is None:
            # With settings that nobody has chosen it opens to nobody.
            self.instance.is_active = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("requires_groups") and not cleaned.get("access_groups"):
            self.add_error("access_groups", _("Choose at least one access group."))
        return cleaned

    def is_valid(self) -> bool:
        # The inline rows are checked by the parent's ``is_valid``, so only after it is
        # known which stages were chosen.
        valid = super().is_valid()
        if "support_forms" in self.formsets:
            valid = _check_support_forms(self.formsets["support_forms"]) and valid
        if "may_close" not in self.fields or "closed_stages" not in self.formsets:
            return valid
        if not self.formsets["closed_stages"].is_valid():
            return valid
        return self._check_closed_stages() and valid

    def _check_closed_stages(self) -> bool:
        if not self.cleaned_data.get("may_close"):
            return True
        chosen = [
            form.cleaned_data["stage"]
            for form in self.formsets["closed_stages"].forms
            if form.cleaned_data.get("stage") and not form.cleaned_data.get("DELETE")
        ]
        problems = closing_problems(chosen)
        for problem in problems:
            self.add_error("may_close", problem)
        return not problems


def _check_support_forms(rows: Any) -> bool:
    """Say which form stands there twice, and which of several has no menu text.

    Args:
        rows: The formset; errors go to its forms.
    """
    kept = [
        form
        for form in rows.forms
        if form.is_valid()
        and form.cleaned_data.get("form")
        and not form.cleaned_data.get("DELETE")
    ]
    known: set[str] = set()
    is_right = True
    for form in kept:
        chosen = form.cleaned_data["form"]
        if chosen.key in known:
            told = _("The form “%(form)s” is there twice. Keep one.") % {"form": chosen}
            form.add_error("form", told)
            is_right = False
        known.add(chosen.key)
        if len(kept) > 1 and not form.cleaned_data.get("menu_text", "").strip():
            told = _("Write the menu text: customers choose among the forms by it.")
            form.add_error("menu_text", told)
            is_right = False
    return is_right


def closing_problems(chosen: Sequence[Stage]) -> list[str]:
    """Why customers cannot close their tickets yet (B47); empty if they can.

    Args:
        chosen: The closed stages that a close leads to, at most one of a pipeline.
    """
    pipelines = [stage.pipeline_id for stage in chosen]
    twice = [stage for stage in chosen if pipelines.count(stage.pipeline_id) > 1]
    if twice:
        return [
            _("The pipeline “%(pipeline)s” has two closed stages. Keep one.")
            % {"pipeline": twice[0].pipeline}
        ]
    closed = Count("stages", filter=Q(stages__category=Stage.Category.CLOSED))
    missing = (
        Pipeline.objects.annotate(closed=closed)
        .exclude(closed=1)
        .exclude(pk__in=pipelines)
    )
    return [_problem(pipeline) for pipeline in missing]


def _problem(pipeline: Any) -> str:
    if pipeline.closed:
        return _(
            "Choose the closed stage of the pipeline “%(pipeline)s”: it has several."
        ) % {"pipeline": pipeline}
    return _(
        "The pipeline “%(pipeline)s” has no closed stage. Add one to it first."
    ) % {"pipeline": pipeline}
