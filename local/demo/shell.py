"""How pages look that are not the platform's own: plain, and in another colour, so that nobody takes them for it."""

from typing import Any

from flask import render_template_string

_SHELL = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>{{ page_title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { margin: 0; background: #f3f5f6; color: #0b0c0c; font: 400 18px/1.4 system-ui, sans-serif; }
main { max-width: 680px; margin: 0 auto; padding: 24px 16px; }
ul { display: grid; gap: 10px; padding: 0; list-style: none; }
button { width: 100%; padding: 12px 16px; border: 1px solid #b1b4b6; border-left: 5px solid #5a3e85; border-radius: 4px;
  background: #fff; color: inherit; font: inherit; text-align: left; cursor: pointer; }
button:focus { outline: 3px solid #fd0; box-shadow: inset 0 0 0 2px #0b0c0c; }
b { display: block; color: #5a3e85; }
</style></head>
<body><main>"""


def render(page_title: str, body: str, **given: Any) -> str:
    """A whole page around this body, a template of its own."""
    return render_template_string(f"{_SHELL}{body}</main></body></html>", page_title=page_title, **given)
