"""The pages: a request in, HTML out; a refusal becomes a page too, never a trace of the program."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from chassis.area import Areas
from chassis.clock import Clock
from chassis.edge.auth import Principal, Verifier
from chassis.edge.labels import PROBLEMS, preferred
from chassis.edge.problems import STATUS, RouteNotFound, as_refusal, headers_of
from chassis.errors import Busy, Refusal, Unauthenticated
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from reporting.ask import known_time
from reporting.measures import MEASURES, Kind
from reporting.page import addresses, sentences
from reporting.page.addresses import Address
from reporting.page.asking import question
from reporting.page.figures import Reporting, ask
from reporting.page.formats import LANGUAGES, Language
from reporting.page.keeping import Kept, tag_of
from reporting.page.places import cell
from reporting.page.problem import sentences as said_of
from reporting.page.problem import way_back
from reporting.page.question import Question
from reporting.page.saying import said
from reporting.page.sections import TITLES
from reporting.page.signin import Attempt, Issuer, failed
from reporting.page.site import Site, Visit
from reporting.page.view import line, report
from reporting.page.voice import Voice

SESSION = "kh_report"
ATTEMPT = "kh_sign_in"
_ATTEMPT_S = 600
_EVENTS = 200

Answering = Callable[["Pages", Visit], Awaitable[Response]]
Endpoint = Callable[["Pages", Request], Awaitable[Response]]


def page(answering: Answering) -> Endpoint:
    """An endpoint that answers every refusal, and every fault of ours, by a page."""

    async def endpoint(self: "Pages", request: Request) -> Response:
        visit = await self.visit(request)
        try:
            return await answering(self, visit)
        except Exception as error:  # noqa: BLE001  # as_refusal logs what nobody meant as an answer
            return self.problem(visit, as_refusal(error))

    endpoint.__name__, endpoint.__doc__ = answering.__name__, answering.__doc__
    return endpoint


class Pages:
    """The report, the events behind a figure, and signing in."""

    def __init__(
        self, site: Site, reporting: Reporting, verifier: Verifier, issuer: Issuer, clock: Clock,
        *, secure: bool,
    ) -> None:  # fmt: skip
        self._site = site
        self._reporting = reporting
        self._verifier = verifier
        self._issuer = issuer
        self._clock = clock
        self._secure = secure
        self._kept = Kept()

    async def visit(self, request: Request) -> Visit:
        """Who looks: a cookie that has expired or was made up is nobody's."""
        address = Address.of(request.query_params)
        principal = await self._principal(request)
        return Visit(request, Voice(_language(request, address)), address, principal is not None)

    @page
    async def report(self, visit: Visit) -> Response:
        """``GET /report``."""
        asked, areas = await self._question(visit)
        tag = await tag_of(self._reporting, visit, asked)
        if tag is None:
            return self._site.answer(visit, await self._drawn(visit, asked, areas))
        html = self._kept.get(tag)
        if html is None:
            html = await self._drawn(visit, asked, areas)
            self._kept.keep(tag, html)
        return self._site.public(visit, html, tag)

    async def _drawn(self, visit: Visit, asked: Question, areas: Areas) -> bytes:
        site = self._site
        figures = await ask(self._reporting, asked, areas.province)
        view = report(asked, figures, areas, site.picture, visit.address)
        return site.draw("report.html", visit, said(view, visit, site.picture))

    @page
    async def events(self, visit: Visit) -> Response:
        """``GET /report/events``: the events behind one figure, for those who have signed in."""
        if not visit.signed_in:
            raise Unauthenticated(
                "single events are for those who have signed in",
                "từng sự kiện chỉ dành cho người đã đăng nhập",
            )
        asked, areas = await self._question(visit)
        column = asked.column
        if MEASURES[column.measure].kind is Kind.RATIO:  # the events of a rate are its holders'
            column = TITLES.column(dict(column.filters)["model"])
            asked = replace(asked, section=TITLES, column=column)
        query = asked.figure()
        cursor = visit.request.query_params.get("cursor")
        statistics = await self._reporting.statistics(query)
        found, following = await self._reporting.events(query, cursor, _EVENTS)
        sentence = visit.voice.say(
            "stated",
            place=visit.voice.place(areas.unit(query.areas[0])),
            when=sentences.days_of(asked, visit.voice),
            value=sentences.counted(cell(column, statistics.rows), column, visit.voice),
            of_kind="",
        )
        more = f"{visit.address.to(addresses.EVENTS)}&cursor={following}" if following else None
        return self._site.page("events.html", visit, {
            "changes": found, "sentence": sentence, "of": line(statistics), "following": more,
            "column": column,
        })  # fmt: skip

    @page
    async def sign_in(self, visit: Visit) -> Response:
        """``GET /report/sign-in``: on to the issuer, with what is needed to come back."""
        attempt = Attempt.to(visit.request.query_params.get("back_to", addresses.REPORT))
        leaving = await self._issuer.leave_for(attempt, visit.voice.language)
        answer = RedirectResponse(leaving, 303)
        self._keep(answer, ATTEMPT, attempt.pack(), _ATTEMPT_S)
        return answer

    @page
    async def signed_in(self, visit: Visit) -> Response:
        """``GET /report/signed-in``: the issuer's answer becomes a cookie no script can read."""
        given = visit.request.query_params
        attempt = Attempt.unpack(visit.request.cookies.get(ATTEMPT))
        if given.get("state") != attempt.state or not given.get("code"):
            raise failed(
                "the issuer's answer does not belong to this attempt",
                "câu trả lời của nơi cấp quyền không thuộc lần đăng nhập này",
            )
        granted = await self._issuer.redeem(attempt, given["code"])
        await self._verifier.verify(f"Bearer {granted.access_token}")
        answer = RedirectResponse(attempt.back_to, 303)
        self._keep(answer, SESSION, granted.access_token, granted.expires_in)
        answer.delete_cookie(ATTEMPT, path=addresses.REPORT)
        return answer

    @page
    async def sign_out(self, visit: Visit) -> Response:
        """``POST /report/sign-out``."""
        answer = RedirectResponse(visit.address.to(), 303)
        answer.delete_cookie(SESSION, path=addresses.REPORT)
        return answer

    @page
    async def home(self, visit: Visit) -> Response:
        """``GET /``."""
        return RedirectResponse(visit.address.to(), 307)

    @page
    async def static(self, visit: Visit) -> Response:
        """``GET /report/static/{name}``."""
        asset = self._site.assets.get(visit.request.path_params["name"])
        if asset is None:
            raise RouteNotFound("there is no such file", "không có tệp này")
        return self._site.static(visit.request, asset)

    @page
    async def missing(self, _: Visit) -> Response:
        """Any other address under the report."""
        raise RouteNotFound("there is no such page", "không có trang này")

    def problem(self, visit: Visit, refusal: Refusal) -> Response:
        """A refusal as a page, with the status of the public contract."""
        language = visit.voice.language
        values = {
            "refusal": refusal,
            "status": STATUS[refusal.code],
            "title": PROBLEMS[refusal.code].in_language(language),
            "sentences": said_of(refusal, language),
            "back": way_back(refusal, visit.address),
            "trace_id": visit.request.scope.get("trace_id", ""),
        }
        answer = self._site.page("problem.html", visit, values, STATUS[refusal.code])
        answer.headers.update(headers_of(refusal))
        return answer

    async def _question(self, visit: Visit) -> tuple[Question, Areas]:
        """What is asked, and the maps as known at the time asked about."""
        now, named = self._clock.now(), visit.address.get("known_at")
        at = known_time({"known_at": [named]} if named else {}, now)
        areas = await self._reporting.maps(at)
        picture, signed_in = self._site.picture, visit.signed_in
        return question(visit.address, now, areas, picture, signed_in=signed_in), areas

    async def _principal(self, request: Request) -> Principal | None:
        token = request.cookies.get(SESSION)
        if not token:
            return None
        try:
            return await self._verifier.verify(f"Bearer {token}")
        except (Unauthenticated, Busy):
            return None

    def _keep(self, answer: Response, name: str, value: str, seconds: int) -> None:
        answer.set_cookie(
            name, value, max_age=seconds, path=addresses.REPORT,
            secure=self._secure, httponly=True, samesite="lax",
        )  # fmt: skip


def _language(request: Request, address: Address) -> Language:
    """The address decides, then the browser; a language that is not spoken here is no choice."""
    wanted = address.get("lang")
    preference = (
        wanted if wanted in LANGUAGES else preferred(request.headers.get("accept-language"))
    )
    return "en" if preference == "en" else "vi"
