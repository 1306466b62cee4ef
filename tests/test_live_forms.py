"""The live page's forms, for browsers without JavaScript: who may send one, and what it answers."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from coopsim.errors import StoppedError
from coopsim.live.desk import Desk
from coopsim.live.guard import MOST_BYTES, Guard, proof_of
from coopsim.live.serving import application
from coopsim.live.wishes import LiveWish
from small_live import SMALL_LIVE

PORT, SECRET = 8765, "a-secret-of-this-test"
HOME = f"http://127.0.0.1:{PORT}"
LINK = f"{HOME}/#key={SECRET}"
TAKES = "events.flight.takes"
FORM = "application/x-www-form-urlencoded"
HEADERS = {"Origin": HOME, "Sec-Fetch-Site": "same-origin", "Content-Type": FORM}
PATHS = ("/forms", "/forms/child", "/forms/report")
FROM_ELSEWHERE = "only the page that coopsim live serves may ask\n"
NO_SECRET = "open the link that coopsim live printed\n"
COOKIE = f"coopsim-{PORT}"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Guard:
    file = tmp_path_factory.mktemp("live") / "small.yaml"
    file.write_text(SMALL_LIVE)
    return application(Desk(str(file), Path("no-results")), PORT, SECRET)


@pytest.fixture
def client(app: Guard) -> TestClient:
    return TestClient(app, base_url=HOME)


def sent(client: TestClient, path: str = "/forms", **fields: str) -> tuple[int, str]:
    reply = client.post(path, content=urlencode(fields).encode(), headers=HEADERS)
    return reply.status_code, reply.text


def opened(client: TestClient) -> str:
    """Paste the link; gives the proof that stands in the form that answers."""
    status, page = sent(client, link=LINK)
    assert status == 200
    found = re.search(r'name="proof" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def page_of(client: TestClient, **fields: str) -> str:
    status, page = sent(client, proof=opened(client), **fields)
    assert status == 200, page
    return page


# --- who may send one ---------------------------------------------------------------------------


def test_the_link_opens_the_page_with_a_ticket_that_no_script_and_no_other_site_gets(
    client: TestClient,
) -> None:
    reply = client.post("/forms", content=urlencode({"link": f" {LINK} "}), headers=HEADERS)
    ticket = reply.cookies[COOKIE]
    assert reply.headers["set-cookie"] == (
        f"{COOKIE}={ticket}; HttpOnly; Path=/forms; SameSite=strict"
    )
    assert len(ticket) == 32  # 24 bytes in base64
    assert f'value="{proof_of(ticket, SECRET)}"' in reply.text
    assert ticket not in reply.text
    assert "A small world &lt;script&gt;" in reply.text
    again = client.post("/forms", content=urlencode({"link": LINK}), headers=HEADERS)
    assert again.cookies[COOKIE] != ticket


@pytest.mark.parametrize(
    "link", ["", SECRET[:-1], f"{HOME}/#key=", f"{LINK}x", f"{HOME}/#key={SECRET[:-1]}", "\ud800"]
)
def test_no_other_link_opens_it(client: TestClient, link: str) -> None:
    body = urlencode({"link": link}, errors="surrogatepass").encode()
    reply = client.post("/forms", content=body, headers=HEADERS)
    assert reply.status_code in (400, 403)
    assert "set-cookie" not in reply.headers
    assert "A small world" not in reply.text


@pytest.mark.parametrize("path", PATHS)
def test_a_ticket_and_a_proof_are_worth_nothing_alone(app: Guard, path: str) -> None:
    first, second = (TestClient(app, base_url=HOME) for _ in range(2))
    one, other = opened(first), opened(second)
    assert sent(first, path, proof=one)[0] == 200
    alone = TestClient(app, base_url=HOME)
    for refused in (
        sent(alone, path, proof=one),  # a page that was saved or sent
        sent(first, path),  # a cookie that another port was shown
        sent(first, path, proof=other),
        sent(first, path, proof=one[:-1]),
        sent(first, path, proof=""),
    ):
        assert refused == (403, NO_SECRET)
    alone.cookies.set(COOKIE, "", path="/forms")
    assert sent(alone, path, proof=proof_of("", SECRET)) == (403, NO_SECRET)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("header", "value", "told"),
    [
        ("Origin", None, (403, FROM_ELSEWHERE)),
        ("Origin", "null", (403, FROM_ELSEWHERE)),
        ("Origin", "http://evil.example", (403, FROM_ELSEWHERE)),
        ("Origin", f"http://127.0.0.1:{PORT + 1}", (403, FROM_ELSEWHERE)),
        ("Origin", f"http://localhost:{PORT}", (403, FROM_ELSEWHERE)),
        ("Sec-Fetch-Site", None, (403, FROM_ELSEWHERE)),
        ("Sec-Fetch-Site", "same-site", (403, FROM_ELSEWHERE)),  # another port of this machine
        ("Sec-Fetch-Site", "cross-site", (403, FROM_ELSEWHERE)),
        ("Sec-Fetch-Site", "none", (403, FROM_ELSEWHERE)),
        ("Content-Type", "application/json", (415, f"expected a body of {FORM}\n")),
        ("Content-Type", "text/plain", (415, f"expected a body of {FORM}\n")),
        ("Content-Type", "multipart/form-data; boundary=x", (415, f"expected a body of {FORM}\n")),
        ("Content-Type", None, (415, f"expected a body of {FORM}\n")),
        ("Host", "evil.example", (421, "this page is served to 127.0.0.1 and localhost alone\n")),
    ],
)
def test_a_form_of_another_page_is_refused(
    client: TestClient, path: str, header: str, value: str | None, told: tuple[int, str]
) -> None:
    body = urlencode({"proof": opened(client), "link": LINK}).encode()
    headers = {**HEADERS, header: value or ""}
    if value is None:
        del headers[header]
    reply = client.post(path, content=body, headers=headers)
    assert (reply.status_code, reply.text) == told
    assert "set-cookie" not in reply.headers


def test_a_form_asks_no_question_of_the_script(client: TestClient) -> None:
    proof = opened(client)
    for path in ("/ask", "/news", "/search", "/child", "/report"):
        assert sent(client, path, proof=proof, link=LINK) == (403, NO_SECRET)


@pytest.mark.parametrize("path", PATHS)
def test_a_form_computes_nothing_for_who_reads(client: TestClient, path: str) -> None:
    assert client.get(path, headers=HEADERS).status_code == 405


@pytest.mark.parametrize("path", PATHS)
def test_a_large_form_is_refused(client: TestClient, path: str) -> None:
    body = urlencode({"proof": opened(client), "set": "x" * MOST_BYTES}).encode()
    reply = client.post(path, content=body, headers=HEADERS)
    assert (reply.status_code, reply.text) == (413, "expected a body of at most 65,536 bytes\n")


def test_neither_the_secret_nor_a_ticket_stands_in_a_page_or_a_log(
    client: TestClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        proof = opened(client)
        tabs = ("answers", "assumptions", "story", "around")
        told = [sent(client, proof=proof, tab=tab)[1] for tab in tabs]
        told += [sent(client, path, proof=proof)[1] for path in PATHS]
        told += [sent(client, link=LINK)[1], sent(client, link=f"{LINK}x")[1]]
    printed = capfd.readouterr()
    for text in (*told, printed.out, printed.err, caplog.text):
        assert SECRET not in text
        assert client.cookies[COOKIE] not in text


# --- what it answers ----------------------------------------------------------------------------


def test_a_field_is_answered_as_the_page_with_script_answers(
    client: TestClient, tmp_path: Path
) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL_LIVE)
    page = page_of(client, **{f"at:{TAKES}": "3 to 5 years", "tab": "answers"})
    desk = Desk(str(file), tmp_path)
    wish = LiveWish(settings={TAKES: "3 to 5 years"}, stage="whole")
    reply = desk.reply(wish, lambda: False)
    assert reply.fragments["headlines"] in page
    assert "A small world &lt;script&gt;alert(1)&lt;/script&gt;, changed by you</h1>" in page
    assert f'name="at:{TAKES}" value="3 to 5 years" class="mine"' in page
    assert "yours; as written: 1 to 2 years" in page
    assert "now 3 to 5 years; dashed, as written: 1 to 2 years" in page


def test_what_stands_in_a_field_as_written_changes_nothing(client: TestClient) -> None:
    page = page_of(client, **{f"at:{TAKES}": " 1 to 2 years ", "at:events.decree.rate.warm": ""})
    assert "changed by you" not in page


def test_other_settings_stand_in_lines_and_stay_there(client: TestClient) -> None:
    lines = "drivers.climate.initial=warm\r\n\r\n title = Mine \r\n"
    page = page_of(client, set=lines)
    assert "changed by you" in page
    assert "\ndrivers.climate.initial=warm\ntitle=Mine</textarea>" in page


def test_evidence_stands_in_lines(client: TestClient) -> None:
    page = page_of(client, given="decree by 2028\nclimate = warm by 2029")
    assert "timelines match" in page
    assert "\ndecree by 2028\nclimate = warm by 2029</textarea>" in page


@pytest.mark.parametrize(
    ("tab", "says"),
    [
        ("answers", "<h2>All answers</h2>"),
        ("assumptions", "<h2>Who says so</h2>"),
        ("story", "<h2>A typical timeline</h2>"),
        ("around", 'One step around "A joint flight"'),
    ],
)
def test_each_tab_is_a_button(client: TestClient, tab: str, says: str) -> None:
    page = page_of(client, tab=tab, around="events.flight")
    assert says in page
    assert f'name="tab" value="{tab}" aria-pressed="true"' in page
    assert page.count('aria-pressed="true"') == 1
    assert "follow it" not in page


def test_what_cannot_be_set_is_told_above_what_is_written(client: TestClient) -> None:
    page = page_of(client, **{f"at:{TAKES}": "soon"})
    assert "This cannot be answered; the answers below are without it" in page
    assert f"--set {TAKES}=soon: error: {TAKES}: found" in page
    assert "A joint flight" in page
    assert 'value="soon" class="mine"' in page


def test_the_scenario_is_downloaded(client: TestClient) -> None:
    proof = opened(client)
    body = urlencode({"proof": proof, f"at:{TAKES}": "3 to 5 years"}).encode()
    reply = client.post("/forms/child", content=body, headers=HEADERS)
    assert reply.headers["content-disposition"] == 'attachment; filename="small_changed.yaml"'
    assert f"# {TAKES}: 3 to 5 years, was 1 to 2 years, because ..." in reply.text
    assert sent(client, "/forms/child", proof=proof, set="events.nope.rate=1")[0] == 422


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"proof", "the request: expected a form of at most 106 fields"),
        (b"\xff=1", "the request: expected a form of at most 106 fields"),
        (b"set=%ff", "the request: expected a form of at most 106 fields"),
        (b"&".join([b"at:x=1"] * 107), "the request: expected a form of at most 106 fields"),
        (b"set=a&set=b", "the request: a field stands there twice"),
        (b"secret=1", "secret: no such field"),
        (b"sat:x=1", "sat:x: no such field"),
    ],
)
def test_what_is_no_form_is_refused_in_a_line(client: TestClient, body: bytes, says: str) -> None:
    reply = client.post("/forms", content=body, headers=HEADERS)
    assert (reply.status_code, reply.text) == (400, f"{says}\n")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"tab": "all"}, "tab: Input should be 'answers', 'assumptions', 'story' or 'around'"),
        ({"set": "events.flight.takes"}, "events.flight.takes: expected PATH=VALUE"),
        ({"set": "=1"}, "settings..[key]: String should have at least 1 character"),
        ({"set": "a=" + "x" * 301}, "settings.a: String should have at most 300 characters"),
        (
            {"set": "\n".join(f"a{number}=1" for number in range(101))},
            "settings: Dictionary should have at most 100 items after validation, not more",
        ),
        (
            {"given": "\n".join("abcdefghijk")},
            "given: List should have at most 10 items after validation, not 11",
        ),
    ],
)
def test_more_than_may_be_asked_is_refused(
    client: TestClient, fields: dict[str, str], says: str
) -> None:
    assert sent(client, proof=opened(client), **fields) == (400, f"{says}\n")


def test_a_form_that_is_stopped_says_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = opened(client)

    def stopped(*_: object) -> None:
        raise StoppedError("stopped")

    monkeypatch.setattr(Desk, "reply", stopped)
    told = (409, "stopped: something newer was asked; send it again\n")
    assert sent(client, proof=proof) == told


# --- fuzzed -------------------------------------------------------------------------------------

FUZZED = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
TEXTS = st.text(max_size=30)
FIELDS = st.dictionaries(
    st.sampled_from(
        ["link", "proof", "set", "given", "tab", "around", f"at:{TAKES}", "at:events.decree.rate"]
    )
    | TEXTS,
    TEXTS | st.sampled_from(["answers", "story", "events.flight", "title=x", "decree by 2028"]),
    max_size=6,
)


@settings(max_examples=120, **FUZZED)  # type: ignore[arg-type]  # settings of several types
@given(fields=FIELDS, path=st.sampled_from(PATHS))
def test_no_form_breaks_the_server(client: TestClient, fields: dict[str, str], path: str) -> None:
    proof = opened(client)
    body = urlencode({**fields, "proof": proof}, errors="replace").encode()
    assert client.post(path, content=body, headers=HEADERS).status_code in (200, 400, 422)


@settings(max_examples=100, **FUZZED)  # type: ignore[arg-type]  # settings of several types
@given(body=st.binary(max_size=200), path=st.sampled_from(PATHS))
def test_no_bytes_are_a_form_that_may_ask(client: TestClient, body: bytes, path: str) -> None:
    client.cookies.clear()
    assert client.post(path, content=body, headers=HEADERS).status_code in (400, 403)


@settings(max_examples=150, **FUZZED)  # type: ignore[arg-type]  # settings of several types
@given(
    header=st.sampled_from(["Origin", "Host", "Sec-Fetch-Site", "Content-Type", "Cookie"]),
    value=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40),
    path=st.sampled_from(PATHS),
)
def test_no_mangled_head_is_let_in(app: Guard, header: str, value: str, path: str) -> None:
    client = TestClient(app, base_url=HOME)
    ticket = "a-ticket"
    right = {**HEADERS, "Host": f"127.0.0.1:{PORT}", "Cookie": f"{COOKIE}={ticket}"}
    if value == right[header]:
        return
    body = urlencode({"proof": proof_of(ticket, SECRET), "set": json.dumps(value)}).encode()
    reply = client.post(path, content=body, headers={**right, header: value})
    assert reply.status_code in (403, 415, 421)
