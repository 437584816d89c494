"""Random books and faults: the report of a desk against the truth."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from venue_desk import Everything, One, Outcome, Pace, Report, Symbol
from venue_sandbox import CANCELS, FILLS, KINDS, LOST, REFUSES, STUCK, VENUES, Fate, Fault, Sandbox

from .desks import Scope, cancel, is_true, symbols

FATES = [CANCELS, FILLS, LOST, REFUSES, STUCK, Fate(steps=2), Fate(steps=1, end=FILLS.end)]
SHORT = Pace(deadline=0.6, polls=(0.01, 0.05), backoff=(0.01, 0.05), answer=0.15)
names, pick = st.sampled_from(VENUES), st.integers(0, 1)


class Truth(RuleBasedStateMachine):
    """Orders come, fill and are canceled; requests fail; and no report says what is not so."""

    def __init__(self) -> None:
        super().__init__()
        self.sandbox = Sandbox()
        for venue in self.sandbox.venues.values():
            venue.limit = None
        self.sandbox.start()

    def teardown(self) -> None:
        self.sandbox.stop()

    @initialize(fates=st.tuples(*[st.sampled_from(FATES)] * len(VENUES)))
    def stock(self, fates: tuple[Fate, ...]) -> None:
        for name, fate in zip(VENUES, fates, strict=True):
            self.sandbox.book(name).add(symbols(name)[0], fate=fate, filled="1")
            self.sandbox.book(name).add(symbols(name)[1])

    @rule(name=names, which=pick, fate=st.sampled_from(FATES), filled=st.integers(0, 9))
    def add(self, name: str, which: int, fate: Fate, filled: int) -> None:
        self.sandbox.book(name).add(symbols(name)[which], fate=fate, filled=str(filled))

    @rule(name=names, which=pick, fate=st.sampled_from(FATES))
    def race(self, name: str, which: int, fate: Fate) -> None:
        self.sandbox.book(name).add_during_cancel(symbols(name)[which], fate=fate)

    @rule(name=names, part=st.integers(1, 9))
    def fill(self, name: str, part: int) -> None:
        for order in self.sandbox.book(name).open()[:1]:
            self.sandbox.book(name).fill(order.id, str(part))

    @rule(
        name=names,
        kind=st.sampled_from(KINDS),
        phase=st.sampled_from(["cancel", "list", "read", "other", "any"]),
        after=st.integers(0, 2),
        times=st.integers(1, 4),
        status=st.sampled_from([400, 401, 403, 404, 409, 422, 429, 500, 503]),
        effect=st.booleans(),
    )
    def fault(self, name: str, **fault: object) -> None:
        self.sandbox.put(Fault(venue=name, seconds=0.2, **fault))  # type: ignore[arg-type]

    @rule(name=names, odd=st.booleans())
    def turn(self, name: str, odd: bool) -> None:
        """What nobody knows of a venue may be either."""
        switches: dict[str, tuple[str, tuple[object, object]]] = {
            "clear_street": ("closed_status", (422, 404)),
            "polymarket": ("missing", ("404", "null")),
            "deltadefi": ("nothing_open", (404, 200)),
        }
        if name in switches:
            switch, values = switches[name]
            setattr(self.sandbox.venue(name), switch, values[odd])

    @rule()
    def everything(self) -> None:
        self.canceled(Everything())

    @rule(name=names, which=pick)
    def symbol(self, name: str, which: int) -> None:
        one, other = symbols(name)[which], symbols(name)[1 - which]
        before = {order.id: order for order in self.sandbox.book(name).open(symbol=other)}
        report = self.canceled(Symbol(one), name)
        assert not {order.id for order in report.venues[0].orders} & before.keys()
        kept = {order.id for order in self.sandbox.book(name).open(symbol=other)}
        assert before.keys() <= kept  # a symbol's cancel has touched nothing else

    @rule(name=names, which=st.integers(0, 5))
    def one(self, name: str, which: int) -> None:
        orders = self.sandbox.book(name).orders()
        chosen = orders[which % len(orders)]
        before = {order.id for order in orders if order.is_open} - {chosen.id}
        report = self.canceled(One(chosen.id), name)
        assert [chosen.id] == [order.id for order in report.venues[0].orders]
        pending = {order.id for order in self.sandbox.book(name).open()}
        assert before <= pending | {o.id for o in orders if o.status.value == "pending_cancel"}

    def canceled(self, scope: Scope, *chosen: str) -> Report:
        """Cancel, and hold the report to the truth."""
        known = {name: {order.id for order in self.sandbox.book(name).open()} for name in VENUES}
        report = cancel(self.sandbox, scope, *chosen, pace=SHORT)
        is_true(self.sandbox, report, scope)
        for venue in report.venues:
            listed = [o for o in venue.orders if o.outcome is not Outcome.NOT_FOUND]
            assert venue.result.value == "verified" or venue.reason
            if venue.result.value == "residual":  # then the list was complete
                open_ = {order.id for order in self.sandbox.book(venue.venue).open()}
                scoped = known[venue.venue] & open_ if isinstance(scope, Everything) else set()
                assert scoped <= {order.id for order in listed}
        return report


TestTruth = Truth.TestCase
TestTruth.settings = settings(
    max_examples=12,
    stateful_step_count=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
