-- What a relay keeps beside its place (table relay of the log): why it stands still, losses accepted.

CREATE TABLE relay_alarm (
    name  text        PRIMARY KEY,
    alarm json        NOT NULL,
    since timestamptz NOT NULL DEFAULT now()
);

-- The log's history ends at `above` and goes on from there: up to `published` it had gone another way.
CREATE TABLE relay_loss (
    name        text        NOT NULL,
    origin      integer     NOT NULL,
    above       bigint      NOT NULL,
    published   bigint      NOT NULL,
    accepted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, origin)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON relay_alarm, relay_loss TO ${app};
