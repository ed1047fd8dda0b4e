"""Acts of the meeting: writing down what was said, confirming it, disagreeing."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from shop.collective.deciding.services import write_down
from shop.decisions.models import Decision
from shop.decisions.services import confirm, contest
from shop.extensions import db
from shop.ledger.sharing.models import Settlement
from shop.ledger.sharing.services import weights_value
from tests.ledger.machine.driver import Driver
from tests.ledger.machine.expected_deciding import BOUND, RATE, WEIGHTS
from tests.ledger.machine.ground import NEEDS
from tests.ledger.machine.model import Refused

BY_NAME = st.dictionaries(st.sampled_from(sorted(NEEDS)), st.integers(1, 400), min_size=1)
SAID = st.one_of(
    st.tuples(st.just(WEIGHTS), BY_NAME),
    st.tuples(st.just(WEIGHTS), BY_NAME),
    st.tuples(st.just(RATE), st.sampled_from([0, 500, 1250])),
    st.tuples(st.just(BOUND), st.sampled_from([0, 2000, 9000])),
)


class ActsOfDeciding(Driver):
    """What is decided."""

    @rule(said=SAID, later=st.sampled_from([0, 0, 1, 1, -1]))
    def decides(self, said: tuple[str, Any], later: int) -> None:
        """Decide a number that holds from the first open week on, or the next; or one too early."""
        about, value = said
        since = self.model.first_open(self.today) + timedelta(weeks=later)
        one, other = sorted(self.scene.members.values())[:2]

        def decided() -> None:
            given = self._as_kept(about, value)
            written = write_down(about, given, since, self.now, written_by=one, present=[one, other])
            confirm(written.id, other, self.now)

        def expected() -> None:
            if later < 0:
                raise Refused("WeekSettled")
            by_subject = about == WEIGHTS
            known = {self.scene.subjects[name]: one for name, one in value.items()} if by_subject else value
            self.model.decide(about, known, since)

        self.act(decided, expected)

    @rule(pick=st.integers(0, 3))
    def disagrees(self, pick: int) -> None:
        """Disagree with a decision, the newest first: what is settled keeps the numbers it was settled by."""
        ids = list(db.session.scalars(select(Decision.id).order_by(Decision.id)))
        told = self.model.decisions
        place = sorted(range(len(ids)), key=lambda one: (told[one].contested, -one))[pick % len(ids)]
        self.act(lambda: contest(ids[place], self.now), lambda: self.model.disagree(place))
        settled = db.session.scalars(select(Settlement).order_by(Settlement.id)).all()
        frozen = [(one.inputs.value or {})["weights"] for one in settled]
        assert frozen == [dict(one.weights) for one in self.model.settlements]

    def _as_kept(self, about: str, value: Any) -> Any:
        """Give a number as the shop keeps it."""
        if about == WEIGHTS:
            return weights_value({self.scene.members[name]: weight for name, weight in value.items()})
        return {"rate": f"{value // 100}.{value % 100:02}"} if about == RATE else value
