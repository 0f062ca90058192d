"""Which fields of an application each question reads."""

ROW = dict.fromkeys(
    (
        "code",
        "procedure.code",
        "procedure.name",
        "content",
        "owner.name",
        "competent_agency",
        "status",
        "step",
        "steps.key",
        "steps.role",
        "received_agency",
        "withdrawal.state",
        "assignee",
        "assignee_name",
        "submitted_at",
        "received_at",
        "due_at",
        "deadline_at",
        "version",
        "position",
        "arrival",
    ),
    1,
)
WITHOUT_HISTORY = {"history": 0, "search": 0, "words": 0}
WITH_MOMENTS = {
    "search": 0,
    "words": 0,
    "forms.data": 0,
    **{f"history.{name}": 0 for name in ("actor", "reason", "correlation", "traceparent", "command", "prev", "hash")},
}


REGISTER = dict.fromkeys(
    (
        "code",
        "procedure.name",
        "content",
        "owner.name",
        "owner.phone",
        "owner.address",
        "submitter.name",
        "submitter.phone",
        "submitter.address",
        "channel",
        "components.component",
        "received_at",
        "due_at",
        "returned_at",
        "competent_agency",
        "status",
        "outcome",
        "delivery.method",
        "returned",
    ),
    1,
)
