"""The child of `shared.printing`: reads an order as JSON from standard input and writes the PDF to standard output.

Its one argument is how many seconds it may take: it ends itself, so that nobody has to watch it.

It imports nothing of the platform, so that it starts in less than a tenth of a second.
"""

import json
import signal
import sys
from typing import Any

import typst

STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]


def typeset(order: dict[str, Any]) -> bytes:
    """The tagged PDF (PDF/A-2a and PDF/UA-1); the compiler sees the embedded fonts and one folder alone."""
    compiler = typst.Compiler(root=order["root"], font_paths=typst.Fonts(include_system_fonts=False))
    pdf = compiler.compile(
        input=order["template"],
        format="pdf",
        sys_inputs=order["inputs"],
        pdf_standards=STANDARDS,
        timestamp=order["timestamp"],
    )
    assert isinstance(pdf, bytes)
    return pdf


if __name__ == "__main__":
    signal.alarm(int(sys.argv[1]))
    sys.stdout.buffer.write(typeset(json.load(sys.stdin)))
