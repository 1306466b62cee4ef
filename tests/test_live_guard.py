"""The live page's server refuses whatever does not come from its own page on this machine."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from coopsim.errors import CoopsimError
from coopsim.live.desk import Desk
from coopsim.live.guard import MOST_BYTES, Guard
from coopsim.live.serving import LiveServer, application
from small_live import SMALL_LIVE

PORT, SECRET = 8765, "a-secret-of-this-test"
HOME = f"http://127.0.0.1:{PORT}"
OURS = {
    "Origin": HOME,
    "Sec-Fetch-Site": "same-origin",
    "X-Coopsim-Secret": SECRET,
    "Content-Type": "application/json",
}
ASKED = ("/ask", "/news", "/search", "/child", "/report")
READ = ("/", "/live.js", "/live.css")
FROM_ELSEWHERE = "only the page that coopsim live serves may ask\n"
NO_SECRET = "open the link that coopsim live printed\n"
WRONG_HOST = "this page is served to 127.0.0.1 and localhost alone\n"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Guard:
    file = tmp_path_factory.mktemp("live") / "small.yaml"
    file.write_text(SMALL_LIVE)
    return application(Desk(str(file), Path("no-results")), PORT, SECRET)


@pytest.fixture
def client(app: Guard) -> TestClient:
    return TestClient(app, base_url=HOME)


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in OURS.items() if key != name}


def asked(client: TestClient, path: str, body: object, **headers: str) -> tuple[int, str]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = client.post(path, content=content, headers={**OURS, **headers})
    return reply.status_code, reply.text


# --- who may ask --------------------------------------------------------------------------------


def test_the_page_that_was_served_may_ask(client: TestClient) -> None:
    status, text = asked(client, "/ask", {})
    assert status == 200
    reply = json.loads(text)
    assert (reply["then"], reply["fragments"]["status"]) == ("rest", "300 timelines")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_both_names_of_this_machine_are_served(client: TestClient, host: str) -> None:
    there = f"{host}:{PORT}"
    assert client.get("/", headers={"Host": there}).status_code == 200
    assert asked(client, "/ask", {}, Host=there, Origin=f"http://{there}")[0] == 200


@pytest.mark.parametrize("path", [*READ, *ASKED])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example", f"evil.example:{PORT}", "127.0.0.1", "localhost", f"127.0.0.1:{PORT + 1}",
        f"127.0.0.1:{PORT}.evil.example", f"[::1]:{PORT}", f"0.0.0.0:{PORT}", "",
        f"127.0.0.1:{PORT}@evil.example",
    ],
)  # fmt: skip
def test_another_host_is_misdirected(client: TestClient, path: str, host: str) -> None:
    method = "GET" if path in READ else "POST"
    reply = client.request(method, path, headers={**OURS, "Host": host})
    assert (reply.status_code, reply.text) == (421, WRONG_HOST)


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize(
    ("header", "value", "says"),
    [
        ("Origin", None, FROM_ELSEWHERE),
        ("Origin", "null", FROM_ELSEWHERE),
        ("Origin", "http://evil.example", FROM_ELSEWHERE),
        ("Origin", f"https://127.0.0.1:{PORT}", FROM_ELSEWHERE),
        ("Origin", f"http://localhost:{PORT}", FROM_ELSEWHERE),  # the other name than was asked
        ("Sec-Fetch-Site", None, FROM_ELSEWHERE),
        ("Sec-Fetch-Site", "same-site", FROM_ELSEWHERE),
        ("Sec-Fetch-Site", "cross-site", FROM_ELSEWHERE),
        ("Sec-Fetch-Site", "none", FROM_ELSEWHERE),
        ("X-Coopsim-Secret", None, NO_SECRET),
        ("X-Coopsim-Secret", "", NO_SECRET),
        ("X-Coopsim-Secret", SECRET[:-1], NO_SECRET),
        ("X-Coopsim-Secret", f"{SECRET} ", NO_SECRET),
    ],
)
def test_whoever_is_not_that_page_is_refused(
    client: TestClient, path: str, header: str, value: str | None, says: str
) -> None:
    headers = without(header) if value is None else {**OURS, header: value}
    if value == f"{SECRET} ":  # a space at an end is no part of a header
        headers = {**OURS, header: f"{SECRET}x"}
    reply = client.post(path, content=b"{}", headers=headers)
    assert (reply.status_code, reply.text) == (403, says)


@pytest.mark.parametrize("header", ["Origin", "Sec-Fetch-Site", "X-Coopsim-Secret"])
def test_a_header_that_stands_there_twice_is_none(client: TestClient, header: str) -> None:
    twice = [*OURS.items(), (header, OURS[header])]
    assert client.post("/ask", content=b"{}", headers=twice).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    reply = client.request(method, "/ask", headers=OURS)
    assert (reply.status_code, reply.text) == (405, "a page is read with GET and asked with POST\n")


@pytest.mark.parametrize("path", ASKED)
def test_nothing_is_computed_for_who_reads(client: TestClient, path: str) -> None:
    assert client.get(path, headers=OURS).status_code == 405


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_of_another_page_is_refused(client: TestClient, kind: str) -> None:
    found = asked(client, "/ask", {}, **{"Content-Type": kind})
    assert found == (415, "expected a body of application/json\n")


def test_a_large_body_is_refused_by_its_head_and_by_its_length(client: TestClient) -> None:
    says = (413, f"expected a body of at most {MOST_BYTES:,} bytes\n")
    assert asked(client, "/ask", b" " * (MOST_BYTES + 1)) == says
    assert asked(client, "/ask", b"{}" + b" " * (MOST_BYTES - 2))[0] == 200

    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 1_000

    reply = client.post("/ask", content=endless(), headers=OURS)
    assert (reply.status_code, reply.text) == says


def test_there_is_no_other_kind_of_connection(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as told, client.websocket_connect("/ask"):
        pass
    assert told.value.code == 1008


# --- what holds the page in ---------------------------------------------------------------------


@pytest.mark.parametrize("path", [*READ, "/nowhere", "/ask"])
def test_every_answer_holds_the_page_in(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


def test_the_secret_stands_in_no_page_and_in_no_log(
    client: TestClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        told = [client.get(path).text for path in READ]
        told += [asked(client, "/ask", {"stage": stage})[1] for stage in ("first", "whole", "rest")]
        told += [asked(client, path, {})[1] for path in ASKED]
        told += [client.post("/ask", headers=without("Origin")).text]
    printed = capfd.readouterr()
    for text in (*told, printed.out, printed.err, caplog.text):
        assert SECRET not in text


def test_the_page_has_nothing_of_the_scenario_and_no_script_of_its_own(client: TestClient) -> None:
    page = client.get("/").text
    assert "A small world" not in page
    assert page.count("<script") == 1
    assert '<script src="/live.js" defer></script>' in page
    assert "style=" not in page
    assert " on" + "click" not in page


def test_a_server_listens_on_this_machine_alone_and_its_link_holds_the_secret(
    tmp_path: Path,
) -> None:
    (tmp_path / "small.yaml").write_text(SMALL_LIVE)
    desk = Desk(str(tmp_path / "small.yaml"), tmp_path)
    server = LiveServer(desk)
    link = server.listen()
    assert link == f"http://127.0.0.1:{server.port}/#key={server.secret}"
    assert len(server.secret) == 32  # 24 bytes in base64
    assert server.secret != LiveServer(desk).secret
    other = LiveServer(desk, server.port)
    with pytest.raises(CoopsimError, match=f"port {server.port} cannot be used: Address already"):
        other.listen()
    other.close()
    server.close()


# --- what is asked ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "the request: Invalid JSON: EOF while parsing a value at line 1 column 0"),
        (b"[]", "the request: Input should be an object"),
        ({"runs": 10}, "runs: Extra inputs are not permitted"),
        ({"stage": "all"}, "stage: Input should be 'first', 'whole' or 'rest'"),
        ({"settings": {"seed": 7}}, "settings.seed: Input should be a valid string"),
        (
            {"settings": {f"a{number}": "1" for number in range(101)}},
            "settings: Dictionary should have at most 100 items after validation, not more",
        ),
        ({"settings": {"a": "x" * 301}}, "settings.a: String should have at most 300 characters"),
        (
            {"given": ["x"] * 11},
            "given: List should have at most 10 items after validation, not 11",
        ),
    ],
)
def test_what_is_no_wish_is_refused_in_a_line(client: TestClient, body: object, says: str) -> None:
    assert asked(client, "/ask", body) == (400, f"{says}\n")


def test_what_cannot_be_set_is_told_on_the_page(client: TestClient) -> None:
    status, text = asked(client, "/ask", {"settings": {"events.nope.rate": "1"}})
    reply = json.loads(text)
    assert (status, reply["then"], list(reply["fragments"])) == (200, "", ["problems"])
    assert (
        "--set events.nope.rate=1: error: events: found &#39;nope&#39;, expected decree or flight"
        in reply["fragments"]["problems"]
    )


def test_what_nobody_foresaw_is_told_in_a_line(app: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("odd\nthings")

    monkeypatch.setattr(Desk, "reply", broken)
    client = TestClient(app, base_url=HOME, raise_server_exceptions=False)
    found = asked(client, "/ask", {})
    assert found == (
        500,
        "This is an error in coopsim, please report it: ValueError: odd things\n",
    )


def test_no_wish_takes_more_timelines_than_the_scenario_has(client: TestClient) -> None:
    wish = {"settings": {"runs": "1_000_000_000"}, "stage": "whole"}
    assert json.loads(asked(client, "/ask", wish)[1])["fragments"].get("status") in (
        "300 timelines",
        None,
    )


HEADERS = st.sampled_from(["Origin", "Host", "Sec-Fetch-Site", "X-Coopsim-Secret", "Content-Type"])
MANGLED = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(header=HEADERS, value=MANGLED, path=st.sampled_from(ASKED))
def test_no_mangled_head_is_let_in(client: TestClient, header: str, value: str, path: str) -> None:
    expected = {**OURS, "Host": f"127.0.0.1:{PORT}"}
    if value == expected[header]:
        return
    status = client.post(path, content=b"{}", headers={**expected, header: value}).status_code
    assert status in (403, 415, 421)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
WISHES = st.fixed_dictionaries(
    {},
    optional={
        "settings": st.dictionaries(st.text(max_size=30), st.text(max_size=30), max_size=3) | JSON,
        "given": st.lists(st.text(max_size=30), max_size=2) | JSON,
        "stage": st.sampled_from(["first", "whole", "rest"]) | JSON,
        "tab": st.sampled_from(["answers", "assumptions", "story", "around"]) | JSON,
        "around": st.text(max_size=10) | JSON,
        "base": st.text(max_size=10) | JSON,
    },
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wish=WISHES | JSON, path=st.sampled_from(["/ask", "/search", "/child"]))
def test_no_wish_breaks_the_server(client: TestClient, wish: object, path: str) -> None:
    status, _ = asked(client, path, json.dumps(wish).encode())
    assert status in (200, 400, 422)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.binary(max_size=200), path=st.sampled_from(ASKED))
def test_no_bytes_break_the_server(client: TestClient, body: bytes, path: str) -> None:
    status, _ = asked(client, path, body)
    assert status == 400 or (status == 200 and body.strip())
