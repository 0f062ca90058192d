"""What a host tells of the use of its mailboxes; that nothing changed is told too, as its sign of life."""

from pathlib import Path
from typing import Any

from mail_host.accounts import Accounts
from mail_host.use import Usage, prepare_usage


def test_a_host_where_nothing_changed_says_so_once_each_time(tmp_path: Path) -> None:
    prepare_usage(tmp_path / "usage.db")
    accounts = Accounts(tmp_path / "accounts.db")
    asked: list[tuple[str, Any]] = []
    try:
        usage = Usage(accounts, tmp_path / "usage.db")
        for _time in range(2):
            assert usage.tell("mail-1", lambda *question: asked.append(question)) == 0
    finally:
        accounts.close()
    assert asked == [("report_mail_usage", {"host": "mail-1", "rows": []})] * 2
