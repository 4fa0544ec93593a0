"""Passkeys on a borrower's own device (WebAuthn level 2): made when signed in, then the only thing she needs to come in.

They need scripts; a code works without.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_POST
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.access.borrowers.models import BorrowerPasskey
from tideover.access.borrowers.session import borrower_of, prove, sign_in
from tideover.access.clock import now
from tideover.book.surrogates import surrogate_of
from tideover.web.portal.door import for_borrowers, for_proven, signed_in
from tideover.web.portal.doors.asking import next_page
from tideover.web.portal.showing import show, words_for

ASKED = "passkey_asked"


@for_borrowers
def mine(request: HttpRequest) -> HttpResponseBase:
    """Her devices."""
    held = BorrowerPasskey.objects.filter(person_id=signed_in(request).person_id).order_by("made_at")
    return show(
        request, "portal/doors/devices.html", {"devices": [(it.pk, it.made_at.date()) for it in held]}
    )


@require_POST
@for_proven
def new(request: HttpRequest) -> HttpResponseBase:
    """What her device is asked for, to make a passkey."""
    borrower = signed_in(request)
    surrogate = surrogate_of(borrower.person_id)
    user = PublicKeyCredentialUserEntity(id=surrogate.encode(), name=_name(), display_name=_name())
    options, state = _server().register_begin(
        user, credentials=_known(borrower.person_id), resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    request.session[ASKED] = state
    return JsonResponse(json.loads(json.dumps(dict(options))))


@require_POST
@for_proven
def made(request: HttpRequest) -> HttpResponseBase:
    """Her device has made one: its public half is kept."""
    borrower, at = signed_in(request), now()
    try:
        data = _server().register_complete(request.session.pop(ASKED), _read(request))
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"refused": True}, status=400)
    credential = data.credential_data
    if credential is None:
        return JsonResponse({"refused": True}, status=400)
    BorrowerPasskey.objects.get_or_create(
        credential_id=websafe_encode(credential.credential_id),
        defaults={"person_id": borrower.person_id, "public_data": websafe_encode(bytes(credential)), "made_at": at},
    )  # fmt: skip
    note(action="borrower_passkey_made", by=person_actor(surrogate_of(borrower.person_id)), at=at)
    return JsonResponse({"made": True})


@require_POST
@for_proven
def drop(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A device of hers opens nothing any more."""
    borrower = signed_in(request)
    gone, _ = BorrowerPasskey.objects.filter(pk=pk, person_id=borrower.person_id).delete()
    if gone:
        note(action="borrower_passkey_dropped", by=person_actor(surrogate_of(borrower.person_id)), at=now())
    return HttpResponseRedirect("/me/devices/")


@require_POST
def asked(request: HttpRequest) -> HttpResponseBase:
    """What a device is asked for, to come in: whichever passkey it has for us."""
    options, state = _server().authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    request.session[ASKED] = state
    return JsonResponse(json.loads(json.dumps(dict(options))))


@require_POST
def used(request: HttpRequest) -> HttpResponseBase:
    """A passkey was shown: whoever's it is comes in, or has proved again who she is."""
    at = now()
    try:
        told = _read(request)
        found = BorrowerPasskey.objects.get(credential_id=told["id"])
        credential = AttestedCredentialData(websafe_decode(found.public_data))
        _server().authenticate_complete(request.session.pop(ASKED), [credential], told)
    except (ValueError, KeyError, TypeError, BorrowerPasskey.DoesNotExist):
        return JsonResponse({"refused": True}, status=400)
    BorrowerPasskey.objects.filter(pk=found.pk).update(used_at=at)
    known = borrower_of(request, at)
    if known is not None and known.person_id == found.person_id:
        prove(request, at)
    else:
        sign_in(request, found.person_id, language=words_for(request).tag, how="passkey", at=at)
    actor = person_actor(surrogate_of(found.person_id))
    note(action="borrower_signed_in", by=actor, at=at, detail={"by": "passkey"})
    return JsonResponse({"next": next_page(request)})


def _server() -> Fido2Server:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name=_name()))


def _name() -> str:
    us = settings.SENDER
    return str(us["public_name"] or us["name"] or "Tideover")


def _known(person: str) -> list[AttestedCredentialData]:
    held = BorrowerPasskey.objects.filter(person_id=person).values_list("public_data", flat=True)
    return [AttestedCredentialData(websafe_decode(it)) for it in held]


def _read(request: HttpRequest) -> dict[str, Any]:
    told = json.loads(request.body)
    if not isinstance(told, dict):
        raise TypeError
    return told
