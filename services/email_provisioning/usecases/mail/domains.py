"""Mail domains, and whether their records let mail in and keep forgeries out."""

from typing import Any

from services.email_provisioning.domain.access import EVERYWHERE
from services.email_provisioning.domain.mail.domain_check import Expected, Finding, check_domain, gravest
from services.email_provisioning.usecases.context import Context, actor_of
from services.email_provisioning.usecases.mail.loading import READ_MAIL, mail_scope
from shared.contracts.principal import Principal
from shared.errors import Forbidden, NotFound

Request = dict[str, Any]


def list_mail_domains(context: Context, _: Request, principal: Principal) -> dict[str, Any]:
    """The domains of the house's terms."""
    _check_operator(principal)
    shown = ("name", "agency", "automatic")
    return {
        "domains": [
            {name: getattr(domain, name) for name in shown} | {"hosts": list(domain.hosts)}
            for domain in context.mail.rules.domains
        ]
    }


def check_mail_domain(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """What name servers say of one domain now, judged in words."""
    _check_operator(principal)
    domain = context.mail.rules.domain_of(f"@{request['domain']}")
    if domain is None:
        raise NotFound("mail_domain_unknown", domain=request["domain"])
    expected = Expected(domain.name, domain.mx, domain.dkim_selectors)
    found = check_domain(expected, context.mail.names.asking(), context.mail.names.key_bits)
    return {
        "domain": domain.name,
        "checked_at": context.now(),
        "verdict": gravest(finding for findings in found.values() for finding in findings),
        "records": [_record(kind, findings) for kind, findings in found.items()],
    }


def _record(kind: str, findings: list[Finding]) -> dict[str, Any]:
    return {
        "kind": kind,
        "verdict": gravest(findings),
        "findings": [{"code": one.code, "verdict": one.verdict, "reason": one.words} for one in findings],
    }


def _check_operator(principal: Principal) -> None:
    if mail_scope(actor_of(principal)) != EVERYWHERE:
        raise Forbidden("role_not_allowed", action=READ_MAIL)
