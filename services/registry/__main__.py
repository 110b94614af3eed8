"""`python -m registry` and a word: those of every service with a log, `erase-again`, `reform`."""

import sys

from chassis.wiring.command_line import Program

from registry import app
from registry.erasing import erase_again
from registry.migrating import migrate
from registry.publish import publish
from registry.reforming import reform
from registry.work import work

if __name__ == "__main__":
    Program(
        app.SERVICE, app.serve, work, migrate, publish,
        more={"erase-again": erase_again}, files={"reform": reform},
    ).main(sys.argv[1:])  # fmt: skip
