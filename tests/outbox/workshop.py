"""Forks ``helpdesk_worker`` processes on demand, so that a hundred start in seconds.

Reads commands from standard input: ``start`` forks a worker and prints its process id,
``wait PID`` prints how that process ended, as ``subprocess`` counts: -9 was killed.
"""

import os
import sys

import django


def main() -> None:
    django.setup()
    # Loaded before the forks, which then need no time for it.
    from django.core.management import call_command

    from wagtail_helpdesk.management.commands import helpdesk_worker

    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "start":
            process_id = os.fork()
            if process_id == 0:
                sys.stdin.close()
                with open(os.devnull, "w") as nowhere:
                    worker = helpdesk_worker.Command(stdout=nowhere, stderr=nowhere)
                    call_command(worker, poll=0.02)
                os._exit(0)
            print(process_id, flush=True)  # noqa: T201
        else:
            _pid, status = os.waitpid(int(arguments[0]), 0)
            print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
