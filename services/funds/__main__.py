"""`python -m funds` and a word: those of every service with a log, `retry`, `erase-again`."""

import sys

from chassis.wiring.command_line import Program
from chassis.wiring.following import accept_loss

from funds import app
from funds.following import erase_again, retry
from funds.publish import publish

if __name__ == "__main__":
    more = {"retry": retry, "erase-again": erase_again}
    Program(
        app.SERVICE, app.serve, app.work, app.migrate, publish, more=more, followed=accept_loss
    ).main(sys.argv[1:])
