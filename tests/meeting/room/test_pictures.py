"""Which files are accepted as pictures, by their bytes alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.errors import ActInvalid
from f1timings.meeting.room.pictures import (
    JPEG,
    LONGEST_SIDE,
    MOST_PICTURE_BYTES,
    PNG,
    WEBP,
    read_picture,
)
from tests.pictures import (
    jpeg,
    png,
    png_of,
    webp_extended,
    webp_lossless,
    webp_lossy,
    webp_of,
)

WHOLE = {
    "png": png(640, 480),
    "jpeg": jpeg(640, 480),
    "jpeg with a thumbnail": jpeg(640, 480, thumbnail=True),
    "lossy webp": webp_lossy(640, 480),
    "lossless webp": webp_lossless(640, 480),
    "extended webp": webp_extended(640, 480, (b"ANMF", b"\0" * 16)),
}


def refusal(data: bytes) -> str:
    with pytest.raises(ActInvalid) as refused:
        read_picture(data)
    return refused.value.code


@pytest.mark.parametrize("name", WHOLE)
def test_the_type_and_the_size_are_read_from_the_bytes(name: str) -> None:
    picture = read_picture(WHOLE[name])
    media_type = {"png": PNG, "jpeg": JPEG}.get(name.split(" ")[0], WEBP)
    assert (media_type, 640, 480, WHOLE[name]) == (
        picture.media_type,
        picture.width,
        picture.height,
        picture.data,
    )


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_ends_too_early_is_damaged(name: str) -> None:
    whole = WHOLE[name]
    outcomes = {refusal(whole[:length]) for length in range(len(whole))}
    assert {"picture-form", "picture-damaged"} == outcomes


@pytest.mark.parametrize("name", WHOLE)
def test_what_follows_the_picture_in_a_file_is_cut_off(name: str) -> None:
    attack = b"<script>alert(1)</script>PK\x03\x04"
    assert WHOLE[name] == read_picture(WHOLE[name] + attack).data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a\x01\x00\x01\x00",
        b"BM" + b"\0" * 60,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b" " + png(),
    ],
)
def test_any_other_file_is_no_picture(data: bytes) -> None:
    assert "picture-form" == refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        png(0, 5),
        png_of((b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0"), (b"IEND", b"")),
        png_of((b"IDAT", b""), (b"IEND", b"")),
        png()[:-20] + b"\0" + png()[-19:],
        jpeg(0, 4),
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x01\xff\xd9",
        webp_of((b"EXIF", b"\0\0")),
        webp_of((b"VP8L", b"\0" * 10)),
        webp_of((b"VP8 ", b"\0" * 10)),
        webp_of((b"VP8 ", b"")),
        webp_lossy(0, 4),
    ],
)
def test_a_file_that_is_not_what_it_says_is_damaged(data: bytes) -> None:
    assert "picture-damaged" == refusal(data)


@pytest.mark.parametrize(
    ("width", "height", "is_accepted"),
    [
        (4096, 4096, True),
        (LONGEST_SIDE, 2048, True),
        (LONGEST_SIDE, 2049, False),
        (LONGEST_SIDE + 1, 10, False),
        (65_535, 65_535, False),
    ],
)
def test_a_picture_that_a_tv_could_not_decode_is_refused(width: int, height: int, is_accepted: bool) -> None:
    data = jpeg(width, height)
    if is_accepted:
        assert (width, height) == (read_picture(data).width, read_picture(data).height)
    else:
        assert "picture-dimensions" == refusal(data)


def test_a_picture_is_as_large_as_the_largest_of_its_parts_says() -> None:
    small_canvas = webp_extended(10, 10, (b"VP8L", b"\x2f" + (16_383 << 14 | 16_383).to_bytes(4, "little")))
    assert "picture-dimensions" == refusal(small_canvas)


def test_a_picture_has_at_most_five_megabytes() -> None:
    most = png(extra=MOST_PICTURE_BYTES - len(png()) - 12)
    assert (MOST_PICTURE_BYTES, PNG) == (len(most), read_picture(most).media_type)
    assert "picture-too-big" == refusal(most + b"\0")


def test_the_same_bytes_have_the_same_id_and_others_another() -> None:
    assert read_picture(png()).id == read_picture(png() + b"rest").id
    assert read_picture(png()).id != read_picture(png(colour=b"\0\0\0")).id


def is_picture(data: bytes) -> bool:
    """Whether the bytes are accepted; any other error than a refusal fails the test."""
    try:
        picture = read_picture(data)
    except ActInvalid:
        return False
    assert picture.width <= LONGEST_SIDE
    return data.startswith(picture.data)


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_any_changed_byte_gives_a_picture_or_a_refusal(name: str, data: st.DataObject) -> None:
    changed = bytearray(WHOLE[name])
    at = data.draw(st.integers(0, len(changed) - 1))
    changed[at] = data.draw(st.integers(0, 255))
    assert is_picture(bytes(changed)) in (True, False)


@given(
    st.binary(max_size=200), st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x50\0\0\0WEBP"])
)
def test_any_bytes_behind_a_signature_give_a_picture_or_a_refusal(rest: bytes, start: bytes) -> None:
    assert is_picture(start + rest) in (True, False)
