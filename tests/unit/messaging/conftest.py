"""eventlet warns whoever imports it; here that is known, and nothing is patched."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import eventlet  # noqa: F401
