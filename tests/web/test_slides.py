"""Slides and their pictures over HTTP: what is accepted, how pictures are served, and who may do what."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.web.access.credentials.changes import Requester
from f1timings.web.screens.slide_bodies import PICTURE, SLIDE, PictureBody, SlideBody
from f1timings.web.screens.uploads import MOST_UPLOADED_BYTES
from tests.pictures import jpeg, png, webp_lossy
from tests.waiting import LONGEST_WAIT_S
from tests.web.world import World, open_client, open_world, serve

ATTACK = "<img src=x onerror=alert(1)>"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[World, str]]:
    with open_world(tmp_path) as world, serve(world.app) as address:
        yield world, address


@pytest.fixture
def marshal(served: tuple[World, str]) -> Iterator[httpx.Client]:
    with client(served, Role.MARSHAL) as opened:
        yield opened


def client(served: tuple[World, str], role: Role | None = None) -> httpx.Client:
    world, address = served
    headers = {} if role is None else {"Authorization": f"Bearer {world.token(role)}"}
    return open_client(f"http://{address}/api/v1", headers)


def add(client: httpx.Client, **facts: object) -> dict[str, Any]:
    answer = client.post("/slides", json=facts)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def upload(client: httpx.Client, data: bytes, media_type: str = "image/png") -> httpx.Response:
    return client.post("/slide-pictures", content=data, headers={"Content-Type": media_type})


def refusal(answer: httpx.Response) -> str:
    assert answer.status_code == 422, answer.text
    code: str = answer.json()["refusal"]["code"]
    return code


def test_slides_are_added_listed_moved_changed_and_deleted(marshal: httpx.Client) -> None:
    rules = add(marshal, title="Rules", body="One\nTwo", shown_s=20)
    thanks = add(marshal, title="Thanks", place=1)
    listed = marshal.get("/slides").json()
    assert ["Thanks", "Rules"] == [each["name"] for each in listed["items"]]
    assert rules | {"place": 2} == listed["items"][1]
    moved = marshal.patch(f"/slides/{rules['id']}", json={"version": rules["version"], "place": 1}).json()
    assert (1, "One\nTwo", 20) == (moved["place"], moved["body"], moved["shown_s"])
    answer = marshal.delete(f"/slides/{thanks['id']}", params={"version": thanks["version"]})
    assert (204, [moved]) == (answer.status_code, marshal.get("/slides").json()["items"])


def test_what_people_type_comes_back_as_text(marshal: httpx.Client) -> None:
    slide = add(marshal, title=ATTACK, body=ATTACK, name="../../etc/passwd")
    assert [ATTACK, ATTACK, "../../etc/passwd"] == [slide[name] for name in ("title", "body", "name")]
    assert "application/json" == marshal.get("/slides").headers["content-type"]


@pytest.mark.parametrize(
    ("data", "media_type", "extension"),
    [
        (png(), "image/png", "png"),
        (jpeg(), "image/jpeg", "jpg"),
        (webp_lossy(), "image/webp", "webp"),
    ],
)
def test_a_picture_is_served_with_its_own_type_which_no_browser_guesses(
    marshal: httpx.Client, data: bytes, media_type: str, extension: str
) -> None:
    # What the client says about the type counts for nothing, and neither does what follows the picture.
    answer = upload(marshal, data + b"<script>alert(1)</script>", "text/html")
    assert (201, media_type, 3, 2, len(data)) == (
        answer.status_code,
        *(answer.json()[name] for name in ("media_type", "width", "height", "size_bytes")),
    )
    picture = answer.json()["picture"]
    assert "image" == add(marshal, picture=picture, name="Sponsor")["kind"]
    served = marshal.get(f"/slide-pictures/{picture}")
    assert (200, data) == (served.status_code, served.content)
    expected = {
        "content-type": media_type,
        "x-content-type-options": "nosniff",
        "cache-control": "private, max-age=31536000, immutable",
        "content-disposition": f'inline; filename="picture.{extension}"',
        "cross-origin-resource-policy": "same-origin",
    }
    assert expected == {name: served.headers[name] for name in expected}
    assert str(len(data)) == marshal.head(f"/slide-pictures/{picture}").headers["content-length"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture-form"),
        (b"GIF89a\x01\0\x01\0", "picture-form"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture-form"),
        (b"<!doctype html><script>alert(1)</script>", "picture-form"),
        (png()[:-1], "picture-damaged"),
        (jpeg()[:-1], "picture-damaged"),
        (jpeg(9000, 10), "picture-dimensions"),
    ],
)
def test_a_file_that_is_no_good_picture_is_refused_in_words(
    marshal: httpx.Client, data: bytes, code: str
) -> None:
    assert code == refusal(upload(marshal, data))


def test_a_body_that_is_too_large_is_refused_before_it_is_read(served: tuple[World, str]) -> None:
    world, address = served
    host, port = address.split(":")
    head = (
        f"POST /api/v1/slide-pictures HTTP/1.1\r\nHost: {address}\r\nContent-Length: {10**12}\r\n"
        f"Authorization: Bearer {world.token(Role.MARSHAL)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=LONGEST_WAIT_S) as connection:
        connection.sendall(head.encode())
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"at most 5 MB" in answer


def test_a_body_without_a_length_is_refused_as_soon_as_it_is_too_large(served: tuple[World, str]) -> None:
    world, address = served
    host, port = address.split(":")
    head = (
        f"POST /api/v1/slide-pictures HTTP/1.1\r\nHost: {address}\r\nTransfer-Encoding: chunked\r\n"
        f"Authorization: Bearer {world.token(Role.MARSHAL)}\r\n\r\n"
    )
    piece = f"{MOST_UPLOADED_BYTES:x}\r\n".encode() + b"\0" * MOST_UPLOADED_BYTES + b"\r\n1\r\n\0\r\n"
    with socket.create_connection((host, int(port)), timeout=LONGEST_WAIT_S) as connection:
        connection.sendall(head.encode() + piece)
        assert connection.recv(65536).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "name", ["..%2f..%2fetc%2fpasswd", "%2e%2e", "0" * 63, "G" * 64, "0" * 64 + ".svg", "x" * 5000]
)
def test_no_other_name_reads_a_picture(marshal: httpx.Client, name: str) -> None:
    assert marshal.get(f"/slide-pictures/{name}").status_code in (404, 422)


def test_a_picture_that_no_slide_shows_is_not_found(marshal: httpx.Client) -> None:
    picture = upload(marshal, png()).json()["picture"]
    assert 404 == marshal.get(f"/slide-pictures/{picture}").status_code
    slide = add(marshal, picture=picture)
    assert 200 == marshal.get(f"/slide-pictures/{picture}").status_code
    marshal.delete(f"/slides/{slide['id']}")
    assert 404 == marshal.get(f"/slide-pictures/{picture}").status_code


@pytest.mark.parametrize(
    "facts",
    [
        {"title": "x", "shown_s": 2},
        {"title": "x", "shown_s": 601},
        {"title": "x", "place": 0},
        {"title": "x" * 241},
        {"body": "x" * 1601},
        {"name": "x" * 81, "title": "x"},
        {"picture": "../../etc/passwd"},
        {"picture": "0" * 64},
        {"title": "x", "kind": "html"},
        {},
    ],
)
def test_a_slide_that_cannot_be_is_refused(marshal: httpx.Client, facts: dict[str, object]) -> None:
    assert 422 == marshal.post("/slides", json=facts).status_code
    assert [] == marshal.get("/slides").json()["items"]


def test_a_request_that_is_sent_twice_adds_one_slide(marshal: httpx.Client) -> None:
    headers = {"Idempotency-Key": "k1"}
    one, two = (marshal.post("/slides", json={"title": "x"}, headers=headers).json() for _ in range(2))
    assert (one, 1) == (two, len(marshal.get("/slides").json()["items"]))


def test_a_conflict_answers_the_slide_as_it_is_now(marshal: httpx.Client) -> None:
    slide = add(marshal, title="One")
    path = f"/slides/{slide['id']}"
    newer = marshal.patch(path, json={"version": slide["version"], "title": "Two"}).json()
    answer = marshal.patch(path, json={"version": slide["version"], "title": "Three"})
    assert (409, newer) == (answer.status_code, answer.json()["current"])


def test_an_unknown_slide_is_not_found(marshal: httpx.Client) -> None:
    answers = [marshal.patch("/slides/none", json={"version": 1}), marshal.delete("/slides/none")]
    assert [404, 404] == [answer.status_code for answer in answers]


def test_everybody_reads_slides_and_staff_alone_changes_them(served: tuple[World, str]) -> None:
    with client(served, Role.MARSHAL) as marshal:
        picture = upload(marshal, png()).json()["picture"]
        slide = add(marshal, picture=picture)
    for role, status in ((None, 401), (Role.VIEWER, 403)):
        with client(served, role) as guest:
            assert 200 == guest.get("/slides").status_code
            assert 200 == guest.get(f"/slide-pictures/{picture}").status_code
            answers = [
                guest.post("/slides", json={"title": "x"}),
                guest.patch(f"/slides/{slide['id']}", json={"version": 1}),
                guest.delete(f"/slides/{slide['id']}"),
                upload(guest, jpeg(), "image/jpeg"),
            ]
            assert [status] * 4 == [answer.status_code for answer in answers]


def test_a_tv_with_a_token_in_its_address_reads_pictures_while_reading_is_closed(
    served: tuple[World, str],
) -> None:
    world, _ = served
    with client(served, Role.MARSHAL) as marshal:
        picture = upload(marshal, png()).json()["picture"]
        add(marshal, picture=picture)
    with client(served, Role.ADMIN) as admin:
        assert 200 == admin.patch("/access", json={"reading": "closed"}).status_code
    with client(served) as tv:
        path = f"/slide-pictures/{picture}"
        assert 401 == tv.get(path).status_code
        token = world.access.tokens.add("tv", Role.VIEWER, "display", by=Requester("the test"))[1]
        assert 200 == tv.get(path, params={"token": token}).status_code


def test_the_examples_in_the_documentation_are_valid() -> None:
    assert SLIDE == json.loads(SlideBody.model_validate(SLIDE).model_dump_json())
    assert PICTURE == json.loads(PictureBody.model_validate(PICTURE).model_dump_json())
