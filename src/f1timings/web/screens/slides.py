"""``/api/v1/slides``: the organisers' own slides, and ``/api/v1/slide-pictures``, the pictures in them."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from f1timings.meeting.room.pictures import JPEG, MEGABYTE, MOST_BYTES_IN_ALL, PNG, WEBP, read_picture
from f1timings.meeting.room.slides import Slide
from f1timings.store.acts.room import slides as acts
from f1timings.store.acts.room.pictures import keep_picture
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY, PROBLEMS, VISIBLE_ASCII, RequestKey, SeenVersion
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import described_file, described_no_content
from f1timings.web.http.route_list import RouteList
from f1timings.web.screens.slide_bodies import (
    PICTURE,
    PICTURE_ID,
    SLIDE,
    NewSlideBody,
    PictureBody,
    SlideBody,
    SlideEditBody,
    SlideListBody,
)
from f1timings.web.screens.uploads import MOST_UPLOADED_BYTES, PICTURES_PATH, read_upload
from f1timings.web.services import Services

SlideId = Annotated[str, Path(max_length=40, pattern=VISIBLE_ASCII, examples=[SLIDE["id"]])]
PictureId = Annotated[str, Path(pattern="^[0-9a-f]{64}$", examples=[PICTURE_ID])]

_MEDIA_TYPES: Final = (PNG, JPEG, WEBP)
_EXTENSIONS: Final = {PNG: "png", JPEG: "jpg", WEBP: "webp"}
_UPLOAD: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": dict.fromkeys(_MEDIA_TYPES, lists.BINARY)}
}
_UPLOAD_TEXT: Final = (
    f"The body is the file itself: PNG, JPEG or WebP, at most {MOST_UPLOADED_BYTES // MEGABYTE} MB. A slide "
    "shows it by the id in the answer. All pictures together have at most "
    f"{MOST_BYTES_IN_ALL // MEGABYTE} MB; those that no slide shows give way."
)


def routes(services: Services) -> RouteList:
    """The routes of slides."""
    router = RouteList(tags=["screens"])
    _add_list_routes(router, services)
    _add_slide_routes(router, services)
    _add_picture_routes(router, services)
    return router


def slide_body(services: Services, slide_id: str) -> SlideBody:
    """Return the body of one slide, as the list has it.

    Raises:
        NotFound: there is no such slide.
    """
    for body in _bodies(services):
        if body.id == slide_id:
            return body
    raise acting.no_such("slide", slide_id, "/api/v1/slides")


def _bodies(services: Services) -> list[SlideBody]:
    slides = acts.in_order(services.reads.list_records(Slide))
    return [SlideBody.of(slide, place) for place, slide in enumerate(slides, 1)]


def _add_list_routes(router: APIRouter, services: Services) -> None:
    @router.get(
        "/slides",
        operation_id="list_slides",
        summary="The slides in their order",
        dependencies=[Depends(no_parameters)],
        response_model=SlideListBody,
        responses=lists.described_list(
            SlideBody, {"items": [SLIDE], "next": None}, [SLIDE], 406, 422, 500, 503
        ),
    )
    def list_slides(request: Request) -> Response:
        return lists.answer(request, SlideBody, SlideListBody(items=_bodies(services), next=None))

    @router.post(
        "/slides",
        operation_id="make_slide",
        summary="Add a slide with a text or a picture",
        status_code=201,
        dependencies=JSON_ONLY,
        responses=lists.described_creation(SLIDE, *PROBLEMS),
    )
    def make_slide(request: Request, new: NewSlideBody, key: RequestKey = None) -> SlideBody:
        slide_id = acting.act_once(
            request,
            services,
            lambda desk: acts.add_slide(desk, rank=new.place, **new.facts()).id,
            request_key=key,
        )
        return slide_body(services, slide_id)


def _add_slide_routes(router: APIRouter, services: Services) -> None:
    @router.patch(
        "/slides/{slide_id}",
        operation_id="edit_slide",
        summary="Change a slide, move it, or switch it on or off",
        dependencies=JSON_ONLY,
        responses=lists.described(SLIDE, *PROBLEMS),
    )
    def edit_slide(request: Request, slide_id: SlideId, edit: SlideEditBody) -> SlideBody:
        acting.act(
            request,
            services,
            lambda desk: acts.edit_slide(desk, slide_id, edit.version, rank=edit.place, **edit.facts()),
        )
        return slide_body(services, slide_id)

    @router.delete(
        "/slides/{slide_id}",
        operation_id="delete_slide",
        summary="Delete a slide",
        status_code=204,
        dependencies=[Depends(lists.accepts_json)],
        responses=described_no_content(*PROBLEMS),
    )
    def delete_slide(request: Request, slide_id: SlideId, version: SeenVersion = None) -> Response:
        acting.act(request, services, lambda desk: acts.delete_slide(desk, slide_id, version))
        return Response(status_code=204)


def _add_picture_routes(router: APIRouter, services: Services) -> None:
    @router.post(
        PICTURES_PATH,
        operation_id="upload_picture",
        summary="Upload a picture for a slide",
        description=_UPLOAD_TEXT,
        status_code=201,
        dependencies=JSON_ONLY,
        openapi_extra=_UPLOAD,
        responses=lists.described_creation(PICTURE, 400, 413, *PROBLEMS),
    )
    async def upload_picture(request: Request) -> PictureBody:
        data = await read_upload(request)

        def keep() -> PictureBody:
            picture = read_picture(data)
            acting.act(request, services, lambda desk: keep_picture(desk, picture))
            return PictureBody.of(picture)

        return await run_in_threadpool(keep)

    @router.get(
        PICTURES_PATH + "/{picture}",
        operation_id="get_slide_picture",
        summary="A picture that a slide shows",
        dependencies=[Depends(no_parameters)],
        response_class=Response,
        responses=described_file(_MEDIA_TYPES, "The picture.", 404, 422, 500, 503),
    )
    def get_slide_picture(picture: PictureId) -> Response:
        found = services.reads.get_picture(picture)
        if found is None:
            raise acting.no_such("picture", picture, "/api/v1/slides")
        headers = {
            # The id names the bytes, so they never change.
            "Cache-Control": "private, max-age=31536000, immutable",
            "Content-Disposition": f'inline; filename="picture.{_EXTENSIONS[found.media_type]}"',
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        return Response(found.data, media_type=found.media_type, headers=headers)
