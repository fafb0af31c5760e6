"""Signals for code outside the actions: tasks, and the site's own."""

from django.dispatch import Signal

#: Sent after the commit that wrote them. ``sender`` is the action's class,
#: ``event_ids`` the ids of the events it wrote, in order, ``due`` the consumers that
#: have to look at them. A receiver that fails is logged and does not undo the action;
#: what is still due is found by the sweep.
events_recorded = Signal()
