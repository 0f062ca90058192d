"""Which file a form was printed into: printing takes a quarter of a second, looking it up a millisecond."""

from pymongo.database import Database

from shared.persistence import Document, session, unavailable_when_away


class PrintedForms:
    """Remembers prints by application, form and version of the form; declared in `ports_read`."""

    def __init__(self, database: Database[Document]) -> None:
        self._printed = database["printed_forms"]

    @unavailable_when_away()
    def find(self, key: str) -> Document | None:
        """The file of a form printed before."""
        return self._printed.find_one({"_id": key}, {"_id": 0}, session=session())

    @unavailable_when_away()
    def remember(self, key: str, file: Document) -> None:
        """Keep which file a form was printed into; printing gives the same bytes, so the last one to write is right."""
        self._printed.replace_one({"_id": key}, file, upsert=True, session=session())
