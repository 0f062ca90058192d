from bson import encode
from bson.raw_bson import RawBSONDocument

from shared.backup.restore import in_batches


def document(size: int) -> RawBSONDocument:
    return RawBSONDocument(encode({"data": b"x" * size}))


def test_pieces_of_files_come_back_in_batches_that_a_small_job_can_hold() -> None:
    batches = list(in_batches(document(255 * 1024) for _ in range(1000)))
    assert sum(map(len, batches)) == 1000
    assert max(sum(len(one.raw) for one in batch) for batch in batches) < 9 << 20


def test_small_documents_come_back_a_thousand_at_once() -> None:
    assert [len(batch) for batch in in_batches(document(10) for _ in range(2001))] == [1000, 1000, 1]


def test_nothing_makes_no_batch() -> None:
    assert list(in_batches([])) == []
