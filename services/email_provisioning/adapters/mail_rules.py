"""Reads the file of mail domains and terms; every mistake is named by line and path."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marshmallow import fields, validate

from services.email_provisioning.domain.mail.addresses import Homonyms, NamingPolicy, Order
from services.email_provisioning.domain.mail.rules import MailDomain, MailRules
from services.email_provisioning.domain.mail.use import DAYS_OF_RULE
from shared.contracts.base import Request
from shared.contracts.email_provisioning.mail_values import DOMAIN, HOST, MAIL_NAME, SELECTOR
from shared.contracts.shapes import Shape
from shared.contracts.values import AGENCY_CODE
from shared.data_files import matching, read_shaped

BUNDLED = Path(__file__).parents[1] / "data" / "mail.yaml"


def _whole(least: int = 1) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(min=least))


def _agencies_to(value: fields.Field[Any]) -> fields.Dict:
    return fields.Dict(keys=fields.String(validate=Shape(AGENCY_CODE, "H13.30.01")), values=value)


class DomainShape(Request):
    """One domain of the file."""

    domain = matching(DOMAIN, "cantho.gov.vn", required=True)
    agency = matching(AGENCY_CODE, "H13", required=True)
    order = fields.String(validate=validate.OneOf([one.value for one in Order]))
    homonyms = fields.String(validate=validate.OneOf([one.value for one in Homonyms]))
    unit_suffix = fields.Boolean(truthy={True}, falsy={False})
    automatic = fields.Boolean(truthy={True}, falsy={False})
    hosts = fields.List(matching(HOST, "mail-1"), required=True, validate=validate.Length(min=1))
    mail_names = _agencies_to(matching(MAIL_NAME, "stttt"))
    mx = fields.List(matching(DOMAIN, "mx1.cantho.gov.vn"))
    dkim_selectors = fields.List(matching(SELECTOR, "default"))


class RulesShape(Request):
    """The whole file."""

    domains = fields.List(fields.Nested(DomainShape), required=True, validate=validate.Length(min=1))
    retention_days = _whole()
    alias_days = _whole()
    link_hours = _whole()
    regular_days = fields.Integer(strict=True, validate=validate.Range(1, DAYS_OF_RULE))
    default_quota = _whole()
    default_grant = fields.Integer(strict=True, allow_none=True, validate=validate.Range(min=0))
    grants = _agencies_to(_whole(0))
    leader_titles = fields.List(fields.String())


def read_mail_rules(path: Path | None = None) -> MailRules:
    """The terms of a file, or those that come with the platform.

    Raises:
        DataFileError: naming every mistake.
    """
    return _rules(read_shaped(path or BUNDLED, RulesShape(), _contradictions))


def _contradictions(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    found, seen = [], set()
    for number, domain in enumerate(content["domains"]):
        if domain["domain"] in seen:
            found.append((f"domains.{number}.domain", "this domain stands there twice"))
        seen.add(domain["domain"])
    return found


def _rules(content: Mapping[str, Any]) -> MailRules:
    rest = {name: value for name, value in content.items() if name not in ("domains", "leader_titles")}
    return MailRules(
        domains=tuple(map(_domain, content["domains"])),
        leader_titles=tuple(content.get("leader_titles", ())),
        **rest,
    )


def _domain(plain: Mapping[str, Any]) -> MailDomain:
    policy = NamingPolicy(
        plain["domain"],
        Order(plain.get("order", Order.GIVEN_FIRST)),
        Homonyms(plain.get("homonyms", Homonyms.NUMBER)),
        unit_suffix=plain.get("unit_suffix", False),
    )
    return MailDomain(
        policy,
        plain["agency"],
        tuple(plain["hosts"]),
        automatic=plain.get("automatic", False),
        mail_names=plain.get("mail_names", {}),
        mx=tuple(plain.get("mx", ())),
        dkim_selectors=tuple(plain.get("dkim_selectors", ())),
    )
