"""Who may answer what customers say, and what is asked of the voice of customers: pure."""

from dataclasses import dataclass

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.policy import Person, Thing
from portal.accounts.rules import Department, Role
from portal.calls.rules import Answer, Said

ANSWERING = (
    Department.MARKETING,
    Department.PRODUCT,
    Department.CUSTOMER_CARE,
    Department.ACCOUNTING,
)
"""The departments that have an inbox; Sales hears."""
ALL = "all"
WINDOWS = (30, 90, 365)
WINDOW = 90


def may_answer(*, role: Role, department: str | None, of: str | None) -> bool:
    """Whether somebody may answer: who writes in that department; marketers write for all."""
    person = Person(None, role, department)
    return policy.may(person, Act.VOICE_ANSWER, Thing(department=of))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the voice of customers; "" does not matter, None is every department."""

    department: str | None
    state: str
    kind: str
    product: str
    competitor: str
    industry: str
    days: int


def asked_of(args: dict[str, str], own: str | None) -> Asked:
    """Read what is asked from an address; what is odd is as if it were not said."""
    departments = {department.value for department in ANSWERING}
    said = args.get("department", own or ALL)
    days = next((n for n in WINDOWS if str(n) == args.get("days")), WINDOW)
    state, kind = args.get("state", ""), args.get("kind", "")

    def slug(name: str) -> str:
        value = args.get(name, "")
        return value if len(value) <= 80 and value.isprintable() else ""  # noqa: PLR2004

    return Asked(
        department=said if said in departments else None,
        state=state if state in {*Answer, ALL} else Answer.OPEN.value,
        kind=kind if kind in set(Said) else "",
        product=slug("product"),
        competitor=slug("competitor"),
        industry=slug("industry"),
        days=days,
    )
