"""Style sheets, scripts and pictures: from the packages and our own, each under a name that changes with its content.

GOV.UK's own typeface and crest are theirs alone: what speaks of them is taken out.
"""

import hashlib
import mimetypes
import re
from pathlib import Path

from flask import Response

from gateway.auth.access import open_page
from shared.errors import NotFound

FOLDER = Path(__file__).parent / "assets"
PREFIX = "/static/"
_FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif'
_REFERENCE = re.compile(rf"{PREFIX}([\w.-]+)")
_THEIRS = (
    (re.compile(r"@font-face\{[^}]*\}"), ""),
    (re.compile(r"GDS Transport,arial,sans-serif"), _FONT),
    (re.compile(r"(-webkit-mask-image|mask-image|background-image):url\(/assets/[^)]*\);?"), ""),
    (re.compile(r"(/\*|//)# sourceMappingURL=\S+( \*/)?"), ""),
)


class Assets:
    """All files, read once."""

    def __init__(self) -> None:
        self._paths = {path.name: path for path in FOLDER.rglob("*") if path.suffix in (".css", ".js", ".svg")}
        self._contents: dict[str, bytes] = {}
        self._names: dict[str, str] = {}
        for name in self._paths:
            self.url(name)

    def url(self, name: str) -> str:
        """Where a file is served."""
        if name not in self._names:
            content = self._content(name)
            stem, dot, kind = name.rpartition(".")
            self._names[name] = f"{stem}-{hashlib.sha256(content).hexdigest()[:10]}{dot}{kind}"
            self._contents[self._names[name]] = content
        return PREFIX + self._names[name]

    def _content(self, name: str) -> bytes:
        """A file as it goes out; what a text says of other files leads to their names of today."""
        path = self._paths[name]
        if path.suffix not in (".css", ".js"):
            return path.read_bytes()
        text = path.read_text(encoding="utf-8")
        for pattern, instead in _THEIRS:
            text = pattern.sub(instead, text)
        return _REFERENCE.sub(lambda found: self.url(found[1]), text).encode()

    def view(self) -> "ShowAsset":
        """The view that serves them."""
        return open_page("Style sheets and scripts are the same for everybody.", limited=False)(ShowAsset(self))

    def find(self, name: str) -> bytes:
        """A file by the name under which it is served.

        Raises:
            NotFound: there is none, or no longer.
        """
        if name not in self._contents:
            raise NotFound("route_unknown")
        return self._contents[name]


class ShowAsset:
    """Serves one file; whatever its name leads to never changes, so that browsers need never ask again."""

    __name__ = "show_asset"

    def __init__(self, assets: Assets) -> None:
        self._assets = assets

    def __call__(self, name: str) -> Response:
        """The file of this name."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = Response(self._assets.find(name), mimetype=kind)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
