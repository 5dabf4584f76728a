"""Times of the store, which are UTC, as people read them: on the clock of this machine."""

from datetime import UTC, datetime


def to_local(time: datetime) -> datetime:
    """Return a time of the store (UTC; one without zone is taken for that) on the local clock, with its zone."""
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone()


def write_local(time: datetime) -> str:
    """Write a time of the store for people, to the minute.

    Example:
        On a clock in Berlin, 12:00 UTC of a day in July gives "2026-07-01 14:00".
    """
    return f"{to_local(time):%Y-%m-%d %H:%M}"


def write_zoned(time: datetime) -> str:
    """Write a time of the store for tables: ISO 8601 to the second, local, with its distance from UTC.

    Example:
        On a clock in Berlin, 12:00 UTC of a day in July gives "2026-07-01T14:00:00+02:00".
    """
    return to_local(time).isoformat(timespec="seconds")
