from mail_host.policy import KNOWN_SECONDS, Limits, Policy

LIMITS = Limits(of_pair=3, of_mailbox=6, of_address=5, seconds=60)


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def wrong(policy: Policy, login: str, address: str, count: int, mark: str = "p") -> None:
    for number in range(count):
        policy.note(login, address, f"{mark}{number}", success=False)


def test_different_wrong_passwords_of_one_address_for_one_mailbox() -> None:
    policy = Policy(LIMITS)
    wrong(policy, "an", "1", 3)
    assert policy.refuses("AN", "1") == "too many wrong passwords for this mailbox from this address"
    assert policy.refuses("an", "2") == ""
    assert policy.refuses("binh", "1") == ""


def test_the_same_wrong_password_counts_once_and_a_right_one_begins_anew() -> None:
    policy = Policy(LIMITS)
    for _ in range(100):
        policy.note("an", "1", "old", success=False)
    assert policy.refuses("an", "1") == ""
    wrong(policy, "an", "1", 1)
    policy.note("an", "1", "right", success=True)
    wrong(policy, "an", "1", 2)
    assert policy.refuses("an", "1") == ""


def test_guessing_from_everywhere_closes_a_mailbox_only_to_strangers() -> None:
    policy = Policy(LIMITS)
    policy.note("an", "home", "right", success=True)
    for address in ("1", "2", "3"):
        wrong(policy, "an", address, 2)
    assert policy.refuses("an", "4") == "too many wrong passwords for this mailbox"
    assert policy.refuses("an", "home") == ""


def test_an_address_that_tries_many_mailboxes_is_closed_unless_people_work_there() -> None:
    policy = Policy(LIMITS)
    for address in ("stranger", "office"):
        for name in ("a", "b", "c", "d", "e"):
            policy.note(name, address, "spray", success=False)
        policy.note("f", "office", "right", success=True)
    assert policy.refuses("g", "stranger") == "too many wrong passwords from this address"
    assert policy.refuses("g", "office") == ""


def test_all_is_forgotten_in_time() -> None:
    clock = Clock()
    policy = Policy(LIMITS, clock)
    wrong(policy, "an", "1", 5)
    clock.now += 61
    assert policy.refuses("an", "1") == ""
    policy.note("an", "2", "right", success=True)
    clock.now += KNOWN_SECONDS
    wrong(policy, "an", "1", 6)
    assert policy.refuses("an", "2") == "too many wrong passwords for this mailbox"
