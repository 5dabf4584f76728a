"""Scans over HTTP: photos uploaded, folders named, and the events of each scan followed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import tomli_w
from fastapi import APIRouter, File, Header, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from inspector.presets import load_settings
from inspector.server.answers import Name, OneLine
from inspector.server.errors import Problem, Refusal
from inspector.server.scan_queue import QueuedScan
from inspector.server.services import MOST, JobNumber, Services, Shared
from inspector.settings import Resources

router = APIRouter(prefix="/api", tags=["scans"])

GLANCE = 0.2
"""Seconds between two looks for new events."""

ALIVE = 15.0
"""Seconds of silence after which a stream says that it is still there."""

OF_THE_STATION = {"weights", "point_weights", "roi", *Resources.model_fields}
"""Settings that name files of the server, or what it may use: its owner's business."""


class Submission(BaseModel):
    """A folder to scan; `judged_by` is a done run whose accepted parts alone judge."""

    model_config = ConfigDict(extra="forbid")

    folder: Annotated[str, Field(min_length=1, max_length=4096)]
    layout: OneLine = "auto"
    preset: Name | None = None
    recipe: Name | None = None
    settings: Annotated[dict[str, Any], Field(max_length=100)] = {}
    judged_by: Annotated[int, Field(ge=1, le=MOST)] | None = None


class JobAnswer(BaseModel):
    """A scan that was asked for; `run` is the number of its run once it has one."""

    id: int
    folder: str
    status: Literal["waiting", "running", "done", "failed", "cancelled"]
    run: int | None
    message: str


class Upload(BaseModel):
    """Where uploaded photos are kept, and under which names; `folder` can be scanned."""

    folder: str
    files: list[str]


@router.post(
    "/uploads",
    status_code=201,
    summary="Upload the photos of a batch",
    responses={507: {"model": Problem, "description": "The disk is full."}},
)
def upload(services: Shared, files: Annotated[list[UploadFile], File(description="Photos or clouds.")]) -> Upload:
    """Keep 2 photos or more in a folder of their own."""
    folder, names = services.folders.keep([(file.filename or "", file.file) for file in files], services.limits.photos)
    return Upload(folder=str(folder), files=names)


@router.post("/jobs", status_code=202, summary="Scan a folder")
def submit(services: Shared, submission: Submission) -> JobAnswer:
    """Put a scan at the end of the queue."""
    folder = services.folders.find(submission.folder)
    options, settings = _check_settings(services, submission)
    job = services.queue.add(folder, options, settings, services.limits.waiting)
    if job is None:
        most = services.limits.waiting
        wait = "1 scan waits" if most == 1 else f"{most} scans wait"
        raise Refusal(429, f"{wait} already; try again later", {"Retry-After": "60"})
    return JobAnswer(**job.to_fields())


def _check_settings(services: Services, given: Submission) -> tuple[list[str], dict[str, Any]]:
    """Return options and settings of the engine; raises Refusal or SettingsError."""
    from inspector.data.layouts.folders import LAYOUTS

    options = ["--layout", given.layout]
    if given.layout != "auto" and given.layout not in LAYOUTS:
        raise Refusal(422, f"there is no layout {given.layout}; choose one of auto, {', '.join(LAYOUTS)}")
    values = {name: value for name, value in given.settings.items() if value is not None}
    if refused := sorted(OF_THE_STATION & values.keys()):
        raise Refusal(422, f"`{refused[0]}` is set where the server runs; leave it out")
    kept: dict[str, Any] = {}
    preset = given.preset
    if given.recipe:
        if given.recipe not in services.store.recipes.names():
            raise Refusal(422, "there is no such recipe; choose one that the workspace has")
        recipe = services.store.recipes.get(given.recipe)
        kept, preset = services.store.recipes.settings_of(recipe), preset or recipe.preset
        options += ["--recipe", given.recipe]
    if given.judged_by is not None:
        services.find_finished(given.judged_by)
        options += ["--judged-by", str(given.judged_by)]
    load_settings(preset, None, values, kept)
    told = {**values, **({"preset": preset} if preset else {})}
    try:
        tomli_w.dumps(told).encode()  # as the engine is told them
    except (TypeError, ValueError) as error:
        raise Refusal(422, "`settings` holds something that is neither text nor a number; correct it") from error
    return options, told


@router.get("/jobs", summary="Scans that were asked for, oldest first")
def list_jobs(services: Shared) -> list[JobAnswer]:
    """Return the scans since the server began."""
    return [JobAnswer(**job.to_fields()) for job in services.queue.all()]


@router.get("/jobs/{job}", summary="One scan")
def get_job(services: Shared, job: JobNumber) -> JobAnswer:
    """Return a scan."""
    return JobAnswer(**_find(services, job).to_fields())


@router.delete("/jobs/{job}", status_code=202, summary="Stop a scan")
def cancel_job(services: Shared, job: JobNumber) -> JobAnswer:
    """Stop a scan that waits or runs; what has ended stays as it is."""
    found = _find(services, job)
    services.queue.cancel(found)
    return JobAnswer(**found.to_fields())


@router.get(
    "/jobs/{job}/events",
    summary="Follow a scan (server-sent events)",
    response_class=StreamingResponse,
    responses={
        200: {"description": "Events until `end`.", "content": {"text/event-stream": {}}},
        204: {"description": "`end` was seen: nothing follows, and who comes back by itself shall not."},
    },
)
async def follow_job(
    services: Shared,
    job: JobNumber,
    last_event_id: Annotated[str, Header(description="Number of the last event that was seen.", max_length=20)] = "0",
) -> Response:
    """Send the events of a scan as they come, from the beginning or after the one that was seen last."""
    found = _find(services, job)
    if services.streams >= services.limits.streams:
        raise Refusal(429, f"{services.streams} connections follow events already; close one", {"Retry-After": "10"})
    seen = int(last_event_id) if last_event_id.isascii() and last_event_id.isdecimal() else 0
    if seen > found.newest:  # of a job of this number before the server began anew
        seen = 0
    if found.has_ended and seen == found.newest:
        return Response(status_code=204)
    return StreamingResponse(_follow(services, found, seen), media_type="text/event-stream")


async def _follow(services: Services, job: QueuedScan, seen: int) -> AsyncIterator[str]:
    services.streams += 1
    try:
        yield "retry: 2000\n\n"
        quiet = 0.0
        while not services.queue.closing.is_set():
            ended = job.has_ended  # before looking: what comes after the look is sent the next time
            for number, kind, text in job.since(seen):
                seen, quiet = number, 0.0
                yield f"id: {number}\nevent: {kind}\ndata: {text}\n\n"
            if ended:
                return
            await asyncio.sleep(GLANCE)
            quiet += GLANCE
            if quiet >= ALIVE:
                quiet = 0.0
                yield ": still there\n\n"
    finally:
        services.streams -= 1


def _find(services: Services, number: int) -> QueuedScan:
    job = services.queue.get(number)
    if job is None:
        raise Refusal(404, f"there is no job {number}; /api/jobs lists those since the server began")
    return job
