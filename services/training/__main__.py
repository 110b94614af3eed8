"""`python -m training` and a word: those of every service with a log, and `retry`."""

import sys

from chassis.wiring.command_line import Program
from chassis.wiring.following import accept_loss

from training import app
from training.publish import publish

if __name__ == "__main__":
    more = {"retry": app.retry}
    Program(
        app.SERVICE, app.serve, app.work, app.migrate, publish, more=more, followed=accept_loss
    ).main(sys.argv[1:])
