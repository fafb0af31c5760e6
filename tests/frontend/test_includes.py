"""The includes that pages are made of."""

import datetime
from types import SimpleNamespace

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone, translation


class ContactForm(forms.Form):
    name = forms.CharField(help_text="As we should <b>address</b> you.")
    phone = forms.CharField(required=False)
    urgency = forms.ChoiceField(
        choices=[("low", "It can wait"), ("high", "It cannot")],
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField()
    file = forms.FileField(required=False)
    code = forms.CharField(
        required=False, widget=forms.TextInput({"autocomplete": "one-time-code"})
    )


def include(name: str, **context) -> str:
    return render_to_string(f"wagtail_helpdesk/includes/{name}.html", context)


def test_a_wrong_field_is_tied_to_its_error_and_hint():
    """UX11: the error comes before the hint, and the input names both."""
    html = include("field", field=ContactForm({})["name"])

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert html.index('id="id_name_error"') < html.index('id="id_name_helptext"')
    assert html.index('id="id_name_helptext"') < html.index("<input")


def test_a_hint_is_text_not_markup():
    """An editor writes the hints of support forms."""
    assert "<b>" not in include("field", field=ContactForm()["name"])


def test_a_hint_keeps_its_direction_on_a_page_of_the_other():
    """UX92: an editor wrote it, in whichever language."""
    assert "<bdi>As we should" in include("field", field=ContactForm()["name"])
    file = include("field", field=ContactForm()["file"], hint="A photo?")
    assert "<bdi>A photo?</bdi>" in file


def test_the_optional_field_is_marked_and_the_required_one_is_not():
    assert "(optional)" in include("field", field=ContactForm()["phone"])
    assert "(optional)" not in include("field", field=ContactForm()["name"])


def test_a_group_of_choices_has_a_legend_and_its_error():
    html = include("field", field=ContactForm({})["urgency"])

    assert "<legend" in html
    assert '<fieldset class="hd-field hd-field--group hd-field--error" ' in html
    assert 'aria-describedby="id_urgency_error"' in html


def test_what_was_typed_stays_in_the_field_as_text():
    html = include("field", field=ContactForm({"phone": '"><script>'})["phone"])

    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


def test_the_file_field_says_how_much_may_be_attached():
    html = include("field", field=ContactForm()["file"])

    assert "Up to 10 files" in html
    assert 'aria-describedby="id_file_limits"' in html
    assert ".pdf" in html
    assert ".html" not in html


def test_a_code_is_neither_corrected_nor_mirrored():
    html = include("field", field=ContactForm()["code"])

    assert 'dir="ltr"' in html
    assert 'spellcheck="false"' in html


def test_the_summary_links_to_each_wrong_field():
    html = include("error_summary", form=ContactForm({}))

    assert 'role="alert"' in html
    for anchor in ("#id_name", "#id_urgency_0", "#id_consent"):
        assert f'href="{anchor}"' in html


def test_a_form_that_was_not_sent_has_no_summary():
    assert include("error_summary", form=ContactForm()).strip() == ""


def test_a_time_is_absolute_in_the_readers_zone_with_its_name():
    """UX94."""
    value = datetime.datetime(2026, 7, 1, 22, 30, tzinfo=datetime.UTC)

    with timezone.override("Asia/Kathmandu"):
        html = include("time", value=value)

    assert 'datetime="2026-07-01T22:30:00+00:00"' in html
    assert "July 2, 2026, 4:15 a.m." in html
    assert "+0545" in html


def test_a_time_in_arabic_has_the_order_of_an_arabic_date():
    """Django has no format for both in Arabic, and would take the English one."""
    value = datetime.datetime(2026, 11, 29, 12, 40, tzinfo=datetime.UTC)

    with timezone.override("Europe/Madrid"), translation.override("ar"):
        html = include("time", value=value)

    assert "<bdi>29 نوفمبر، 2026 1:40 م CET</bdi>" in html


def test_a_date_has_no_time_and_no_zone():
    html = include("time", value=datetime.date(2026, 7, 1))

    assert 'datetime="2026-07-01"' in html
    assert "July 1, 2026</bdi>" in html


def test_a_status_is_words_not_only_a_colour():
    """UX12."""
    assert "Awaiting your reply" in include(
        "status", state="waiting", label="Awaiting your reply"
    )


def test_the_last_crumb_is_the_page_itself():
    crumbs = [
        SimpleNamespace(label="Requests", url="/support/"),
        SimpleNamespace(label="HD-1", url="/support/r/1/"),
    ]

    html = include("crumbs", crumbs=crumbs)

    assert 'href="/support/"' in html
    assert "/support/r/1/" not in html
    assert 'aria-current="page"' in html


def test_a_message_shows_who_wrote_it_in_any_direction():
    message = SimpleNamespace(
        public_id="m1",
        created_at=timezone.now(),
        safe_html="مرحبا",
    )

    html = include("message", message=message, author="Amy <Agent>", is_support=True)

    assert "Amy &lt;Agent&gt;" in html
    assert "Support" in html
    assert 'id="message-m1"' in html
    assert 'dir="auto"' in html
