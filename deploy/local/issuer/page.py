"""The sign-in page: who do you want to be on this machine?"""

from dataclasses import dataclass
from html import escape

from deploy.local.issuer.codes import SignIn


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to sign in as: a number, a role, a place, and what both are called."""

    number: int
    role: str
    area: str
    vi: str
    en: str

    def asked(self) -> dict[str, str]:
        """The same as a request for a token."""
        return {"person": str(self.number), "role": self.role, "area": self.area}


PEOPLE = (
    Person(1, "provincial_association_officer", "14", "Cán bộ Hội Khuyến học tỉnh Sơn La",
           "Officer of the Association, Sơn La Province"),
    Person(2, "provincial_association_chair", "14", "Chủ tịch Hội Khuyến học tỉnh Sơn La",
           "Chair of the Association, Sơn La Province"),
    Person(3, "commune_association_officer", "03763", "Cán bộ Hội Khuyến học xã Long Hẹ",
           "Officer of the Association, Long Hẹ Commune"),
    Person(4, "auditor_external", "14", "Kiểm toán độc lập", "External auditor"),
    Person(5, "statistics_viewer", "14", "Người xem số liệu thống kê", "Viewer of statistics"),
)  # fmt: skip
WORDS = {
    "vi": {
        "title": "Đăng nhập trên máy này",
        "lead": "Đây là bản chạy thử trên một máy. Chọn người để đăng nhập; không cần mật khẩu.",
        "other": "English",
    },
    "en": {
        "title": "Sign in on this machine",
        "lead": "This is a trial on one machine. Choose whom to sign in as; no password is asked.",
        "other": "Tiếng Việt",
    },
}
STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:10vh auto;padding:0 1.25rem}
h1{font-size:1.5rem;margin:0 0 .5rem}
button{display:block;width:100%;text-align:left;font:inherit;padding:.8rem 1rem;margin:.6rem 0;
border:1px solid;border-radius:.4rem;background:none;color:inherit;cursor:pointer}
button:hover,button:focus-visible{outline:2px solid #0b6e4f}
small{display:block;opacity:.7}
"""


def render(wanted: SignIn, language: str, switch: str) -> str:
    """The page as HTML; `switch` is the address of the same page in the other language."""
    words = WORDS[language]
    fields = {
        "response_type": "code",
        "code_challenge_method": "S256",
        "client_id": wanted.client_id,
        "redirect_uri": wanted.redirect_uri,
        "code_challenge": wanted.challenge,
        "state": wanted.state,
    }
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    buttons = "".join(
        f'<button name="choice" value="{index}">{escape(getattr(person, language))}'
        f"<small>{escape(person.role)} · {escape(person.area)}</small></button>"
        for index, person in enumerate(PEOPLE)
    )
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{words['title']}</title><style>{STYLE}</style><main><h1>{words['title']}</h1>"
        f'<p>{words["lead"]}</p><form method="post" action="/authorize">{hidden}{buttons}</form>'
        f'<p><a href="{escape(switch)}">{words["other"]}</a></p></main></html>'
    )
