"""What the page asks for, read from what it sends: settings, evidence, and what it shows."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coopsim.errors import UsageError
from coopsim.printable import one_line

MOST_SETTINGS = 100
Sent = TypeVar("Sent", bound=BaseModel)
LiveStage = Literal["first", "whole", "rest"]
Tab = Literal["answers", "assumptions", "story", "around"]

_Text = Annotated[str, Field(min_length=1, max_length=300)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class LiveWish(_Strict):
    """What the page shall show: what is set and given, of which base, and how far it has come.

    `base` is the name and hash of what was changed, empty for whatever is served. `around` is the
    entry, such as `events.reentry`, that the tab of that name shows.
    """

    settings: Annotated[dict[_Text, _Text], Field(max_length=MOST_SETTINGS)] = {}
    given: Annotated[list[_Text], Field(max_length=10)] = []
    stage: LiveStage = "first"
    tab: Tab = "answers"
    around: Annotated[str, Field(max_length=300)] = ""
    base: Annotated[str, Field(max_length=300)] = ""

    @property
    def sets(self) -> tuple[str, ...]:
        """Get the settings as --set takes them."""
        return tuple(f"{path}={value}" for path, value in self.settings.items())


class Searched(_Strict):
    """A text that is looked for among all assumptions."""

    text: Annotated[str, Field(max_length=100)]


class News(_Strict):
    """Which state of the scenario the page shows, to be told when there is a newer one."""

    version: Annotated[int, Field(ge=0, le=2**31)]


def read(kind: type[Sent], body: bytes) -> Sent:
    """Read what the page has sent; raises UsageError for anything else."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the request"
        raise UsageError(one_line(f"{where[:100]}: {first['msg']}")) from None
