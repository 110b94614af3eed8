"""Run the issuer: `python -m deploy.local.issuer`, in the local profile only."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from deploy.local.issuer.app import create_app
from deploy.local.issuer.keys import load_or_make

EXIT_REFUSED = 2


def main() -> int:
    """Serve until SIGTERM; refuse to start where real people's tokens are issued by others."""
    profile = os.environ.get("KH_PROFILE")
    if profile != "local":
        sys.stderr.write(
            f"issuer: gives a token to whoever asks, so it only starts in profile local,"
            f" not in {profile or 'production'}\n"
        )
        return EXIT_REFUSED
    url = os.environ["ISSUER_URL"]
    key = load_or_make(Path(os.environ["ISSUER_HOME"]) / "key.json")
    app = create_app(url, key, os.environ.get("KH_PROVINCE", "14"))
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    uvicorn.run(app, host=host, port=port, access_log=False, log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
