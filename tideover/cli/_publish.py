"""tideover publish, releases: a strategy goes to a second person, and where each one stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tideover.cli._live import set_up
from tideover.kit.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tideover.access.models import Staff
    from tideover.strategy.models import Release


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(publish)
    app.command()(releases)


def publish(
    strategy: Annotated[
        str,
        typer.Argument(metavar="FOLDER", help="The strategy's folder, or the name of a shipped or own one."),
    ],
    by: Annotated[
        str | None,
        typer.Option(
            "--by", help="Who asks: a mail address of staff. Not needed where only one may publish."
        ),
    ] = None,
    whole: Annotated[bool, typer.Option("--whole", help="For everybody at once, without a ramp.")] = False,
) -> None:
    """Run a strategy's cases, freeze it, and ask a second person, who agrees on the desk."""
    set_up()
    from django.conf import settings  # noqa: PLC0415

    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.engine.policy.strategy import find_strategy  # noqa: PLC0415
    from tideover.strategy.publishing import publish as ask  # noqa: PLC0415

    release = ask(find_strategy(strategy, settings.CONTENT), by=_who(by), at=now(), whole=whole)
    typer.echo(f"{release}: {release.cases:,} cases passed. It waits for a second person.")
    for line in _differing(release):
        typer.echo(line)
    typer.echo(f"{settings.PUBLIC_URL}/desk/releases/{release.pk}/")


def releases(
    release_hash: Annotated[
        str | None, typer.Argument(metavar="[HASH]", help="One release, by the beginning of its hash.")
    ] = None,
) -> None:
    """Every release: where it stands, its share of people, who and when; of one also what differs, line by line."""
    set_up()
    from tideover.strategy.reading import listed  # noqa: PLC0415

    if release_hash is None:
        for it in listed():
            approved = f"approved by {it.approved_by}" if it.approved_by else "not approved"
            alone = " alone, after a night" if it.release.alone else ""
            typer.echo(f"{it.release}  {it.says}; published by {it.published_by}, {approved}{alone}")
        return
    for line in _told(_found(release_hash)):
        typer.echo(line)


def _who(by: str | None) -> Staff:
    """The member of staff who asks. Raises Refused."""
    from tideover.access.models import Staff  # noqa: PLC0415
    from tideover.access.roles import Power  # noqa: PLC0415

    if by is not None:
        found = Staff.objects.filter(email__iexact=by).first()
        if found is None:
            raise Refused(f"Nobody of staff has the address {by}.")
        return found
    everybody = list(Staff.objects.who_may(Power.PUBLISH_STRATEGY))
    if not everybody:
        raise Refused(
            "Nobody may publish yet. Invite a strategist: tideover invite MAIL --name NAME --role strategist"
        )
    if len(everybody) > 1:
        raise Refused(f"Say who asks with --by: {', '.join(sorted(it.email for it in everybody))}.")
    return everybody[0]


def _found(beginning: str) -> Release:
    from tideover.strategy.models import Release  # noqa: PLC0415

    found = list(Release.objects.filter(pk__startswith=beginning.lower())[:2])
    if len(found) != 1:
        raise Refused(
            f"{'Several releases begin' if found else 'No release begins'} with '{beginning}'. "
            "See them all with: tideover releases"
        )
    return found[0]


def _differing(release: Release) -> Iterator[str]:
    from tideover.strategy.diffs import compared_with, diff_of  # noqa: PLC0415

    other = compared_with(release)
    yield f"Against {other or 'nothing: no strategy is live'}:"
    for file in diff_of(release, other):
        yield f"  {file.kind:8} {file.path}  +{file.added} -{file.removed}"


def _told(release: Release) -> Iterator[str]:
    from tideover.strategy.diffs import compared_with, diff_of  # noqa: PLC0415
    from tideover.strategy.reading import history, said  # noqa: PLC0415

    yield f"{release}  {said(release)}"
    yield release.says
    for done in history(release):
        yield f"  {done.at:%Y-%m-%d %H:%M} UTC  {done.says}, by {done.by}{f': {done.why}' if done.why else ''}"
    yield from _differing(release)
    for file in diff_of(release, compared_with(release)):
        yield f"{file.path} ({file.kind})"
        for part in file.parts:
            yield f"@@ line {part.first} @@"
            yield from (f"{line.sign}{line.text}" for line in part.lines)
