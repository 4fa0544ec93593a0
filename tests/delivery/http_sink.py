"""An HTTP provider on this machine: real HTTP/1.1, every request kept before it is answered."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

REASONS = {200: "OK", 201: "Created"}


@dataclass
class Provider:
    """What arrived, and the reply to give next."""

    status: int = 200
    reply: dict = field(default_factory=lambda: {"id": "g1"})
    headers: dict[str, str] = field(default_factory=dict)
    mode: str = "answer"
    """answer; drop: takes the request and hangs up; stall: takes it and says nothing"""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0
    heads: int = 0
    """How many requests have begun, their bodies still to come or not."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self._one(reader, writer)
                if self.mode == "drop":
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.heads += 1
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (it.partition(":") for it in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.requests.append((first, headers, body))
        if self.mode == "stall":
            await asyncio.sleep(30)
        if self.mode == "answer":
            told = json.dumps(self.reply).encode()
            more = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
            start = f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Other')}\r\n{more}Content-Length: {len(told)}\r\n\r\n"
            writer.write(start.encode() + told)
            await writer.drain()


@asynccontextmanager
async def http_provider(**about):
    provider = Provider(**about)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    provider.port = server.sockets[0].getsockname()[1]
    try:
        yield provider
    finally:
        server.close()
