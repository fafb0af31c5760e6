"""Members of an access group from a file, with what became of each line."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.actions import ImportAccessMembers, ImportedLine
from wagtail_helpdesk.admin.access_groups import AccessGroupPage
from wagtail_helpdesk.exceptions import ActionError

#: 10,000 lines with addresses of the greatest length and a name come to less.
MAX_BYTES = 4_000_000
#: Lines that are listed one by one; all are counted.
_LISTED = 500
_OUTCOME = ImportedLine.Outcome
_FINE = {_OUTCOME.ADDED, _OUTCOME.CREATED, _OUTCOME.MEMBER}


class ImportForm(forms.Form):
    """A CSV file, and what to do with unknown addresses."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "Addresses in the first column, or in one headed “email”; names in one "
            "headed “name”. At most 10,000 lines."
        ),
    )
    create = forms.BooleanField(
        label=gettext_lazy("Make contacts of addresses that nobody has yet"),
        required=False,
    )

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 4 MB. Divide it."))
        raw: bytes = file.read()
        # As spreadsheets write it: UTF-8, "Unicode text", or Windows' own.
        is_utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        for encoding in ["utf-16"] if is_utf16 else ["utf-8-sig", "cp1252"]:
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise forms.ValidationError(_("The file is no text. Save it as CSV (UTF-8)."))


class ImportMembersView(AccessGroupPage):
    """Asks for the file and shows what became of its lines."""

    template_name = "wagtail_helpdesk/admin/access_group_import.html"
    page_title = gettext_lazy("Import members")

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show the form."""
        return self.render(form=ImportForm())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Import the file; again, it changes nothing."""
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render(form=form, status=400)
        try:
            lines = ImportAccessMembers(
                group=self.group,
                text=form.cleaned_data["file"],
                create_contacts=form.cleaned_data["create"],
                actor=self.actor,
            ).execute()
        except ActionError as error:
            form.add_error("file", str(error.message))
            return self.render(form=form, status=400)
        counted = Counter(line.outcome for line in lines)
        # Those that need a person first.
        listed = sorted(lines, key=lambda line: line.outcome in _FINE)
        return self.render(
            form=ImportForm(),
            counts=[(one.label, counted[one]) for one in _OUTCOME if counted[one]],
            lines=listed[:_LISTED],
            more_lines=max(0, len(lines) - _LISTED),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(group=self.group)
        return context
