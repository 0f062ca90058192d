"""The answer of a service as it came over the bus."""

from typing import Any

import orjson

from shared.errors import Internal, error_from_dict


def result_of(answer: bytes | str) -> Any:
    """What the service answered.

    Raises:
        Error: what it refused with, or `Internal` when nobody can read the answer.
    """
    try:
        outcome = orjson.loads(answer)
        error, result = outcome["error"], outcome["result"]
    except (ValueError, TypeError, KeyError) as defect:
        raise Internal("internal_error") from defect
    if error:
        raise error_from_dict(error)
    return result
