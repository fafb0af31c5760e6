"""A database that compiles statements is named (W205), and one that does not is not."""

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("jit", "is_named"), [("on", True), ("off", False)])
def test_the_check_names_a_database_that_compiles_statements(jit, is_named, capsys):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL jit = {jit}")

    call_command("check", databases=["default"])

    assert ("wagtail_helpdesk.W205" in capsys.readouterr().err) == is_named
