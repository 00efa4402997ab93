"""A request's JSON, read exactly: numbers keep every digit, and what is malformed is named.

Shapes are msgspec Structs beside the handlers that want them, each with a decoder made once: making one
costs many times what reading a body does. Values of fields stay raw, the save converts them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec

from engine.problem import Problem
from runtime.codes import BAD_BODY, BAD_JSON, NOT_MEDIA

if TYPE_CHECKING:
    from runtime.exchange import Exchange

T = TypeVar("T")
Values = dict[str, Any]
MOST_REASON = 2000
Reason = Annotated[str, msgspec.Meta(max_length=MOST_REASON, pattern=r"\A[^\x00]*\Z")]
"""Why records are changed, kept with the change; PostgreSQL keeps no NUL."""


def decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    """What reads a body of this shape."""
    return msgspec.json.Decoder(shape, float_hook=Decimal)


def read_json(exchange: Exchange, shape: msgspec.json.Decoder[T]) -> T:
    """The body in a shape. Raises Problem: 415 not declared as JSON, 400 malformed, 422 another shape."""
    media_type = exchange.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise Problem(
            NOT_MEDIA,
            f"The body is declared as {media_type}; this address reads application/json.",
            status=415,
            hint="Send the header Content-Type: application/json.",
        )
    try:
        return shape.decode(exchange.body)
    except msgspec.ValidationError as error:
        raise Problem(BAD_BODY, f"The body has another shape: {error}.", status=422) from error
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Problem(BAD_JSON, f"The body is not valid JSON: {error}.", status=400) from error
