"""After an erasure and a scrub, nothing that named the person is found in any file or any reply."""

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from acceptance.installation import Installation
from registry.domain.holding import holding_id
from registry.domain.kind import Model
from registry.search.names import lexemes, sort_key

from deploy.local.processes import wait_until
from deploy.local.tokens import token

AREA, NAME = "03763", "Lường Thị Xuỷnhêờngquệ"
NATIONAL_ID, BIRTH_YEAR = "014187931647", 1887
REASONS = {
    "verified": "Thẩm định: bị ốm kéo dài zxverifiedzx",
    "revoked": "Căn cứ thu hồi: đơn tố cáo zxrevokedzx",
    "nominated": "Hoàn cảnh đặc biệt zxnominatedzx",
    "reversed": "Người nhà xin rút lại zxreversedzx",
}
OFFICER, CHAIR = "provincial_association_officer", "provincial_association_chair"
SIGNER, DPO, AUDITOR = "provincial_authority_signer", "data_protection_officer", "auditor_external"
ACCOUNTANT = "fund_accountant"
YEAR = datetime.now(UTC).year


class Town:
    """People of different offices who write to the services and read from them."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.tokens: dict[tuple[str, str], str] = {}

    def ask(self, service: str, path: str, role: str, person: str = "1", **body: Any) -> Any:
        """GET a path, or POST a body to it; the reply's text and JSON."""
        if (role, person) not in self.tokens:
            asked = {"ROLE": role, "PERSON": person}
            self.tokens[role, person] = token(asked, self.installation.env, "14")
        with self.installation.client(service, self.tokens[role, person]) as client:
            if body:
                key = {"idempotency-key": str(uuid4())}
                reply = client.post(f"/v1/{path}", json=body, headers=key)
            else:
                reply = client.get(f"/v1/{path}")
        assert reply.status_code in {200, 201}, reply.text
        return reply

    def done(self, service: str, path: str, role: str, person: str = "1", **body: Any) -> str:
        """A command that is accepted; the id of what it made."""
        found: str = self.ask(service, path, role, person, **body).json()["id"]
        return found


def recognised(town: Town) -> dict[str, str]:
    """Somebody who went through everything the registry keeps of a person."""
    form = {
        "model": "citizen", "area": AREA, "name": NAME, "national_id": NATIONAL_ID,
        "birth_year": BIRTH_YEAR, "group": "farmer",
    }  # fmt: skip
    about = {"model": "citizen", "season": YEAR}
    case = town.done("registry", "registrations", OFFICER, new_subject=form, **about)
    subject = town.ask("registry", f"cases/{case}", OFFICER).json()["subject"]
    scores = {
        "criteria_set": "citizen-2022",
        "scores": [{"item": str(n), "points": 9} for n in range(1, 11)],
    }
    town.done("registry", "self-assessments", OFFICER, case=case, **scores)
    verdict = {"case": case, "reason": REASONS["verified"], **scores}
    town.done("registry", "verifications", OFFICER, "2", **verdict)
    town.done("registry", "proposals", CHAIR, "3", case=case)
    act = {
        "office": f"{AREA}:UBND",
        "number": f"{uuid4().hex[:6]}/QĐ",
        "year": YEAR,
        "cases": [case],
    }
    decision = town.done("registry", "decisions", SIGNER, "4", **act, **about)
    path = f"decisions/{decision}"
    until(lambda: town.ask("registry", path, SIGNER).json()["state"] == "complete")
    holding = str(holding_id("14", UUID(subject), Model.CITIZEN))
    ground = {"ground": REASONS["revoked"], "decision_number": "8/QĐ-UBND"}
    town.done("registry", "revocations", SIGNER, "4", holding=holding, **ground)
    return {"subject": subject, "case": case, "holding": holding}


def in_funds(town: Town, subject: str) -> dict[str, str]:
    """The same person as a donor and a beneficiary."""
    opening = {"name": "Quỹ khuyến học", "kind": "education_promotion", "area": "14"}
    fund = town.done("funds", "funds", CHAIR, **opening)
    who = {"subject": subject, "name": NAME}
    gift = town.done(
        "funds", "contributions", ACCOUNTANT, fund=fund, amount=1000, channel="cash", donor=who
    )
    award = town.done(
        "funds", "nominations", OFFICER, fund=fund, amount=500, reason=REASONS["nominated"],
        beneficiary={"kind": "person", **who},
    )  # fmt: skip
    town.done("funds", "reversals", ACCOUNTANT, contribution=gift, reason=REASONS["reversed"])
    return {"contribution": gift, "award": award, "fund": fund}


