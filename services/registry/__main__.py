"""`python -m registry serve | work | migrate | refill | accept-loss --at M | scrub`."""

import sys

from chassis.wiring.command_line import Program

from registry import app
from registry.migrating import migrate
from registry.publish import publish
from registry.work import work

if __name__ == "__main__":
    Program(app.SERVICE, app.serve, work, migrate, publish).main(sys.argv[1:])
