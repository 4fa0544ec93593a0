"""Text messages, by the transport that the address names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from tideover.delivery.channels.contract import Clock, Limits
from tideover.delivery.channels.hearing import Listen
from tideover.delivery.channels.sms.gateway import GatewaySession
from tideover.delivery.channels.sms.listening import listen
from tideover.delivery.channels.sms.settings import SmsSettings, read_settings
from tideover.delivery.channels.sms.smpp import SmppSession


def open_channel(environ: Mapping[str, str]) -> SmsChannel:
    """The provider named by TIDEOVER_SMS_URL. Raises NotConnected."""
    return SmsChannel(read_settings(environ))


@dataclass(frozen=True)
class SmsChannel:
    """Text messages by the lender's provider."""

    settings: SmsSettings
    name: str = "sms"

    @property
    def limits(self) -> Limits:
        return self.settings.limits

    @property
    def listen(self) -> Listen | None:
        """The line on which a network tells what came back; a gateway posts it instead."""
        return partial(listen, self.settings) if self.settings.scheme == "smpp" else None

    @asynccontextmanager
    async def session(self, *, at: datetime) -> AsyncIterator[SmppSession | GatewaySession]:
        opened = SmppSession if self.settings.scheme == "smpp" else GatewaySession
        session = opened(self.settings, Clock(at))
        try:
            yield session
        finally:
            await session.close()
