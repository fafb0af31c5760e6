"""Which tokens count, and which never (security.md 1.4, RFC 8725)."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sso.tokens import SECRET, Visitor, make_provider
from wagtail_helpdesk.access.token_keys import TokenKey, keep_keys, read_public_key
from wagtail_helpdesk.accounts.jwt.token import TokenRefusedError, read_token
from wagtail_helpdesk.models import IdentityProvider

AUDIENCE = "https://help.example/accounts/jwt/hd-acme/"
NOW = 1_800_000_000


def part(value) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def pem(key) -> str:
    return (
        key.public_key()
        .public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )
        .decode()
    )


RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PAIRS = {
    "RS256": RSA,
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
KEYS = {
    "k1": TokenKey(kid="k1", algorithm="HS256", secret=SECRET),
    **{
        algorithm: TokenKey(kid=algorithm, algorithm=algorithm, public=pem(pair))
        for algorithm, pair in PAIRS.items()
    },
}


def said(**changes) -> dict:
    claims = {
        "iss": "acme",
        "aud": AUDIENCE,
        "iat": NOW,
        "exp": NOW + 180,
        "jti": "j" * 16,
        "sub": "4711",
        "email": "ana@acme.example",
        "state": "s" * 16,
        **changes,
    }
    return {key: value for key, value in claims.items() if value is not ...}


def signed(claims=None, *, key=SECRET, algorithm="HS256", now=NOW, keys=None, **header):
    """Sign the claims and read them again; what nobody changed is good."""
    told = said() if claims is None else claims
    # By the lower of PyJWT's layers, which signs claims of any type.
    token = jwt.PyJWS().encode(
        json.dumps(told).encode(), key, algorithm, headers={"kid": "k1", **header}
    )
    return read(token, now, keys)


def read(token: str, now: float = NOW, keys=None):
    keys = KEYS if keys is None else keys
    return read_token(token, keys, issuer="acme", audiences=[AUDIENCE], now=now)


def code_of(call, *args, **kwargs) -> str:
    with pytest.raises(TokenRefusedError) as caught:
        call(*args, **kwargs)
    assert caught.value.text
    return caught.value.code


def test_a_good_token_says_who_it_is():
    claims = signed(said(name="Ana", locale="es", role="admin"))

    assert (claims.sub, claims.email) == ("4711", "ana@acme.example")
    assert (claims.name, claims.locale, claims.exp) == ("Ana", "es", NOW + 180)
    assert not hasattr(claims, "role")


@pytest.mark.parametrize("algorithm", PAIRS)
def test_a_key_pair_signs_as_well(algorithm):
    pair = PAIRS[algorithm]

    assert signed(key=pair, algorithm=algorithm, kid=algorithm).sub == "4711"


@pytest.mark.parametrize("claim", sorted(set(said())))
def test_every_claim_has_to_be_there(claim):
    assert code_of(signed, said(**{claim: ...})) == "missing"


WRONG_TEXTS = (None, True, 7, ["x" * 20], {"x": 1}, "", "x" * 5000, "x" * 20 + "\0")
WRONG_TIMES = (None, True, "1800000000", [], {}, -1, 2**60, float("nan"), float("inf"))


@pytest.mark.parametrize("value", WRONG_TEXTS, ids=repr)
@pytest.mark.parametrize("claim", ["sub", "email", "jti", "state", "aud"])
def test_a_text_is_a_text_of_sensible_length(claim, value):
    assert code_of(signed, said(**{claim: value})) == "type"


@pytest.mark.parametrize(
    "value", [True, 7, ["x"], {"x": 1}, "x" * 300, "a\nb"], ids=repr
)
@pytest.mark.parametrize("claim", ["name", "locale"])
def test_so_is_what_may_be_left_out(claim, value):
    assert code_of(signed, said(**{claim: value})) == "type"


@pytest.mark.parametrize("claim", ["name", "locale"])
def test_what_may_be_left_out_may_be_empty(claim):
    assert getattr(signed(said(**{claim: None})), claim) == ""


@pytest.mark.parametrize("value", WRONG_TIMES, ids=repr)
@pytest.mark.parametrize("claim", ["iat", "exp", "nbf"])
def test_a_time_is_a_number_of_seconds(claim, value):
    assert code_of(signed, said(**{claim: value})) == "type"


@pytest.mark.parametrize("surrogate", ["\\ud800", "\\udfff"])
def test_half_a_character_is_none(surrogate):
    payload = json.dumps(said()).replace("4711", surrogate).encode()
    token = jwt.PyJWS().encode(payload, SECRET, "HS256", headers={"kid": "k1"})

    assert code_of(read, token) == "type"


@pytest.mark.parametrize("length", [15, 129])
def test_a_jti_is_neither_short_nor_long(length):
    assert code_of(signed, said(jti="j" * length)) == "type"
    assert signed(said(jti="j" * 16)) and signed(said(jti="j" * 128))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp": NOW + 181}, "lifetime"),
        ({"exp": NOW}, "lifetime"),
        ({"exp": NOW - 10}, "lifetime"),
        ({"iat": NOW - 3000, "exp": NOW - 2900}, "expired"),
        ({"iat": NOW - 100, "exp": NOW - 30}, "expired"),
        ({"iat": NOW + 31, "exp": NOW + 90}, "future"),
        ({"nbf": NOW + 31}, "future"),
        ({"iss": "Acme"}, "issuer"),
        ({"iss": "globex"}, "issuer"),
        ({"aud": AUDIENCE.rstrip("/")}, "audience"),
        ({"aud": AUDIENCE.replace("hd-acme", "hd-globex")}, "audience"),
        ({"aud": [AUDIENCE]}, "type"),
    ],
)
def test_a_word_in_another_place_or_at_another_time_counts_not(changes, code):
    assert code_of(signed, said(**changes)) == code


@pytest.mark.parametrize(
    "changes",
    [
        {"iat": NOW - 100, "exp": NOW - 29},
        {"iat": NOW + 30, "exp": NOW + 200},
        {"nbf": NOW + 30},
        {"iat": NOW + 0.5, "exp": NOW + 60.25},
    ],
)
def test_clocks_may_differ_by_half_a_minute(changes):
    assert signed(said(**changes))


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", ""])
def test_no_signature_is_no_word(name):
    head = {"alg": name, "typ": "JWT", "kid": "k1"}

    assert code_of(read, f"{part(head)}.{part(said())}.") in {"algorithm", "damaged"}


@pytest.mark.parametrize("algorithm", PAIRS)
def test_a_public_key_is_no_secret(algorithm):
    """Algorithm confusion: what everybody knows signs nothing."""
    import hashlib
    import hmac

    public = pem(PAIRS[algorithm])
    for secret in (public, public.strip(), public.replace("\n", "")):
        head = part({"alg": "HS256", "typ": "JWT", "kid": algorithm})
        body = f"{head}.{part(said())}"
        mac = hmac.new(secret.encode(), body.encode(), hashlib.sha256).digest()
        assert code_of(read, f"{body}.{part(mac)}") == "algorithm"


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_the_algorithm_is_the_keys_and_not_the_tokens(algorithm):
    assert code_of(signed, algorithm=algorithm, key=SECRET * 2) == "algorithm"


def test_a_key_that_the_token_brings_with_it_is_not_looked_at():
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(stranger.public_key()))
    for header in (
        {"jwk": own},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/keys"},
        {"x5c": ["MII="]},
    ):
        call = {"key": stranger, "algorithm": "RS256", "kid": "RS256", **header}
        assert code_of(signed, **call) == "signature"
        assert signed(key=RSA, algorithm="RS256", kid="RS256", **header)


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"crit": []}, {"crit": None}])
def test_what_we_do_not_know_and_have_to_is_refused(header):
    head = part({"alg": "HS256", "kid": "k1", **header})

    assert code_of(read, f"{head}.{part(said())}.{part(b'x' * 32)}") in {
        "critical",
        "damaged",
    }


def test_a_payload_that_is_sent_apart_is_refused():
    head = part({"alg": "HS256", "kid": "k1", "b64": False, "crit": ["b64"]})

    assert code_of(read, f"{head}..{part(b'x' * 32)}") in {"critical", "damaged"}


@pytest.mark.parametrize("kid", ["k2", "", "K1", "../k1", None, 1, ["k1"], {"k": 1}])
def test_a_key_is_one_of_the_companys(kid):
    head = {"alg": "HS256", "typ": "JWT"} | ({} if kid is None else {"kid": kid})
    token = f"{part(head)}.{part(said())}.{part(b'x' * 32)}"

    assert code_of(read, token) in {"unknown_key", "damaged"}


def test_another_secret_or_a_changed_word_is_noticed():
    assert code_of(signed, key="another-secret-another-secret-123456") == "signature"
    token = jwt.encode(said(), SECRET, headers={"kid": "k1"})
    head, _body, mac = token.split(".")
    assert code_of(read, f"{head}.{part(said(sub='1'))}.{mac}") == "signature"
    assert code_of(read, f"{head}.{_body}.") == "signature"


def test_a_key_that_somebody_broke_by_hand_signs_nothing():
    short = {"k1": TokenKey(kid="k1", algorithm="HS256", secret="short")}
    token = jwt.PyJWS().encode(b"{}", SECRET, "HS256", headers={"kid": "k1"})
    assert code_of(read, token, keys=short) == "damaged"
    bad = {"k1": TokenKey(kid="k1", algorithm="HS256", secret="")}
    assert code_of(read, token, keys=bad) == "damaged"


def test_two_keys_count_until_one_is_taken_away():
    new = "another-secret-another-secret-123456"
    both = {**KEYS, "k2": TokenKey(kid="k2", algorithm="HS256", secret=new)}
    assert signed(keys=both)
    assert signed(keys=both, key=new, kid="k2")
    assert code_of(signed, keys=both, key=new) == "signature"
    del both["k1"]
    assert code_of(signed, keys=both) == "unknown_key"


@pytest.mark.parametrize(
    "token",
    [
        *("", ".", "..", "...", "a.b.c", "é.é.é", "a" * 8000, "\0.\0.\0"),
        f"{part([1])}.{part(1)}.",
        f"{part(None)}.{part(None)}.",
        part({"alg": "HS256", "kid": "k1"}),
        f"{part(b'[' * 4000)}.{part({})}.",
        part(b"{" + b'"a":{' * 800) + ".e30.x",
        part(b'{"kid":' + b"9" * 5000 + b"}") + ".e30.x",
        f"{part(bytes([0xFF, 0xFE]))}.e30.e30",
    ],
    ids=lambda token: token[:20],
)
def test_garbage_is_said_to_be_garbage(token):
    assert code_of(read, token) in {"damaged", "unknown_key"}


@pytest.mark.parametrize(
    "payload",
    [
        *(b"", b"null", b"[]", b"7", b"[" * 5000, b'{"sub":' * 700, b"\xff"),
        b'{"exp":' + b"9" * 5000 + b"}",
    ],
    ids=lambda payload: repr(payload[:10]),
)
def test_a_well_signed_thing_that_is_no_word_is_refused(payload):
    token = jwt.PyJWS().encode(payload, SECRET, "HS256", headers={"kid": "k1"})

    assert code_of(read, token) in {"damaged", "missing"}


def test_a_token_has_its_size():
    assert code_of(read, "a" * 8193) == "size"


PARTS = st.one_of(
    st.text(max_size=60),
    st.binary(max_size=60).map(part),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    ).map(part),
    st.sampled_from(
        [part({"alg": alg, "kid": "k1"}) for alg in ("HS256", "none", "RS256")]
        + [part(said())]
    ),
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.just(NOW),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(
    token=st.one_of(st.text(max_size=200), st.lists(PARTS, max_size=5).map(".".join))
)
def test_no_text_is_a_token_by_chance(token):
    with pytest.raises(TokenRefusedError):
        read(token)


@settings(max_examples=300, deadline=None)
@given(claims=st.dictionaries(st.sampled_from(sorted(said())), VALUES, min_size=1))
def test_no_claim_of_another_type_is_an_error_of_ours(claims):
    try:
        told = signed({**said(), **claims})
    except TokenRefusedError:
        return
    for name in ("sub", "email", "jti", "state"):
        assert isinstance(getattr(told, name), str)


# What only the whole way shows.


@pytest.fixture
def ana(db) -> Visitor:
    return Visitor(make_provider())


def turned_away(person: Visitor, answer, word: str, caplog) -> None:
    assert 400 <= answer.status_code < 500, answer.status_code
    assert f"was refused: {word}" in caplog.text
    caplog.clear()
    assert person.user_id is None


def test_a_token_without_the_state_of_this_browser_is_refused(ana, caplog):
    """Login CSRF: nobody is signed in by what somebody else began."""
    ben = Visitor(ana.provider)
    state = ana.start()["state"]
    token = ana.token(state)

    turned_away(ben, ben.bring(token), "state", caplog)
    turned_away(ana, ana.bring(ana.token("made-up-by-the-company")), "state", caplog)
    # Ana's own way is still open: the thief used nothing up.
    assert ana.bring(token).status_code == 302
    assert ana.user_id


def test_a_state_opens_once(ana, caplog):
    state = ana.start()["state"]
    ana.bring(ana.token(state))
    ana.client.post("/accounts/logout/")

    turned_away(ana, ana.bring(ana.token(state)), "state", caplog)


def test_a_jti_counts_once_whoever_begins_again(ana, caplog):
    ana.sign_in(jti="j" * 16)
    ana.client.post("/accounts/logout/")
    ben = Visitor(ana.provider)

    turned_away(ana, ana.sign_in(jti="j" * 16), "used", caplog)
    turned_away(ben, ben.sign_in(jti="j" * 16), "used", caplog)


def test_the_state_of_one_company_is_not_anothers(ana, caplog):
    globex = Visitor(make_provider("Globex"))
    globex.client = ana.client
    state = ana.start()["state"]

    answer = globex.bring(globex.token(state, email="zoe@globex.example"))

    turned_away(globex, answer, "state", caplog)


def test_a_token_for_one_company_is_none_for_another(ana, caplog):
    """Two companies with the same secret, and the same name for it."""
    globex = Visitor(make_provider("Globex", domains=["acme.test"]))
    globex.client = ana.client
    token = ana.token()
    turned_away(globex, globex.bring(token), "issuer", caplog)

    IdentityProvider.objects.update(options={**ana.provider.options})
    turned_away(globex, globex.bring(token), "audience", caplog)


def test_a_key_of_another_company_is_unknown(ana, caplog):
    globex = make_provider("Globex")
    public = read_public_key("RS256", pem(RSA))
    keep_keys(globex, [TokenKey(kid="theirs", algorithm="RS256", public=public)])
    globex.save()
    claims = ana.claims(ana.start()["state"])
    token = ana.sign(claims, key=RSA, algorithm="RS256", kid="theirs")

    turned_away(ana, ana.bring(token), "unknown_key", caplog)


@pytest.mark.parametrize("tokens", [[], ["one", "two"]])
def test_one_field_has_the_token(ana, caplog, tokens):
    turned_away(ana, ana.post(tokens), "field", caplog)


def test_a_form_that_is_too_long_is_not_read(ana, caplog):
    turned_away(ana, ana.post("x", more="y" * 100_000), "size", caplog)


def test_a_body_that_is_no_form_is_refused(ana, caplog):
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        answer = Client().post(ana.url("token"), b'{"jwt": "x"}', content_type=kind)
        assert answer.status_code == 400


@pytest.mark.parametrize("cookie", ["", "x", "a" * 32, "\0\0", "é" * 40])
def test_the_last_address_alone_opens_nothing(ana, cookie):
    ana.client.cookies["helpdesk-jwt"] = cookie

    assert ana.client.get(ana.url("finish")).status_code == 400
    assert ana.user_id is None


def test_what_waits_is_for_one_company_and_once(ana, caplog):
    globex = Visitor(make_provider("Globex"))
    waits = ana.post(ana.token()).cookies["helpdesk-jwt"].value
    globex.client.cookies["helpdesk-jwt"] = waits
    turned_away(globex, globex.client.get(globex.url("finish")), "nothing", caplog)
    ana.client.cookies["helpdesk-jwt"] = waits
    turned_away(ana, ana.client.get(ana.url("finish")), "nothing", caplog)


def test_what_waits_too_long_is_too_old(ana, caplog, monkeypatch):
    answer = ana.post(ana.token())
    ana.client.cookies["helpdesk-jwt"] = answer.cookies["helpdesk-jwt"].value
    late = time.time() + 151
    monkeypatch.setattr("wagtail_helpdesk.accounts.jwt.views.time.time", lambda: late)

    turned_away(ana, ana.client.get(answer["Location"]), "expired", caplog)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    token=st.one_of(st.text(max_size=200), st.lists(PARTS, max_size=5).map(".".join))
)
def test_nothing_that_is_posted_is_an_error_of_ours(ana, monkeypatch, token):
    monkeypatch.setattr("wagtail_helpdesk.accounts.jwt.views.WRONG", None)

    assert ana.post(token).status_code == 400
    assert ana.user_id is None


THREADS = 16


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_sixteen_at_the_same_moment_one_comes_in():
    """Each from a browser that began of its own, with the same word."""
    provider = make_provider()
    visitors = [Visitor(provider) for _n in range(THREADS)]
    ways = []
    for visitor in visitors:
        answer = visitor.post(visitor.token(jti="j" * 16))
        visitor.client.cookies["helpdesk-jwt"] = answer.cookies["helpdesk-jwt"].value
        ways.append(answer["Location"])
    start = Barrier(THREADS)

    def come_back(n: int) -> int:
        try:
            start.wait(timeout=60)
            return visitors[n].client.get(ways[n]).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(come_back, range(THREADS)))

    assert sorted(answers) == [302] + [403] * (THREADS - 1)
    assert sum(visitor.user_id is not None for visitor in visitors) == 1
    assert User.objects.filter(email="ana@acme.example").count() == 1
