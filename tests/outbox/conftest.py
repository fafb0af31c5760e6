from tests.mail_fixtures import *  # noqa: F403
