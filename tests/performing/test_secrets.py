"""Secrets are found by their shape, quickly, and only where an audience would see them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given

from nova_tui.domain.row import Role, Row
from nova_tui.performing.masks import with_masks
from nova_tui.performing.scene import make_scene
from nova_tui.performing.secrets import find_secrets, unreviewed
from tests.performing.scenes import TEXTS, session_of, talk

# put together here, so that no tool that looks for secrets takes the tests for a leak
SECRETS = {
    "API key": ["sk-" + "aB3" * 10, "AIza" + "x" * 35, "hf_" + "Q" * 30, "sk_" + "live_" + "a1" * 10],
    "AWS key": ["AKIA" + "ABCDEFGH12345678"],
    "GitHub token": ["ghp_" + "a1B2" * 9, "github_pat_" + "a" * 30],
    "GitLab token": ["glpat-" + "a1" * 10],
    "Slack token": ["xoxb-" + "1234567890-abc"],
    "web token": ["eyJhbGciOiJI" + ".eyJzdWIiOiIx" + ".abc"],
    "bearer token": ["Bearer " + "abcdef0123456789abcdef"],
    "private key": ["-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----"],
    "password in an address": ["postgres://bob:" + "hunter2@db.corp"],
    "e-mail address": ["ann.lee+x@mail.corp-site.org"],
}


@pytest.mark.parametrize(("kind", "secret"), [(kind, secret) for kind in SECRETS for secret in SECRETS[kind]])
def test_a_secret_is_found_whole(kind: str, secret: str) -> None:
    scene = make_scene(talk(f"It is {secret}, is it?"))
    finding = next(finding for finding in find_secrets(scene) if finding.row_id)
    assert (finding.kind, finding.text.rstrip(",")) == (kind, secret)
    assert scene.rows[0].row.text[finding.start : finding.end] == finding.text


@pytest.mark.parametrize("text", ["password: hunter22", 'api_key = "abcdefgh"', "DB_PASSWORD=hunter22"])
def test_what_is_called_a_password_is_one(text: str) -> None:
    finding = next(finding for finding in find_secrets(make_scene(talk(text))) if finding.row_id)
    assert (finding.kind, finding.text) == ("password", "hunter22" if "hunter" in text else "abcdefgh")


@pytest.mark.parametrize(
    "text",
    ["Ask me anything", "a@b", "user@example.com", "the token is long", "sk-short", "x = y@z", "http://a:8000/b"],
)
def test_harmless_texts_are_left_alone(text: str) -> None:
    assert find_secrets(make_scene(talk(text))) == []


def test_tool_calls_are_looked_at_and_hidden_or_masked_rows_are_not() -> None:
    key = SECRETS["API key"][0]
    call = {"function_name": "f", "parameters": {"password": "swordfish", "n": [key]}, "result": None}
    session = session_of([(Role.USER, key, {}, True), (Role.USER, "hello", {}, False)])
    session = session.with_dialog(
        session.dialog.insert(2, Row("", Role.ASSISTANT, metadata={"function_calls": [call]}))
    )
    found = find_secrets(make_scene(session))
    assert {(finding.place, finding.text) for finding in found} == {("tool call", key), ("tool call", "swordfish")}
    for finding in found:
        session = with_masks(session, [finding.mask(everywhere=True)])
    assert find_secrets(make_scene(session)) == []
    assert key not in repr(make_scene(session))


def test_a_finding_that_was_looked_at_is_not_told_again() -> None:
    session = talk(f"Write to {SECRETS['e-mail address'][0]} please")
    findings = unreviewed(make_scene(session), session)
    assert {finding.kind for finding in findings} == {"e-mail address"}
    kept = with_masks(session, [], [finding.fingerprint for finding in findings])
    assert unreviewed(make_scene(kept), kept) == []
    assert find_secrets(make_scene(kept)) != []
    assert SECRETS["e-mail address"][0] not in repr(kept.app_data)


@given(text=TEXTS)
def test_every_finding_is_where_it_says(text: str) -> None:
    scene = make_scene(talk(text))
    for finding in find_secrets(scene):
        if finding.row_id and finding.place == "text":
            assert scene.rows[0].row.text[finding.start : finding.end] == finding.text


@pytest.mark.parametrize(
    "piece", ["a", "a.", "a@", "-----BEGIN A PRIVATE KEY-----", "eyJaaaaaaaa.", "password:", "a://b:"]
)
def test_a_text_made_to_keep_it_busy_does_not(piece: str) -> None:
    scene = make_scene(talk(piece * (200_000 // len(piece))))
    began = time.process_time()
    find_secrets(scene)
    assert time.process_time() - began < 5
