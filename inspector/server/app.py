"""The app: all addresses, behind the gate."""

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from inspector import __version__
from inspector.server import jobs, pages, runs
from inspector.server.errors import ERRORS, add_handlers
from inspector.server.gate import Gate
from inspector.server.services import Services
from inspector.server.tokens import AccessTokens

ABOUT = """Runs, samples, verdicts and scans of one workspace.

Every request but those for this document and for `/api/health` carries `Authorization: Bearer TOKEN`. Errors are JSON
with one sentence, `error`, that says what to do.
"""


class Health(BaseModel):
    """That the server is there, and its version."""

    status: str
    version: str


def make_app(services: Services, tokens: AccessTokens) -> Gate:
    """Make the app.

    Args:
        services: what it serves.
        tokens: who may do what.
    """
    app = FastAPI(
        title="Mutual inspector",
        description=ABOUT,
        version=__version__,
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
        responses=ERRORS,
        redirect_slashes=False,
    )
    app.state.services = services
    add_handlers(app)
    signed = [Depends(HTTPBearer(auto_error=False, description="The gate looks at it."))]  # for the document
    app.include_router(runs.router, dependencies=signed)
    app.include_router(jobs.router, dependencies=signed)
    app.include_router(pages.router)

    @app.get("/api/health", tags=["server"], summary="Whether the server is there")
    def get_health() -> Health:
        return Health(status="ok", version=__version__)

    return Gate(app, tokens, services.limits, services.store.users.find)
