"""Person: who did an act, as far as tokens tell."""

from uuid import UUID

import msgspec


class Person(msgspec.Struct, frozen=True):
    """``sub`` is who signed in; ``subject`` their own entry in the registry, where it is known."""

    sub: UUID
    subject: UUID | None = None

    def is_same(self, other: "Person") -> bool:
        """One account, or two accounts of one entry in the registry."""
        return self.sub == other.sub or self.is_subject(other.subject)

    def is_subject(self, subject: UUID | None) -> bool:
        return subject is not None and self.subject == subject
