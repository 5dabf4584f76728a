"""Memory: what an error says of it."""


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error means that memory ran out."""
    return isinstance(error, MemoryError) or "can't allocate memory" in str(error)
