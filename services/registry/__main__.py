"""`python -m registry` and a word: those of every service with a log, and `erase-again`."""

import sys

from chassis.wiring.command_line import Program

from registry import app
from registry.erasing import erase_again
from registry.migrating import migrate
from registry.publish import publish
from registry.work import work

if __name__ == "__main__":
    more = {"erase-again": erase_again}
    Program(app.SERVICE, app.serve, work, migrate, publish, more).main(sys.argv[1:])
