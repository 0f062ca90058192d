"""Opening the parts of a bundle (liên thông) once it is received: one citizen's form, several agencies' work."""

from uuid import uuid5

from services.one_stop_shop.domain import ties
from services.one_stop_shop.domain.actors import CLOCKWORK, SYSTEM
from services.one_stop_shop.domain.application import Application, Decision
from services.one_stop_shop.domain.bundles import content_of_part, open_part
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.registration import agencies_for, day_of
from services.one_stop_shop.ports import AlreadyThere, Arrival
from services.one_stop_shop.usecases.changes import begun
from services.one_stop_shop.usecases.context import Context, occasion_for
from services.one_stop_shop.usecases.submit import NAMESPACE
from shared.errors import Invalid, NotFound
from shared.observability import logger
from shared.working_time import VIETNAM

log = logger(__name__)


def procedures_of_parts(context: Context, application: Application) -> tuple[str, ...]:
    """The procedures that an application is a bundle of; none for most."""
    return _version_of(context, application).children


def _version_of(context: Context, application: Application) -> ProcedureVersion:
    procedure = application["procedure"]
    return context.catalogue.version(procedure["code"], procedure["version"])


def open_part_of(context: Context, bundle: Application, procedure: str) -> Decision | None:
    """Open the part for one procedure and say what the bundle has to note; None when it knows of the part already.

    A part's id follows from the bundle's and its procedure, so that it is opened once, however often this is tried.
    """
    identifier = uuid5(NAMESPACE, f"part:{bundle['_id']}:{procedure}").hex
    if ties.is_tied(bundle, identifier):
        return None
    try:
        part = context.applications.add(_arrival(context, bundle, procedure, identifier))
    except AlreadyThere:  # opened before, but the bundle's own note was lost
        part = context.applications.find_all([identifier])[identifier]
    except (Invalid, NotFound) as error:
        # An officer can still hand it in and tie it; the bundle's other news must not wait for that.
        log.warning("part_not_opened", bundle=bundle["_id"], procedure=procedure, error=str(error))
        return None
    return ties.tie_part(bundle, part)


def _arrival(context: Context, bundle: Application, procedure: str, identifier: str) -> Arrival:
    today = context.now().astimezone(VIETNAM).date()
    version = context.catalogue.in_force(procedure, today)
    working_time = context.offices.working_time(bundle["received_agency"])
    content = content_of_part(bundle, _version_of(context, bundle), version, working_time)
    agencies = agencies_for(content, CLOCKWORK, version, context.offices.directory(), today)
    occasion = occasion_for(context, CLOCKWORK, version, agencies.received)
    opened = open_part(bundle, content, agencies, occasion)
    return Arrival(
        identifier,
        agencies.received,
        day_of(occasion),
        lambda code: begun(identifier, code, opened, occasion, CLOCKWORK.sign((SYSTEM,)), None),
    )
