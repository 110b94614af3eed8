"""Who acts in the generated province: persons with one role each, and their tokens."""

from dataclasses import dataclass, field

import httpx2 as httpx


@dataclass(frozen=True, order=True)
class Person:
    """Somebody the issuer of a local installation knows by a name of ours; no two are one."""

    name: str
    role: str


OFFICER = Person("1", "provincial_association_officer")
VERIFIER = Person("demo-verifier", "provincial_association_officer")
CHAIR = Person("demo-chair", "provincial_association_chair")
SIGNER = Person("demo-signer", "commune_authority_signer")
ACCOUNTANT = Person("demo-accountant", "fund_accountant")
APPROVER = Person("demo-approver", "fund_approver")
TREASURER = Person("demo-treasurer", "fund_treasurer")


@dataclass
class Tokens:
    """Tokens of the local issuer for the whole province, each asked for once."""

    issuer_url: str
    province: str
    known: dict[Person, str] = field(default_factory=dict)

    def of(self, person: Person) -> str:
        if person not in self.known:
            form = {"grant_type": "client_credentials", "area": self.province}
            asked = {"role": person.role, "person": person.name}
            answer = httpx.post(f"{self.issuer_url}/token", data={**form, **asked}, timeout=10)
            answer.raise_for_status()
            self.known[person] = str(answer.json()["access_token"])
        return self.known[person]
