"""`python -m funds serve | work | migrate | refill | accept-loss --at M | scrub | retry`."""

import sys

from chassis.wiring.command_line import Program

from funds import app
from funds.following import retry
from funds.publish import publish

if __name__ == "__main__":
    Program(app.SERVICE, app.serve, app.work, app.migrate, publish, {"retry": retry}).main(
        sys.argv[1:]
    )
