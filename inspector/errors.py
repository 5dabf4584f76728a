"""The errors a user of the inspector can meet, each with a remedy in its message."""


class InspectorError(Exception):
    """Something in the user's world (file, batch, weights, workspace) is wrong; the message says what to do."""


class InputError(InspectorError):
    """A folder, photo or cloud cannot be used."""


class SettingsError(InspectorError):
    """A setting is unknown, out of range, or does not go with another one."""


class WeightsError(InspectorError):
    """Model weights are missing, damaged, or belong to another model."""


class StoreError(InspectorError):
    """The workspace cannot be read or written."""


class Cancelled(Exception):  # noqa: N818 - not an error: the operator's wish
    """The operator stopped the work; what is finished stays in the store."""
