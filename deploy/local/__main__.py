"""`python3 -m deploy.local WORD`: what the Makefile calls, for any Python that can read this."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (an older one is what this looks for)
    sys.exit("missing on this machine:\n  Python 3.11 or newer, as `python3.11` on the path")

from deploy.local import commands  # after the version is known

sys.exit(commands.main(sys.argv[1:]))
