"""Who may do what in a workspace that has users: the one table that the app, the command line and the server go by."""

from typing import Literal, get_args

Role = Literal["operator", "engineer", "auditor"]

Action = Literal[
    "verdict", "part", "threshold", "mark", "pool", "recipe", "classes", "scan", "locate", "prune", "hand-over",
    "restore", "serve", "users",
]  # fmt: skip

OPERATOR, PASSWORD = "INSPECTOR_OPERATOR", "INSPECTOR_PASSWORD"
"""Variables of the environment that tell who it is to programs that nobody types to."""

ROLES: tuple[Role, ...] = get_args(Role)

MAY: dict[Action, tuple[Role, ...]] = {
    "verdict": ("operator", "engineer"),
    "part": ("operator", "engineer"),
    "threshold": ("engineer",),
    "mark": ("engineer",),
    "pool": ("engineer",),
    "recipe": ("engineer",),
    "classes": ("engineer",),
    "scan": ("engineer",),
    "locate": ("engineer",),
    "prune": ("engineer",),
    "hand-over": ("engineer",),
    "restore": ("engineer",),
    "serve": ("engineer",),
    "users": ("engineer",),
}
"""The roles that may do something. To look, to export and to check the audit chain is nobody refused."""

WORDS: dict[Action, str] = {
    "verdict": "give verdicts, classes and comments",
    "part": "say which part a photo shows",
    "threshold": "move thresholds",
    "mark": "mark groups",
    "pool": "change the pool of a line",
    "recipe": "change recipes and regions of interest",
    "classes": "change the list of defect classes",
    "scan": "begin scans and watched folders, or import scores",
    "locate": "say where photos lie now",
    "prune": "remove runs and tokens",
    "hand-over": "hand over what a station did without its server",
    "restore": "replace the workspace by a backup, or salvage it",
    "serve": "serve the workspace over HTTP",
    "users": "change users",
}
"""What each action is called."""


def may(role: Role, action: Action) -> bool:
    """Tell whether a role may do something."""
    return role in MAY[action]
