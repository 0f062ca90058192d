"""Papers that the demo people hand in: real PDF files, set on the spot."""

from functools import cache

import orjson
import typst

_PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set page(paper: "a5", margin: 18mm)
#set text(font: "Libertinus Serif", lang: "vi", size: 11pt)
#align(center)[*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM*\\ Độc lập – Tự do – Hạnh phúc]
#v(6mm)
#align(center, text(size: 14pt, weight: "bold", upper(data.title)))
#v(4mm)
#for line in data.lines [#line #parbreak()]
#v(6mm)
#align(right)[_Dữ liệu mẫu, không có giá trị pháp lý_]
"""


@cache
def make_paper(title: str, *lines: str) -> bytes:
    """A one-page PDF with a title and lines of text."""
    data = orjson.dumps({"title": title, "lines": lines}).decode()
    return bytes(typst.compile(_PAGE.encode(), sys_inputs={"data": data}))
