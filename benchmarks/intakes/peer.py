"""The peer's intake: its ``get_email``, over a queue that reads a folder."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.intakes import measured, prepare


def main() -> int:
    """Take in; it sends its mails while it does."""
    raw, _content = prepare("peer")
    from helpdesk.email import process_email
    from helpdesk.models import FollowUp, Queue

    from benchmarks.mails import INBOX

    queue = Queue.objects.order_by("pk")[INBOX]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for place, mail in enumerate(raw):
            (folder / f"{place:06d}.eml").write_bytes(mail)
        Queue.objects.update(email_box_type=None)
        Queue.objects.filter(pk=queue.pk).update(
            email_box_type="local",
            email_box_local_dir=str(folder),
            email_box_interval=0,
            email_box_last_check=None,
            allow_email_submission=True,
        )
        before = FollowUp.objects.count()
        done: dict[str, float] = {}
        with measured(done, lambda: len(raw) - len(list(folder.iterdir()))):
            process_email(quiet=True)
    written = FollowUp.objects.count() - before
    if written < len(raw) * 0.95:
        print(f"Of {len(raw)} mails {written} became follow-ups", file=sys.stderr)
        return 1
    print(json.dumps({"intake": done}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
