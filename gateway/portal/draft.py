"""A draft of an application in hand: its procedure, and what follows from the answers so far.

What is answered lies in the draft in the shape in which it will be handed in.
"""

from dataclasses import dataclass
from typing import Any

from gateway.portal.calls import do, look

Content = dict[str, Any]

COUNTER, POST = 1, 3
"""The channels of what officers take down, by the National Portal's codes."""
INTAKE = "/ban-lam-viec/nhan-ho-so"
"""Where officers begin, and go on with what they have begun."""


@dataclass(slots=True)
class Work:
    """A draft with its procedure, and what follows from the answers so far."""

    draft: dict[str, Any]
    procedure: dict[str, Any]
    preview: dict[str, Any]

    @property
    def content(self) -> Content:
        """What has been answered."""
        content: Content = self.draft["content"]
        return content

    @property
    def definition(self) -> dict[str, Any]:
        """The procedure as the catalogue has it."""
        definition: dict[str, Any] = self.procedure["definition"]
        return definition

    @property
    def by_officer(self) -> bool:
        """Whether it is taken down by an officer."""
        return by_officer(self.content)

    @property
    def later(self) -> str:
        """Where the drafts are that may be gone on with another time."""
        return INTAKE if self.by_officer else "/ho-so"


def open_work(draft: str) -> Work:
    """A draft of the reader's own, ready to be worked on."""
    return work_on(look("get_draft", draft=draft))


def work_on(draft: dict[str, Any]) -> Work:
    """What follows from what a draft holds."""
    content = draft["content"]
    procedure = look("get_procedure", code=str(content.get("procedure", "")))
    return Work(draft, procedure, preview_of(content))


def by_officer(content: Content) -> bool:
    """Whether an officer takes it down for somebody who came to the counter, or wrote."""
    return content.get("channel") in (COUNTER, POST)


def for_another(content: Content) -> bool:
    """Whether somebody applies in another's place; of a submitter whom nobody has named nothing is known yet."""
    return content.get("submitter") is not None


def preview_of(content: Content) -> dict[str, Any]:
    """Questions, papers, fee and time by the rules that the submission will meet."""
    answers = {key: value for key, value in (content.get("answers") or {}).items() if value is not None}
    if for_another(content):
        answers["authorised"] = True
    asked = {"agency": content.get("agency", ""), "answers": answers, "quantities": content.get("quantities") or {}}
    if content.get("case"):
        asked["case"] = content["case"]
    if by_officer(content):
        asked["channel"] = content["channel"]
    found: dict[str, Any] = do("preview_procedure", asked, code=content["procedure"])
    return found


def put_paper(content: Content, component: str, supplied: dict[str, Any]) -> None:
    """What is supplied of a paper, in the place of what was; nothing leaves none."""
    papers = {one["component"]: one for one in content.get("components") or ()}
    papers[component] = {"component": component, **supplied}
    content["components"] = [one for key, one in papers.items() if key != component or any(supplied.values())]


def keep_what_applies(work: Work) -> None:
    """Leave out answers and papers that the rules no longer ask for."""
    asked = {question["key"] for question in work.preview["questions"]}
    wanted = {one["component"] for one in work.preview["components"]}
    content = work.content
    content["answers"] = {key: value for key, value in (content.get("answers") or {}).items() if key in asked}
    content["components"] = [one for one in content.get("components") or () if one["component"] in wanted]
