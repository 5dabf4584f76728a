"""Runs, samples, their pictures and tables, and verdicts."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from inspector.errors import StoreError
from inspector.export.maps import encode_map
from inspector.export.overlays import encode_overlay
from inspector.export.rendering import encode
from inspector.export.run import write_exports
from inspector.server.answers import (
    Clash,
    RunAnswer,
    RunList,
    SampleAnswer,
    SampleList,
    StandingAnswer,
    VerdictAnswer,
    VerdictGiven,
)
from inspector.server.errors import Refusal, make_error
from inspector.server.services import MOST, Position, RunNumber, Services, Shared
from inspector.store.records import SampleRecord, rank_samples
from inspector.store.standing import Standing, find_standing, list_standing
from inspector.store.verdicts import VerdictConflict

router = APIRouter(prefix="/api/runs", tags=["runs"])

First = Annotated[int, Query(ge=0, le=MOST, description="How many to pass over.")]
Count = Annotated[int, Query(ge=1, le=500, description="How many at most.")]

PICTURES: dict[str, Callable[[Any], bytes]] = {
    "photo": lambda sample: encode(sample.photo, ".jpg"),
    "overlay": encode_overlay,
    "map": encode_map,
}
"""What is made of a sample that has a score, and how."""

KINDS = {"photo": "image/jpeg", "overlay": "image/png", "map": "image/tiff", "thumbnail": "image/jpeg"}


def _serves(*kinds: str) -> dict[int | str, dict[str, Any]]:
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "The file.", "content": dict.fromkeys(kinds, schema)}}


@router.get("", summary="Runs, newest first")
def list_runs(services: Shared, first: First = 0, count: Count = 50) -> RunList:
    """Return a page of the runs."""
    runs, now = services.store.runs.all(), services.store.database.read_clock()
    return RunList(total=len(runs), items=[RunAnswer.of(run, now) for run in runs[first : first + count]])


@router.get("/{run}", summary="One run")
def get_run(services: Shared, run: RunNumber) -> RunAnswer:
    """Return a run."""
    return RunAnswer.of(services.find_run(run), services.store.database.read_clock())


@router.get("/{run}/samples", summary="Samples with scores, decisions and verdicts")
def list_samples(
    services: Shared,
    run: RunNumber,
    first: First = 0,
    count: Count = 100,
    order: Annotated[Literal["position", "score"], Query(description="score: those that have one, highest first.")] = (
        "position"
    ),
    flagged: Annotated[bool | None, Query(description="Only those that are flagged, or are not.")] = None,
) -> SampleList:
    """Return a page of the samples of a run."""
    services.find_run(run)
    samples = choose_samples(services, run, order, flagged)
    standing = find_all_standing(services, run)
    shown = samples[first : first + count]
    items = [SampleAnswer.of(sample, standing.get(sample.id)) for sample in shown]
    return SampleList(total=len(samples), items=items)


def choose_samples(
    services: Services, run: int, order: str = "score", flagged: bool | None = None
) -> list[SampleRecord]:
    """Return the samples of a run, in an order; with `flagged`, only those that are, or are not."""
    samples = services.store.runs.samples(run)
    ordered = rank_samples(samples) if order == "score" else samples
    return [sample for sample in ordered if flagged in (None, sample.flagged)]


def find_all_standing(services: Services, run: int) -> dict[int, Standing]:
    """Return the verdicts that stand in a run, by the number of the sample in the store."""
    return list_standing(services.store.verdicts.of_run(run))


@router.get("/{run}/samples/{position}", summary="One sample")
def get_sample(services: Shared, run: RunNumber, position: Position) -> SampleAnswer:
    """Return a sample."""
    sample = services.find_sample(run, position)
    return SampleAnswer.of(sample, _find_standing(services, sample))


@router.get("/{run}/samples/{position}/verdicts", tags=["verdicts"], summary="What was said of a sample, oldest first")
def list_verdicts_of_sample(services: Shared, run: RunNumber, position: Position) -> list[VerdictAnswer]:
    """Return verdicts and comments on a sample."""
    sample = services.find_sample(run, position)
    return [VerdictAnswer.of(said, position) for said in services.store.verdicts.of_sample(sample.id)]


@router.get(
    "/{run}/samples/{position}/{picture}",
    summary="A picture of a sample, or its anomaly map",
    response_class=Response,
    responses=_serves("image/jpeg", "image/png", "image/tiff"),
)
async def get_picture(
    services: Shared,
    run: RunNumber,
    position: Position,
    picture: Literal["thumbnail", "photo", "overlay", "map"],
) -> Response:
    """Return a thumbnail or the photo (JPEG), the photo with its map (PNG), or the map (TIFF of 32-bit floats)."""

    def look() -> bytes:
        if picture != "thumbnail":
            return PICTURES[picture](services.show(run, position))
        services.find_sample(run, position)
        path = services.store.artefacts.thumbnail_path(run, position)
        try:
            return path.read_bytes()
        except OSError as error:
            raise Refusal(404, f"sample {position} of run {run} has no thumbnail; it was not read") from error

    return Response(await services.make(look), media_type=KINDS[picture])


@router.get(
    "/{run}/tables/{table}.csv",
    summary="Scores or verdicts as CSV",
    response_class=Response,
    responses=_serves("text/csv"),
)
async def get_table(services: Shared, run: RunNumber, table: Literal["scores", "verdicts"]) -> Response:
    """Return a table of a run that is done."""
    services.find_finished(run)
    content = await services.make(lambda: export_file(services, run, table))
    return Response(content, media_type="text/csv; charset=utf-8")


def export_file(services: Services, run: int, name: str, language: Literal["en", "de"] = "en") -> bytes:
    """Return the file that an export writes of a run."""
    with TemporaryDirectory(prefix="inspector-") as folder:
        written = write_exports(services.store, run, folder, [name], language=language)
        return Path(written[name]).read_bytes()


@router.get("/{run}/verdicts", tags=["verdicts"], summary="What was said of a run, oldest first")
def list_verdicts(
    services: Shared,
    run: RunNumber,
    after: Annotated[int, Query(ge=0, le=MOST, description="Only what has a larger `id`.")] = 0,
) -> list[VerdictAnswer]:
    """Return verdicts and comments; with `after`, what is new since."""
    services.find_run(run)
    said = services.store.verdicts.since(run, after)  # before the samples: a line's are followed by their verdicts
    positions = {sample.id: sample.position for sample in services.store.runs.samples(run)} if said else {}
    return [VerdictAnswer.of(each, positions[each.sample_id]) for each in said if each.sample_id in positions]


@router.post(
    "/{run}/samples/{position}/verdicts",
    tags=["verdicts"],
    summary="Give a verdict",
    status_code=201,
    responses={
        200: {"model": StandingAnswer, "description": "It stands already; nothing was written."},
        409: {"model": Clash, "description": "Another verdict stands than was expected; nothing was written."},
    },
    response_model=StandingAnswer,
)
def give_verdict(
    services: Shared, run: RunNumber, position: Position, given: VerdictGiven, request: Request
) -> Response:
    """Append a verdict, durably, if the one that was seen still stands."""
    operator = _find_operator(given.operator, request.state.user)
    sample = services.find_sample(run, position)
    if given.defect_class and given.verdict != "rejected":
        raise Refusal(422, "only a rejected part has a `defect_class`; leave it out")
    if given.expected != "undecided" and not services.store.verdicts.of_sample(sample.id):
        return _answer_clash("nobody decided this part yet; look at it again and decide anew", None)
    try:
        written = services.store.verdicts.add(
            sample.id,
            operator,
            given.verdict,
            given.comment,
            defect_class=given.defect_class,
            expected=given.expected,
        )
    except VerdictConflict as clash:
        return _answer_clash(str(clash), _find_standing(services, sample))
    except StoreError:
        services.find_sample(run, position)  # it may have been removed since
        raise
    standing = _find_standing(services, sample)
    if standing is None:  # "undecided" of what nobody has decided
        raise Refusal(409, "nobody decided this part yet; there is nothing to take back")
    return JSONResponse(StandingAnswer.of(standing).model_dump(), 200 if written is None else 201)


def _find_operator(given: str | None, user: str) -> str:
    """Return who gives a verdict: the user whose token it is, or else who the client says; raises Refusal."""
    if user and given not in (None, user):
        raise Refusal(403, f"this token is that of {user}, who gives verdicts in no other name; leave `operator` out")
    if not (operator := user or given):
        raise Refusal(422, "say in `operator` who gives the verdict: the token does not tell")
    return operator


def _find_standing(services: Services, sample: SampleRecord) -> Standing | None:
    return find_standing(services.store.verdicts.of_sample(sample.id))


def _answer_clash(sentence: str, standing: Standing | None) -> JSONResponse:
    return make_error(409, sentence, standing=StandingAnswer.of(standing).model_dump() if standing else None)
