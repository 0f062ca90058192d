"""The contracts of two tiny services: a teller who owns stories and a hearer who listens to them."""

from marshmallow import fields

from shared.contracts.base import Event, Payload


class Told(Payload):
    """What is told; the text `bad` makes the hearer fail, `ugly` breaks the contract when it is read."""

    text = fields.String(required=True)


class StoryTold(Event):
    """A part of a story was told."""

    owner = "teller"
    aggregate = "story"
    name = "story_told"
    payload = Told


class StoryPaused(Event):
    """Nothing was told; nobody listens to this."""

    owner = "teller"
    aggregate = "story"
    name = "story_paused"
    payload = Payload
    public = True
