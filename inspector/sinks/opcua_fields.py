"""The variables of a result in OPC UA, named as in OPC 40100-1 (Machine Vision), section 12.17, where it has a name.

Those structures that hold an Id alone (ResultIdDataType and the like) are plain strings here, which every PLC can read.
ResultEvaluation is of OPC 40001-101 (Result Transfer), section 10.3; what follows it is our own ResultContent.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from inspector.sinks.result import PartResult

Value = str | bool | int | float | datetime

STATES = {"ok": 1, "ng": 1, "unreadable": 4}
"""ResultState, OPC 40100-1, section 12.19: 1 = Completed, 4 = Failed."""

EVALUATIONS = {"ok": 1, "ng": 2, "unreadable": 0}
"""ResultEvaluation: 0 = Undefined, 1 = OK, 2 = NotOK."""

NEWEST = "ResultId"
"""Written last: when it changes, all others are those of its result."""

ACKNOWLEDGED = "Acknowledged"
"""What a receiver writes the ResultId to, once it has the result."""


@dataclass(frozen=True)
class Field:
    """A variable.

    Attributes:
        kind: "String", "Boolean", "Int32", "Double" or "DateTime".
        read: gives its value of a result; numbers that there are not are NaN.
    """

    kind: str
    read: Callable[[PartResult], Value]


def _number(value: float | None) -> float:
    return math.nan if value is None else value


FIELDS = {
    "IsPartial": Field("Boolean", lambda _: False),
    "IsSimulated": Field("Boolean", lambda _: False),
    "ResultState": Field("Int32", lambda result: STATES[result.verdict]),
    "PartId": Field("String", lambda result: result.name),
    "JobId": Field("String", lambda result: str(result.run)),
    "CreationTime": Field("DateTime", lambda result: result.time.astimezone(UTC)),
    "ProcessingDuration": Field("Double", lambda result: 1000 * result.seconds),
    "ResultEvaluation": Field("Int32", lambda result: EVALUATIONS[result.verdict]),
    "Position": Field("Int32", lambda result: result.position),
    "Score": Field("Double", lambda result: _number(result.score)),
    "Threshold": Field("Double", lambda result: _number(result.threshold)),
    "PeakX": Field("Double", lambda result: _number(result.peak and result.peak[0])),
    "PeakY": Field("Double", lambda result: _number(result.peak and result.peak[1])),
    "Path": Field("String", lambda result: result.path),
    "CloudPath": Field("String", lambda result: result.cloud),
    "Reason": Field("String", lambda result: result.reason),
    "Json": Field("String", PartResult.to_json),
    NEWEST: Field("String", lambda result: result.id),
}
"""Name -> variable, in the order in which they are written."""
