"""What is sent, and that a fast error page never counts as a fast answer."""

import pytest

from benchmarks.client import (
    Client,
    Request,
    Response,
    Unit,
    WrongAnswer,
    check_content,
    check_status,
)
from benchmarks.measure import System, Workload, measure
from benchmarks.workloads import absent_of, chosen, inputs, is_wanted, workloads_of

MANIFEST = {
    "cookie": "sessionid",
    "sessions": {"agent": "key", "visitor": ""},
    "csrf": {"cookie": "csrftoken", "field": "csrf", "header": "X", "value": "secret"},
    "gets": {
        "inbox_open": {
            "session": "agent",
            "path": "/page/",
            "then": "/data/",
            "has": "HD-1",
        },
        "refused": {"session": "visitor", "path": "/no/", "has": "", "status": "403"},
    },
    "posts": {
        "stage": {
            "session": "agent",
            "path": "/t/{ticket}/",
            "pool": "some",
            "alternate": [{"stage": "waiting"}, {"stage": "open"}],
            "data": {"stage": "{stage}", "text": "Number {n}"},
            "status": 302,
        },
        "form": {
            "session": "visitor",
            "path": "/form/",
            "data": {"text": "{n}"},
            "token_from": "/form/",
            "token_fields": ["form-token"],
        },
    },
    "pools": {"some": [{"ticket": "a"}, {"ticket": "b"}]},
    "absent": {"reply": "by mail only", "kb_suggest": "no search"},
}


class PageClient:
    """Answers each request with one page."""

    def __init__(self, body, status=200):
        self.body = body
        self.status = status
        self.sent = []

    def send(self, request):
        self.sent.append(request)
        return Response(self.status, {}, self.body, 0.01)

    expect = Client.expect


class Server:
    @staticmethod
    def worker_pids():
        return []


def system(body=b"", status=200):
    made = System("helpdesk", Server())
    made.client = PageClient(body, status)
    return made


def made(body=b"", status=200):
    return workloads_of(system(body, status), MANIFEST)


def test_a_page_and_its_data_call_are_one_wait():
    unit = made()["inbox_open"].units(1)[0]
    assert [request.path for request in unit.requests] == ["/page/", "/data/"]
    assert unit.requests[0].cookies == {"csrftoken": "secret", "sessionid": "key"}


def test_a_visitor_has_no_session():
    request = made()["refused"].units(1)[0].requests[0]
    assert request.cookies == {"csrftoken": "secret"}
    assert request.status == 403


def test_each_write_is_another_one_and_changes_something():
    units = made()["post_stage"].units(4)
    requests = [unit.requests[0] for unit in units]
    assert [r.path for r in requests] == ["/t/a/", "/t/b/", "/t/a/", "/t/b/"]
    assert [r.form["stage"] for r in requests] == ["waiting"] * 2 + ["open"] * 2
    assert len({r.form["text"] for r in requests}) == 4
    assert all(r.form["csrf"] == "secret" for r in requests)


def test_a_form_is_sent_with_the_token_of_its_page():
    page = b'<form><input type=hidden name="form-token" value="abc&amp;d"></form>'
    request = made(page)["post_form"].units(1)[0].requests[0]
    assert request.form["form-token"] == "abc&d"


def test_a_form_without_its_token_is_not_measured():
    with pytest.raises(WrongAnswer, match="form-token"):
        made(b"<form></form>")["post_form"].units(1)


def test_posts_and_gets_of_the_same_name_are_told_apart():
    assert absent_of(MANIFEST) == {
        "post_reply": "by mail only",
        "kb_suggest": "no search",
    }


def test_asking_for_a_topic_brings_what_it_is_compared_with():
    names = {"inbox_open", "inbox_mine", "ticket", "shell", "shell_list", "hello"}
    assert chosen(names, "inbox_*") == ["shell_list", "inbox_open", "inbox_mine"]
    assert set(chosen(names, "")) == names


def test_a_reply_is_asked_for_by_its_name():
    assert chosen({"post_reply", "post_form_page"}, "reply") == [
        "post_form_page",
        "post_reply",
    ]
    assert not is_wanted("post_note", "reply")


