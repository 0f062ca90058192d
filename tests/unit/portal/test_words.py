"""Every text of the pages is said in English too, with the same figures, and nothing is translated for nobody."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from gateway.portal.case_actions import ACTIONS
from gateway.portal.conference_actions import INCIDENT, MEETING
from gateway.portal.conference_words import INCIDENTS
from gateway.portal.directory_words import MAILBOX_STATES
from gateway.portal.document_actions import INCOMING, OUTGOING
from gateway.portal.document_sides import ARRIVALS, DEPARTURES
from gateway.portal.language import FILE
from gateway.portal.mailbox_actions import MAILBOX
from gateway.portal.plain_words import STANDINGS
from gateway.portal.post_actions import POSTS
from services.document_routing.domain.figures import Facts as FigureFacts
from services.document_routing.domain.figures import figures
from services.one_stop_shop.domain.indicators import Facts as IndicatorFacts
from services.one_stop_shop.domain.indicators import indicators

FOLDER = Path("gateway/portal")
KEYWORDS = {"_": None, "gettext": None, "said": None, "ngettext": (1, 2)}
_FIGURE = re.compile(r"%\((\w+)\)s")


def spoken() -> set[str]:
    """The texts of templates and code, and the names of figures, which services define."""
    found = extract_from_dir(
        FOLDER, method_map=[("**.py", "python"), ("templates/**.html", "jinja2")], keywords=KEYWORDS
    )
    named = {one.name for one in (*indicators(IndicatorFacts(), ()), *figures(FigureFacts()))}
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found} | named


def translated() -> dict[str, tuple[str, ...]]:
    """The English texts by the Vietnamese ones."""
    with FILE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    return {
        message.id if isinstance(message.id, str) else message.id[0]: tuple(
            [message.string] if isinstance(message.string, str) else message.string
        )
        for message in catalogue
        if message.id
    }


def test_every_text_is_said_in_english_and_no_english_is_left_over() -> None:
    assert len(spoken()) > 200
    assert spoken() - translated().keys() == set()
    assert translated().keys() - spoken() == set()
    assert [text for text, english in translated().items() if not all(english)] == []


def test_both_languages_give_the_same_figures() -> None:
    differ = [
        text
        for text, english in translated().items()
        if any(set(_FIGURE.findall(one)) != set(_FIGURE.findall(text)) for one in english)
    ]
    assert differ == []


def test_a_button_never_says_the_name_of_a_state() -> None:
    """One Vietnamese text for both would be one English text: a button called "Stopped"."""
    tables = (ACTIONS, INCOMING, OUTGOING, MEETING, INCIDENT, MAILBOX, POSTS)
    buttons = {english for table in tables for action in table.values() for english in translated()[action.name]}
    states = {standing.title for standing in STANDINGS.values()} | {*INCIDENTS.values(), *MAILBOX_STATES.values()}
    states |= {name for side in (ARRIVALS, DEPARTURES) for _code, name in side.statuses}
    assert len(buttons) > 50
    assert buttons & {english for name in states for english in translated()[name]} == set()
