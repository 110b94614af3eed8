"""`python -m funds serve | work | migrate | refill | accept-loss --at M | scrub`."""

import sys

from chassis.wiring.command_line import Program

from funds import app
from funds.publish import publish

if __name__ == "__main__":
    Program(app.SERVICE, app.serve, app.work, app.migrate, publish).main(sys.argv[1:])
