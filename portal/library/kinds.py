"""The front matter each kind brings of its own, checked with messages a writer understands."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from portal.errors import Invalid
from portal.library.frontmatter import aside
from portal.library.rules import Kind

_TEXT = 2000


class Fields(BaseModel):
    """Parent of every kind's fields: all optional, since real documents lack them."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, str_strip_whitespace=True)


class _Part(BaseModel):
    """A value with parts of its own; parts nobody knows are kept."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True, str_strip_whitespace=True)


class Result(_Part):
    """One figure of a case study."""

    figure: str = Field(default="", max_length=60)
    label: str = Field(default="", max_length=300)
    source: str = Field(default="", max_length=300)


class Quote(_Part):
    """What the customer said."""

    text: str = Field(max_length=_TEXT)
    by: str = Field(default="", max_length=200)


class CaseStudy(Fields):
    """A customer, what hurt, what came out, in the customer's words."""

    customer: str | None = Field(default=None, max_length=200)
    country: str | None = Field(default=None, max_length=100)
    challenge: str | None = Field(default=None, max_length=_TEXT)
    results: list[Result] | None = Field(default=None, max_length=12)
    quote: Quote | None = None

    @field_validator("results", mode="before")
    @classmethod
    def _plain_results(cls, value: object) -> object:
        if isinstance(value, str):
            value = [value]
        if isinstance(value, list):
            return [{"label": item} if isinstance(item, str) else item for item in value]
        return value

    @field_validator("quote", mode="before")
    @classmethod
    def _plain_quote(cls, value: object) -> object:
        return {"text": value} if isinstance(value, str) else value


class Media(Fields):
    """Where a video or deck is to be seen, and how long it takes."""

    url: str | None = Field(default=None, max_length=1000)
    duration: str | None = Field(default=None, max_length=40)


MODELS: dict[Kind, type[Fields]] = {
    **dict.fromkeys(Kind, Fields),
    Kind.CASE_STUDY: CaseStudy,
    Kind.VIDEO: Media,
    Kind.DECK: Media,
}


def check(
    kind: Kind, values: dict[str, Any], lines: dict[str, int]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part the values into the kind's own fields, checked, and the rest as it was.

    Raises:
        Invalid: naming the key, what is wrong and the line.
    """
    model = MODELS[kind]
    own = {key: values[key] for key in model.model_fields if values.get(key) is not None}
    rest = {key: value for key, value in values.items() if key not in own}
    try:
        checked = model.model_validate(own)
    except ValidationError as error:
        problem = error.errors()[0]
        path = ".".join(str(p + 1 if isinstance(p, int) else p) for p in problem["loc"])
        line = lines.get(str(problem["loc"][0])) if problem["loc"] else None
        raise Invalid(f"`{path}` of a {kind}: {_plain(problem['msg'])}", line=line) from error
    return checked.model_dump(exclude_none=True, exclude_defaults=True), rest


def refit(kind: Kind, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part values as `check` does, for a kind they were not written for: nothing is refused.

    A value the kind's own field can not hold is kept under another name.
    """
    rest = dict(values)
    for key in [key for key in MODELS[kind].model_fields if key in rest]:
        try:
            check(kind, {key: rest[key]}, {})
        except Invalid:
            rest[aside(rest, key)] = rest.pop(key)
    return check(kind, rest, {})


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should", "should")
