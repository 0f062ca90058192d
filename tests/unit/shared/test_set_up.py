import pytest

from shared.migrations import MigrationsWrong, TooOld
from shared.set_up import NotSetUp, carry_out


def test_a_job_tells_what_it_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert carry_out(lambda: ["đã thêm 3 cơ quan"]) == 0
    assert capsys.readouterr().out == "đã thêm 3 cơ quan\n"


@pytest.mark.parametrize("why", [TooOld("a newer version was here"), MigrationsWrong("a hole"), NotSetUp("one", "two")])
def test_what_hinders_it_is_told_in_words_and_by_the_exit_code(
    why: NotSetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    def job() -> list[str]:
        raise why

    assert carry_out(job) == 1
    assert capsys.readouterr().out.splitlines() == list(why.problems)


def test_a_mistake_of_our_own_is_not_taken_for_one_of_these() -> None:
    def job() -> list[str]:
        raise KeyError("agencies")

    with pytest.raises(KeyError):
        carry_out(job)
