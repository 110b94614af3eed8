"""The issuer's signing key: Ed25519, made at the first start, in a file only its owner reads."""

import json
from pathlib import Path

from joserfc.jwk import OKPKey

from deploy.local.installation import write_private


def load_or_make(path: Path) -> OKPKey:
    """The key of the file, made and written first where there is none."""
    if not path.exists():
        made = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA"}, private=True)
        write_private(path, json.dumps(made.as_dict(private=True)))
    return OKPKey.import_key(json.loads(path.read_text()))


def public(key: OKPKey) -> dict[str, str]:
    """The public half as a JSON Web Key with its id: the thumbprint of RFC 7638."""
    shared = key.as_dict(private=False)
    return {**{name: str(value) for name, value in shared.items()}, "kid": key.thumbprint()}
