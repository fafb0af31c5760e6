"""What the benchmark loads is what our actions would have written."""

from collections import Counter

from django.core.management import call_command
from django.db import connection
from django.db.models import Count, F, Max, Min
from django.test import TestCase

from benchmarks.dataset import Dataset
from benchmarks.sites.helpdesk import contents, desk
from benchmarks.sites.helpdesk.filling import fill, index
from benchmarks.sites.verify import get
from tests.factories import InboxFactory
from wagtail_helpdesk.actions import OpenTicket
from wagtail_helpdesk.models import (
    Attachment,
    Channel,
    Contact,
    Conversation,
    Delivery,
    Event,
    Message,
    Ticket,
)

SIZE = 200


class TestLoaded(TestCase):
    """One load for all: it takes a while."""

    @classmethod
    def setUpTestData(cls) -> None:
        # Nothing may rely on being the first row that a table ever had.
        for gone in InboxFactory.create_batch(5):
            pipeline = gone.default_pipeline
            gone.delete()
            pipeline.delete()
        cls.data = Dataset(SIZE, 7)
        fill(cls.data, note=lambda text: None, articles=24)
        index()
        cls.records = list(cls.data.tickets())

    def test_everything_is_there_and_refers_to_what_is_there(self):
        connection.check_constraints()
        assert Ticket.objects.count() == SIZE
        assert Conversation.objects.count() == SIZE
        assert Contact.objects.count() == self.data.people.contacts
        assert Message.objects.count() == sum(r.messages for r in self.records)
        files = sum(
            len(r.files) + sum(len(e.files) for e in r.entries) for r in self.records
        )
        assert Attachment.objects.count() == files > 0

    def test_messages_are_numbered_without_gaps(self):
        numbered = Conversation.objects.annotate(
            count=Count("messages"),
            first=Min("messages__seq"),
            last=Max("messages__seq"),
        )
        assert not numbered.exclude(first=1).exists()
        assert not numbered.exclude(count=F("last")).exists()
        assert not numbered.exclude(last_seq=F("last")).exists()

    def test_times_are_those_of_the_messages(self):
        tickets = Ticket.objects.annotate(
            newest=Max("conversations__messages__created_at"),
            oldest=Min("conversations__messages__created_at"),
        )
        assert not tickets.exclude(last_activity_at=F("newest")).exists()
        assert not tickets.exclude(created_at=F("oldest")).exists()
        conversations = Conversation.objects.annotate(
            newest=Max("messages__created_at")
        )
        assert not conversations.exclude(last_message_at=F("newest")).exists()

    def test_each_ticket_ends_as_the_data_says(self):
        tickets = Ticket.objects.select_related("stage", "owner__user")
        for record, ticket in zip(self.records, tickets.order_by("pk"), strict=True):
            assert ticket.subject == record.subject
            assert ticket.stage.category == record.stage
            assert ticket.is_closed == (record.stage == "closed")
            assert (ticket.closed_at is None) == (record.stage != "closed")
            assert ticket.organization_id == (
                None if record.organization is None else record.organization + 1
            )
            agents = self.data.agents()
            email = None if record.owner is None else agents[record.owner].email
            assert (ticket.owner.user.email if ticket.owner else None) == email

    def test_each_message_has_its_event_and_each_reply_its_mail(self):
        kinds = Counter(Event.objects.values_list("kind", flat=True))
        directions = Counter(Message.objects.values_list("direction", flat=True))
        assert kinds["ticket_opened"] == SIZE
        assert kinds["message_received"] + SIZE == directions["inbound"]
        assert kinds["message_sent"] == directions["outbound"]
        assert kinds["note_added"] == directions["internal"]
        mails = Counter(Delivery.objects.values_list("kind", flat=True))
        assert mails["reply"] == directions["outbound"]
        assert mails["acknowledgement"] == SIZE
        assert not Event.objects.due().exists()
        assert not Delivery.objects.exclude(status="sent").exists()

    def test_workspace_portal_and_pages_show_it(self):
        manifest = contents.describe(self.data)
        wrong = [name for name in manifest["gets"] if not get(manifest, name)]
        assert wrong == []
        assert manifest["pools"]["open_tickets"]
        assert manifest["mail_threads"]

    def test_the_next_ticket_gets_the_next_number(self):
        contact = Contact.objects.get(pk=self.data.people.small_contact + 1)
        opened = OpenTicket(
            channel=Channel.objects.filter(type="form")[0],
            contact=contact,
            subject="One more",
            body_text="After the load.",
        ).execute()
        assert opened.ticket.number == SIZE + 1

    def test_indexes_are_as_the_migrations_made_them(self):
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
        with connection.cursor() as cursor:
            for model in (*desk.TABLES, Ticket, Message, Event, Delivery):
                found = connection.introspection.get_constraints(
                    cursor, model._meta.db_table
                )
                declared = [
                    *model._meta.indexes,
                    *(c for c in model._meta.constraints if c.name),
                ]
                missing = {one.name for one in declared} - set(found)
                assert not missing, model
