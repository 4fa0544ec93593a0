"""The API and its description, at /api/openapi.json."""

from __future__ import annotations

from typing import cast

from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from tideover.kit.errors import Refused
from tideover.web.api import addresses, decisions, facts, hooks, messages, people
from tideover.web.api.door import ClientKey
from tideover.web.api.problems import KIND, Problem, no_such_page
from tideover.web.api.reading import StrictParser

TROUBLE = 400


class Described(NinjaAPI):
    """An API whose description says that every trouble is told as a problem."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, object] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        operations = [it for path in schema["paths"].values() for it in path.values()]
        for status, answer in (
            (int(code), it) for one in operations for code, it in one["responses"].items()
        ):
            if status >= TROUBLE:
                (problem,) = answer["content"].values()
                answer["content"] = {KIND: problem}
        return schema


api = Described(
    title="Tideover", version="1", description="Facts in, decisions and messages out.", docs_url=None,
    auth=ClientKey(), parser=StrictParser(), urls_namespace="api",
)  # fmt: skip
for module in (facts, people, addresses, decisions, messages, hooks):
    api.add_router("", module.router)


@api.exception_handler(Problem)
def _problem(_: HttpRequest, problem: Problem) -> HttpResponse:
    return problem.response()


@api.exception_handler(Refused)
def _refused(_: HttpRequest, refused: Refused) -> HttpResponse:
    return Problem(422, "refused", str(refused)).response()


@api.exception_handler(IntegrityError)
@api.exception_handler(DataError)
def _meanwhile(_: HttpRequest, __: Exception) -> HttpResponse:
    return Problem(409, "meanwhile", "Somebody changed the same thing just now; ask again.").response()


@api.exception_handler(AuthenticationError)
def _closed(_: HttpRequest, __: AuthenticationError) -> HttpResponse:
    return Problem(401, "no_key", "Send the key of a client as 'Authorization: Bearer tdo_...'.").response()


@api.exception_handler(HttpError)
def _http(_: HttpRequest, error: HttpError) -> HttpResponse:
    return Problem(error.status_code, "not_readable", "The request cannot be read.").response()


@api.exception_handler(ValidationError)
def _invalid(_: HttpRequest, error: ValidationError) -> HttpResponse:
    told = [
        {"where": ".".join(map(str, it["loc"])), "code": str(it["type"]), "says": str(it["msg"])}
        for it in cast("list[dict[str, list[str]]]", error.errors)
    ]
    return Problem(422, "not_valid", "Some fields cannot be used; see errors.", errors=told[:50]).response()


urlpatterns: list[URLPattern | URLResolver] = [
    path("", api.urls),
    re_path(r"^[\s\S]*$", no_such_page),
]