def replies(town: Town, made: dict[str, str]) -> str:
    """Whatever the services answer of this person to those who may see the most."""
    said = [town.ask("registry", "subjects/search", OFFICER, name=NAME.rsplit(maxsplit=1)[-1]).text]
    of_registry = [f"{kind}s/{made[kind]}" for kind in ("subject", "case", "holding")]
    said += [town.ask("registry", path, OFFICER).text for path in of_registry]
    of_funds = [f"{kind}s/{made[kind]}" for kind in ("contribution", "award")]
    of_funds += ["awards", f"funds/{made['fund']}/entries"]
    said += [town.ask("funds", path, ACCOUNTANT).text for path in of_funds]
    said.append(town.ask("funds", f"funds/{made['fund']}/history", AUDITOR).text)
    for service in ("registry", "funds", "training"):
        said.append(town.ask(service, "events?limit=1000", AUDITOR).text)
    return "\n".join(said)


def until(check: Any) -> None:
    assert wait_until(check, 60), "it did not come to be within a minute"


def spellings(text: str) -> set[str]:
    """As somebody may have kept it: composed, decomposed, in capitals, in small letters."""
    forms = {text, text.upper(), text.lower()}
    return {unicodedata.normalize(form, each) for each in forms for form in ("NFC", "NFD")}


def traces(installation: Installation, subject: str) -> dict[bytes, str]:
    """What must not be found, and a word for it: names, numbers, reasons, and the wrapped keys."""
    given = NAME.rsplit(maxsplit=1)[-1]
    bare = lexemes(given)[0]
    found = {
        text.encode(): "name" for text in spellings(given) | {bare, bare.upper(), bare.title()}
    }
    found[sort_key(NAME)[:8]] = "name in order"
    found[NATIONAL_ID.encode()] = "national id"
    found |= {
        text.encode(): "reason"
        for reason in REASONS.values()
        for text in spellings(reason) | {reason.split()[-1]}
    }
    for service in ("registry", "funds"):
        with owner(installation, service) as connection:
            keys = "SELECT wrapped FROM data_key WHERE subject = %s"
            found |= {row[0]: "wrapped key" for row in connection.execute(keys, [subject])}
            index = "SELECT digest FROM blind_index WHERE subject = %s"
            found |= {row[0]: "blind index" for row in connection.execute(index, [subject])}
    return found


def owner(installation: Installation, service: str) -> psycopg.Connection:
    """The vault's database, as whoever scrubs it."""
    url = installation.env[f"{service.upper()}_VAULT_OWNER_URL"]
    return psycopg.connect(url, autocommit=True)


def files(installation: Installation) -> Iterator[tuple[str, Path]]:
    """Every file the installation has written: databases and their log, topics, logs, keys."""
    pid = (installation.run / "pids" / "postgres.pid").read_text()
    data = Path(f"/proc/{pid.strip()}/cwd").resolve()
    for path in data.rglob("*"):
        yield f"postgres/{path.relative_to(data).parts[0]}", path
    for path in installation.run.rglob("*"):
        if not path.is_relative_to(data):
            yield path.relative_to(installation.run).parts[0], path


def found_in_files(installation: Installation, traces: dict[bytes, str]) -> set[tuple[str, str]]:
    """Where on disk, and what of it."""
    found = set()
    for place, path in files(installation):
        try:
            content = path.read_bytes() if path.is_file() else b""
        except FileNotFoundError:  # the server has just let it go
            continue
        found |= {(place, what) for trace, what in traces.items() if trace in content}
    return found


def scrubbed(installation: Installation, service: str) -> str:
    """What an operator is told who scrubs."""
    done = installation.operate(service, "scrub")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_named_a_person_is_found_before_and_nowhere_afterwards(installation):
    town = Town(installation)
    made = recognised(town)
    made |= in_funds(town, made["subject"])
    before, traced = replies(town, made), traces(installation, made["subject"])
    with owner(installation, "registry") as connection:
        connection.execute("ANALYZE; CHECKPOINT")
    for text in (NAME, NATIONAL_ID, str(BIRTH_YEAR), *REASONS.values()):
        assert text in before, f"nobody was shown {text}: the test would prove nothing"
    kept = {"name", "name in order", "wrapped key", "blind index"}
    expected = {(f"postgres/{place}", what) for place in ("base", "pg_wal") for what in kept}
    assert found_in_files(installation, traced) == expected

    town.done("registry", "erasures", DPO, subject=made["subject"], ground="Người dân yêu cầu")
    read = {"registry": f"subjects/{made['subject']}", "funds": f"awards/{made['award']}"}
    until(lambda: town.ask("registry", read["registry"], OFFICER).json()["version"] == 3)
    until(lambda: "name" in str(town.ask("funds", read["funds"], ACCOUNTANT).json()["erased"]))
    for service in ("registry", "funds"):
        assert "old write-ahead log gone" in scrubbed(installation, service)

    after = replies(town, made)
    for text in (NAME, *spellings(NAME), NATIONAL_ID, str(BIRTH_YEAR), *REASONS.values()):
        assert text not in after
    assert found_in_files(installation, traced) == set()
