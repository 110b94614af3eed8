"""`python -m training serve | work | migrate | refill | accept-loss --at M | scrub | retry`."""

import sys

from chassis.wiring.command_line import Program

from training import app
from training.publish import publish

if __name__ == "__main__":
    Program(app.SERVICE, app.serve, app.work, app.migrate, publish, {"retry": app.retry}).main(
        sys.argv[1:]
    )
