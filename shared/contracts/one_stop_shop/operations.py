"""The one-stop shop's offers, as the gateway shows them and the service answers them.

A service method takes `request` and `principal`; `request` holds the body or query and the names in the path.
Commands answer with an `ApplicationReceipt`.
"""

from shared.contracts.one_stop_shop import query_requests, report_views
from shared.contracts.one_stop_shop import requests as r
from shared.contracts.one_stop_shop import views as v
from shared.contracts.one_stop_shop.application_commands import COMMANDS
from shared.contracts.one_stop_shop.application_operations import APPLICATIONS
from shared.contracts.one_stop_shop.catalogue_operations import CATALOGUE_OPERATIONS
from shared.contracts.one_stop_shop.draft_operations import DRAFTS
from shared.contracts.one_stop_shop.scopes import REPORT, SYNC
from shared.contracts.operations import FileTicket, Operation, get

SERVICE = "one_stop_shop"

SYNCHRONISATION = [
    Operation(
        "list_changes",
        "GET",
        "/synchronisation",
        "Versions not yet sent to the National Portal",
        "Hồ sơ chờ đồng bộ",
        view=v.SynchronisationItem,
        query=query_requests.Since,
        scope=SYNC,
        paged=True,
        tag="synchronisation",
    ),
    Operation(
        "record_synchronisation",
        "POST",
        "/applications/{application}/synchronisation",
        "Record the National Portal's answer",
        "Ghi nhận kết quả đồng bộ",
        view=v.ApplicationReceipt,
        body=r.RecordSynchronisation,
        scope=SYNC,
        example={"version": 3, "outcome": "done"},
        tag="synchronisation",
    ),
]

REPORTS = [
    get(
        "report_indicators",
        "/reports/indicators",
        "Indicators of Decision 766",
        "Bộ chỉ số phục vụ",
        report_views.IndicatorReport,
        query=query_requests.Period,
        scope=REPORT,
        tag="reports",
    ),
    get(
        "report_06a",
        "/reports/06a",
        "Biểu II.06a/VPCP/KSTT",
        "Biểu II.06a",
        report_views.Report06a,
        query=query_requests.Period,
        scope=REPORT,
        tag="reports",
    ),
    get(
        "list_register",
        "/registers/applications",
        "The register, form 07",
        "Sổ theo dõi hồ sơ",
        report_views.RegisterRow,
        query=query_requests.RegisterPeriod,
        scope=REPORT,
        paged=True,
        tag="reports",
    ),
    get(
        "print_register",
        "/registers/applications/{format}",
        "The register as pdf or xlsx",
        "In sổ theo dõi hồ sơ",
        FileTicket,
        query=query_requests.Period,
        scope=REPORT,
        tag="reports",
    ),
]

OPERATIONS = [*APPLICATIONS, *COMMANDS, *SYNCHRONISATION, *DRAFTS, *CATALOGUE_OPERATIONS, *REPORTS]
"""Every offer of the service; the gateway makes one route of each, the service one RPC method."""
