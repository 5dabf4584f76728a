"""Pages for a browser, which only show: runs, the samples of one, one sample, and its report."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from inspector.export.isolates import isolate_path, isolate_words, mark_up
from inspector.export.words import Words
from inspector.server.answers import RunAnswer, SampleAnswer
from inspector.server.runs import choose_samples, export_file, find_all_standing
from inspector.server.services import MOST, Position, RunNumber, Shared

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

ON_A_PAGE = 60

REPORT_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
}
"""The report carries its own pictures and styles."""

_pages = Environment(
    loader=PackageLoader("inspector.server", "."), autoescape=True, undefined=StrictUndefined, finalize=mark_up
)
_pages.filters.update(path=isolate_path, words=isolate_words, sentence=Words().sentence)

PageNumber = Annotated[int, Query(ge=1, le=MOST // ON_A_PAGE)]


def _render(name: str, **values: object) -> HTMLResponse:
    return HTMLResponse(_pages.get_template(name).render(**values))


@router.get("/style.css")
def get_style() -> Response:
    """Return the style of all pages."""
    return Response(_pages.get_template("style.css").render(), media_type="text/css")


@router.get("/")
def show_runs(services: Shared, page: PageNumber = 1) -> HTMLResponse:
    """Show the runs, newest first."""
    runs, first = services.store.runs.all(), (page - 1) * ON_A_PAGE
    now = services.store.database.read_clock()
    shown = [RunAnswer.of(run, now) for run in runs[first : first + ON_A_PAGE]]
    return _render("runs.html", runs=shown, page=page, more=len(runs) > first + ON_A_PAGE)


@router.get("/runs/{run}")
def show_run(services: Shared, run: RunNumber, page: PageNumber = 1) -> HTMLResponse:
    """Show a run, the highest scores first."""
    record, standing = services.find_run(run), find_all_standing(services, run)
    samples, first = choose_samples(services, run), (page - 1) * ON_A_PAGE
    shown = [SampleAnswer.of(sample, standing.get(sample.id)) for sample in samples[first : first + ON_A_PAGE]]
    told = {"run": RunAnswer.of(record, services.store.database.read_clock()), "samples": shown, "page": page}
    return _render("run.html", more=len(samples) > first + ON_A_PAGE, **told)


@router.get("/runs/{run}/samples/{position}")
def show_sample(services: Shared, run: RunNumber, position: Position) -> HTMLResponse:
    """Show a sample."""
    sample = services.find_sample(run, position)
    answer = SampleAnswer.of(sample, find_all_standing(services, run).get(sample.id))
    told = RunAnswer.of(services.find_run(run), services.store.database.read_clock())
    return _render("sample.html", run=told, sample=answer)


@router.get("/runs/{run}/report")
async def show_report(services: Shared, run: RunNumber, language: Literal["en", "de"] = "en") -> HTMLResponse:
    """Show the report of a run that is done."""
    services.find_finished(run)
    content = await services.make(lambda: export_file(services, run, "report", language))
    return HTMLResponse(content, headers=REPORT_HEADERS)