ROWS = b'<tr data-number="12" data-version="3"><tr data-number="10" data-version="1">'
POLL = {"session": "agent", "page": "/inbox/", "path": "/news/?view=open"}


class NewsClient(PageClient):
    """The list, and its news with a tag."""

    def send(self, request):
        answer = super().send(request)
        return Response(answer.status, {"etag": 'W/"1"'}, answer.body, 0.01)


def polls(body, **more):
    site = system()
    site.client = NewsClient(body)
    manifest = {**MANIFEST, "polls": {"inbox_poll": {**POLL, **more}}}
    return workloads_of(site, manifest)["inbox_poll"].units(2)


def test_a_poll_without_news_says_what_it_has_and_expects_not_modified():
    units = polls(ROWS, news=False)
    (request,) = units[0].requests
    assert request.path == "/news/?view=open&shown=12.3-10.1"
    assert request.headers == {"If-None-Match": 'W/"1"'}
    assert request.status == 304
    assert len(units) == 2


def test_a_poll_with_news_has_another_version_of_one_row_and_gets_that_row():
    (request,) = polls(ROWS, news=True)[0].requests
    assert request.path.endswith("shown=12.4-10.1")
    assert request.status == 200
    assert polls(ROWS, news=True)[0].has == 'data-number=\\"12\\"'


def test_a_list_without_rows_cannot_be_polled():
    with pytest.raises(WrongAnswer, match="no rows"):
        polls(b"<table></table>", news=False)


def test_a_topic_that_only_a_manifest_knows_is_not_lost():
    assert chosen({"ticket", "brand_new"}, "")[-1] == "brand_new"


def test_the_first_input_of_a_name_counts():
    assert inputs('<input name=a value=1><input name="a" value="2">') == {"a": "1"}


def test_an_answer_with_another_status_is_refused():
    answer = Response(302, {"location": "/login/"}, b"HD-1", 0.001)
    with pytest.raises(WrongAnswer, match="302 to /login/"):
        check_status(Request("/page/"), answer)


def test_an_answer_that_does_not_show_what_it_should_is_refused():
    unit = Unit((Request("/page/"),), has="HD-1")
    with pytest.raises(WrongAnswer, match="HD-1"):
        check_content(unit, [Response(200, {}, b"An error", 0.001)])
    check_content(unit, [Response(302, {"location": "/t/HD-1/"}, b"", 0.001)])


def test_load_goes_to_loopback_only():
    with pytest.raises(ValueError, match="loopback"):
        Client(80, host="192.0.2.1")


def test_a_workload_that_answers_wrongly_is_given_up_and_the_others_go_on():
    right = Workload(
        "ticket", system(b"yes"), lambda n: [Unit((Request("/"),), "yes")] * n
    )
    wrong = Workload(
        "shell", system(b"no"), lambda n: [Unit((Request("/"),), "yes")] * n
    )
    outcomes = measure([right, wrong], deadline=float("inf"), say=lambda text: None)
    assert outcomes["helpdesk:ticket"].seconds
    assert not outcomes["helpdesk:shell"].seconds
    assert "'yes'" in outcomes["helpdesk:shell"].error


def test_after_the_deadline_there_are_two_rounds_and_no_more():
    workload = Workload("ticket", system(b""), lambda n: [Unit((Request("/"),))] * n)
    outcomes = measure([workload], deadline=float("-inf"), say=lambda text: None)
    count = len(outcomes["helpdesk:ticket"].seconds)
    full = measure([workload], deadline=float("inf"), say=lambda text: None)
    assert len(full["helpdesk:ticket"].seconds) == 3 * count


def test_queries_are_counted_apart_from_what_is_timed():
    site = system(b"")
    workload = Workload("ticket", site, lambda n: [Unit((Request("/"),))] * n)
    measure([workload], deadline=float("-inf"), say=lambda text: None)
    asking = [r for r in site.client.sent if "X-Bench-Probe" in r.headers]
    assert len(asking) == 1
    assert site.client.sent[-1] not in asking
