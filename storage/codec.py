"""Values of the domain to JSON text and back, exactly; and the text that no database refuses.

Instants come back in dt.UTC itself; one without a zone is refused on both ways.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError, SchemaSerializer, SchemaValidator, core_schema

T = TypeVar("T")

_ODD = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text with U+FFFD for what a database refuses: NUL (PostgreSQL) and lone surrogates (both)."""
    if text.isascii():
        return text if "\0" not in text else text.replace("\0", "\ufffd")
    return _ODD.sub("\ufffd", text)


def dumped(value: object) -> str:
    """A frozen dataclass as JSON text."""
    kind: Any = type(value)
    serializer = _serializer(kind)
    try:
        text = serializer.to_json(value).decode()
    except (PydanticSerializationError, UnicodeError) as error:
        if not isinstance(error, UnicodeError) and "surrogate" not in str(error).lower():
            raise
        return _dumped_clean(serializer, value)
    return _dumped_clean(serializer, value) if "\\u0000" in text else text


def loaded(kind: type[T], text: str) -> T:
    """The value of this dataclass that `dumped` wrote. Raises pydantic's ValidationError where it is none."""
    key: Any = kind
    return cast(T, _validator(key).validate_json(text))


def _dumped_clean(serializer: SchemaSerializer, value: object) -> str:
    return json.dumps(_cleaned(serializer.to_python(value, mode="json")), ensure_ascii=False)


def _cleaned(plain: Any) -> Any:
    if isinstance(plain, str):
        return clean(plain)
    if isinstance(plain, list):
        return [_cleaned(item) for item in plain]
    if isinstance(plain, dict):
        return {clean(key): _cleaned(item) for key, item in plain.items()}
    return plain


@cache
def _schema(kind: Any) -> Any:
    return _in_utc(TypeAdapter[Any](kind).core_schema)


@cache
def _serializer(kind: Any) -> SchemaSerializer:
    return SchemaSerializer(_schema(kind))


@cache
def _validator(kind: Any) -> SchemaValidator:
    return SchemaValidator(_schema(kind))


def _in_utc(schema: Any) -> Any:
    """The same schema with every instant guarded: pydantic's own would let naive ones through, and give its own UTC."""
    if isinstance(schema, dict):
        if schema.get("type") == "datetime":
            return core_schema.no_info_after_validator_function(
                _to_utc,
                core_schema.datetime_schema(tz_constraint="aware"),
                serialization=core_schema.plain_serializer_function_ser_schema(_iso, when_used="json"),
            )
        return {key: _in_utc(item) for key, item in schema.items()}
    if isinstance(schema, list):
        return [_in_utc(item) for item in schema]
    return schema


def _to_utc(at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC)


def _iso(at: dt.datetime) -> str:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone")
    return at.astimezone(dt.UTC).isoformat()
