"""Static files under names that change with their content: a phone keeps them for a year."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
_SERVED = {".css", ".js", ".svg", ".woff2"}
_COMPRESSED = {".woff2"}
_MEDIA = {".woff2": "font/woff2", ".js": "text/javascript"}
_REFERENCE = re.compile(r"url\(([\w.-]+)\)")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as sent: ``packed`` is its gzip form, None where the file is compressed already."""

    name: str
    media: str
    body: bytes
    packed: bytes | None


class Assets:
    """All static files of the page, read once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        sources = {file.name: file.read_bytes() for file in folder.iterdir() if _serves(file)}
        self._names = {name: _hashed(name, body) for name, body in sources.items()}
        for name, body in sources.items():
            if name.endswith(".css"):
                sources[name] = self._with_hashed_references(body)
                self._names[name] = _hashed(name, sources[name])
        self._assets = {self._names[n]: _asset(self._names[n], b) for n, b in sources.items()}

    def name(self, plain: str) -> str:
        """The name under which a file is served, such as ``page.5f0c1a9e2b.css``."""
        return self._names[plain]

    def get(self, name: str) -> Asset | None:
        return self._assets.get(name)

    @property
    def all(self) -> Mapping[str, Asset]:
        return self._assets

    def _with_hashed_references(self, css: bytes) -> bytes:
        text = css.decode()
        return _REFERENCE.sub(lambda found: f"url({self._names[found[1]]})", text).encode()


def _serves(file: Path) -> bool:
    return file.suffix in _SERVED


def _hashed(name: str, body: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(body).hexdigest()[:10]}.{suffix}"


def _asset(name: str, body: bytes) -> Asset:
    suffix = Path(name).suffix
    media = _MEDIA.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    packed = None if suffix in _COMPRESSED else gzip.compress(body, mtime=0)
    return Asset(name, media, body, packed)
