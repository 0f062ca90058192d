"""The offers about registers, figures and connections."""

from shared.contracts.document_routing import register_views
from shared.contracts.document_routing import requests as r
from shared.contracts.document_routing.offers import CONNECT, REPORT, get
from shared.contracts.operations import FileTicket, Operation

CONNECTIONS = [
    get(
        "list_connections",
        "/connections",
        "How agencies get their documents",
        "Kết nối liên thông văn bản",
        register_views.ConnectionView,
        "connections",
        query=r.DocumentPage,
        paged=True,
    ),
    Operation(
        "set_connection",
        "PUT",
        "/connections/{agency}",
        "Say how an agency gets its documents",
        "Đặt kết nối của cơ quan",
        view=register_views.ConnectionView,
        body=r.SetConnection,
        scope=CONNECT,
        example={"mode": "desk"},
        tag="connections",
    ),
]

REGISTERS = [
    get(
        "list_outgoing_register",
        "/registers/outgoing-documents",
        "The register of outgoing documents",
        "Sổ đăng ký văn bản đi",
        register_views.OutgoingRegisterRow,
        "registers",
        query=r.DocumentRegisterPeriod,
        paged=True,
    ),
    get(
        "print_outgoing_register",
        "/registers/outgoing-documents/{format}",
        "The same as PDF or spreadsheet",
        "In sổ đăng ký văn bản đi",
        FileTicket,
        "registers",
        query=r.DocumentPeriod,
    ),
    get(
        "list_incoming_register",
        "/registers/incoming-documents",
        "The register of incoming documents",
        "Sổ đăng ký văn bản đến",
        register_views.IncomingRegisterRow,
        "registers",
        query=r.DocumentRegisterPeriod,
        paged=True,
    ),
    get(
        "print_incoming_register",
        "/registers/incoming-documents/{format}",
        "The same as PDF or spreadsheet",
        "In sổ đăng ký văn bản đến",
        FileTicket,
        "registers",
        query=r.DocumentPeriod,
    ),
    get(
        "verify_register",
        "/registers/verification",
        "Whether every number given in a year still stands in the register",
        "Kiểm tra sổ văn bản có đủ số",
        register_views.RegisterVerification,
        "registers",
        query=r.VerifyRegister,
    ),
    get(
        "print_assignment_slip",
        "/arrivals/{arrival}/assignment-slip",
        "The assignment slip as PDF",
        "In phiếu giải quyết văn bản đến",
        FileTicket,
        "arrivals",
    ),
    get(
        "report_documents",
        "/reports/documents",
        "The figures of an agency and period",
        "Số liệu liên thông văn bản",
        register_views.DocumentFigures,
        "reports",
        query=r.DocumentPeriod,
        scope=REPORT,
    ),
]
