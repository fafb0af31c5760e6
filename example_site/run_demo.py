"""Serve the demo: migrate, load its content and say how to sign in.

Everything it makes lies in ``example_site/var/`` (or ``HELPDESK_VAR_DIR``). A second
start keeps it; ``--reset`` removes it first. One process does all of this, because
starting Wagtail once for each command would take longer than the rest.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

HOST = "127.0.0.1"
WORKER = "helpdesk_worker"
SIGN_INS = """\
  http://{place}/                       the site, with the support form at /contact/
  http://{place}/help/                  knowledge base   (also /es/help/, /pt-br/help/)
  http://{place}/support/               customer portal
  http://{place}/admin/helpdesk/inbox/  agent workspace
  http://{place}/admin/                 Wagtail admin
  http://{place}/demo/mail/             mails the site has sent

  Sign in with the password  helpdesk-demo  as
    admin@example.com    superuser
    agent@example.com    agent
    agent2@example.com   agent of another inbox
    agent3@example.com   agent of both inboxes
    editor@example.com   editor without the help desk
    ana@acme.example     customer
    luis@acme.example    customer of the same company
    zoe@globex.example   customer of another company (and bruno@globex.example)
    nobody@solo.example  customer without a company or an access group
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--reset", action="store_true", help="start afresh")
    parser.add_argument("--no-serve", action="store_true", help="stop when it is ready")
    options = parser.parse_args()

    if not options.no_serve and port_is_taken(options.port):
        print(
            f"Port {options.port} is in use. Choose another: make demo PORT=8001",
            file=sys.stderr,
        )
        return 1

    root = Path(__file__).resolve().parent.parent
    sys.path[0] = str(root)
    os.environ["DJANGO_SETTINGS_MODULE"] = "example_site.settings.dev"
    os.environ["HELPDESK_DEMO_PORT"] = str(options.port)

    import django
    from django.conf import settings

    if options.reset:
        shutil.rmtree(settings.VAR_DIR, ignore_errors=True)
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    django.setup()
    prepare(options.port)

    place = f"{HOST}:{options.port}"
    print("\nThe demo is ready (Ctrl-C stops it, make demo RESET=1 starts afresh)\n")
    print(SIGN_INS.format(place=place), flush=True)
    if options.no_serve:
        return 0

    from django.core.management import call_command

    # Ended from outside, the demo takes its worker along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # So that mails leave when their time has come, whether somebody clicks or not.
    worker = subprocess.Popen([sys.executable, root / "example_site/manage.py", WORKER])
    try:
        call_command("runserver", place, use_reloader=False)
    finally:
        worker.terminate()
        worker.wait()
    return 0


def port_is_taken(port: int) -> bool:
    """Whether another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def prepare(port: int) -> None:
    """Bring the database up to date and load the content, which is kept when there."""
    from django.core.management import call_command
    from wagtail.models import Site

    print("Preparing the database and the content of the demo")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("load_demo", verbosity=0)
    # Links in mails and feeds start with the site's host and port.
    moved = Site.objects.filter(is_default_site=True).exclude(hostname=HOST, port=port)
    if moved.update(hostname=HOST, port=port):
        Site.clear_site_root_paths_cache()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
