"""Data that reads well: ``TicketFactory(stage=closed)``.

Factories write rows directly, as a test's starting point; what a test is about goes
through an action.
"""

from __future__ import annotations

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Locale

from tests.reference_index import unrecorded
from wagtail_helpdesk import models


class Rows(factory.django.DjangoModelFactory):
    """Writes rows as a starting point, so nothing asks later what refers to what."""

    class Meta:
        abstract = True

    @classmethod
    def _generate(cls, strategy, params):
        with unrecorded():
            return super()._generate(strategy, params)


class UserFactory(Rows):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    email = factory.LazyAttribute(lambda o: f"{o.username}@example.com")
    password = factory.django.Password("helpdesk-demo")


class OrganizationFactory(Rows):
    class Meta:
        model = models.Organization

    name = factory.Sequence(lambda n: f"Organization {n}")


class ContactFactory(Rows):
    """A contact with one verified address; ``organization=`` makes a membership."""

    class Meta:
        model = models.Contact
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Contact {n}")

    @factory.post_generation
    def email(obj, create, extracted, **kwargs):
        if extracted is not False:
            value = extracted or f"contact{obj.pk}@example.com"
            models.Identity.objects.create(
                contact=obj,
                kind=models.Identity.Kind.EMAIL,
                value=models.normalise_email(value),
                verified_at=None if kwargs.get("unverified") else timezone.now(),
            )
            obj.__dict__.pop("email", None)

    @factory.post_generation
    def organization(obj, create, extracted, **kwargs):
        if extracted is not None:
            models.Membership.objects.create(contact=obj, organization=extracted)
            obj.__dict__.pop("organization", None)


class AccessGroupFactory(Rows):
    """An access group; ``rule=`` makes it dynamic, without looking for members."""

    class Meta:
        model = models.AccessGroup

    name = factory.Sequence(lambda n: f"Access group {n}")
    rule = factory.LazyFunction(dict)
    kind = factory.LazyAttribute(lambda o: "dynamic" if o.rule else "static")
    auth_group = factory.LazyAttribute(lambda o: Group.objects.create(name=o.name))


class CustomerFactory(ContactFactory):
    """A contact who can sign in: ``customer.user``."""

    user = factory.SubFactory(UserFactory)


class AgentFactory(Rows):
    class Meta:
        model = models.Agent

    user = factory.SubFactory(
        UserFactory, first_name="Amy", last_name=factory.Sequence(lambda n: f"Agent{n}")
    )


class PipelineFactory(Rows):
    """A pipeline with the stages new, open, waiting and closed."""

    class Meta:
        model = models.Pipeline
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Pipeline {n}")

    @factory.post_generation
    def stages(obj, create, extracted, **kwargs):
        for order, category in enumerate(["new", "open", "waiting", "closed"]):
            models.Stage.objects.create(
                pipeline=obj,
                key=category,
                name=category.title(),
                category=category,
                order=order,
            )


class InboxFactory(Rows):
    """An inbox; ``agents=[…]`` makes them members."""

    class Meta:
        model = models.Inbox
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Inbox {n}")
    default_pipeline = factory.SubFactory(PipelineFactory)

    @factory.post_generation
    def agents(obj, create, extracted, **kwargs):
        for agent in extracted or []:
            models.InboxMembership.objects.create(inbox=obj, agent=agent)


class ChannelFactory(Rows):
    class Meta:
        model = models.Channel

    inbox = factory.SubFactory(InboxFactory)
    type = "form"
    name = factory.Sequence(lambda n: f"Channel {n}")


class TicketFactory(Rows):
    """A ticket in the first stage of its inbox's pipeline, without messages."""

    class Meta:
        model = models.Ticket

    inbox = factory.SubFactory(InboxFactory)
    contact = factory.SubFactory(ContactFactory)
    subject = factory.Sequence(lambda n: f"Subject {n}")
    number = factory.LazyFunction(lambda: models.TicketNumber.objects.create().pk)
    pipeline = factory.LazyAttribute(lambda o: o.inbox.default_pipeline)
    stage = factory.LazyAttribute(lambda o: o.pipeline.first_stage())
    is_closed = factory.LazyAttribute(lambda o: o.stage.is_closed)
    organization = factory.LazyAttribute(lambda o: o.contact.organization)
    created_at = factory.LazyFunction(timezone.now)
    last_activity_at = factory.SelfAttribute("created_at")


class ConversationFactory(Rows):
    class Meta:
        model = models.Conversation

    ticket = factory.SubFactory(TicketFactory)
    inbox = factory.SelfAttribute("ticket.inbox")
    contact = factory.SelfAttribute("ticket.contact")
    subject = factory.SelfAttribute("ticket.subject")
    channel = factory.SubFactory(ChannelFactory, inbox=factory.SelfAttribute("..inbox"))
    created_at = factory.SelfAttribute("ticket.created_at")
    last_message_at = factory.SelfAttribute("ticket.created_at")


class MessageFactory(Rows):
    class Meta:
        model = models.Message
        skip_postgeneration_save = True

    conversation = factory.SubFactory(ConversationFactory)
    direction = "inbound"
    author_contact = factory.Maybe(
        factory.LazyAttribute(lambda o: o.direction == "inbound"),
        yes_declaration=factory.SelfAttribute("conversation.contact"),
        no_declaration=None,
    )
    body_text = factory.Sequence(lambda n: f"Message {n}")
    seq = factory.LazyAttribute(lambda o: o.conversation.last_seq + 1)
    created_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def keep_seq(obj, create, extracted, **kwargs):
        obj.conversation.last_seq = obj.seq
        obj.conversation.save(update_fields=["last_seq"])


class ParticipantFactory(Rows):
    class Meta:
        model = models.Participant

    ticket = factory.SubFactory(TicketFactory)
    contact = factory.SubFactory(ContactFactory)


class SupportFormFactory(Rows):
    """A published form: subject, description, files; ``form_fields=`` for others."""

    class Meta:
        model = models.SupportForm

    name = factory.Sequence(lambda n: f"Form {n}")
    key = factory.Sequence(lambda n: f"form-{n}")
    channel = factory.SubFactory(ChannelFactory)
    locale = factory.LazyFunction(Locale.get_default)
