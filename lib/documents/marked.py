"""Pictures that say what they show and where they come from, with equal bytes for equal pictures."""

import io
import re
import struct
import zlib
from dataclasses import dataclass
from xml.sax.saxutils import escape

from PIL import Image

from .cells import cleaned

FIRST_CHUNK = 33  # bytes of a PNG up to the end of its header
PDF_DATE = re.compile(rb"\(D:\d{14}[+-]\d\d'\d\d'\)")
NO_PDF_DATE = b"(D:20000101000000+00'00')"
PDF_END = re.compile(rb"trailer\s*<</Size (\d+)\s*/Root (\d+) 0 R\s*/Info (\d+) 0 R>>\s*startxref\s*(\d+)\s*%%EOF\s*$")
UID = re.compile(r'id="defs-([0-9a-f]{6})"')
SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
LEGEND = re.compile(r"-legend-([0-9a-f]{6})")
TRACE = re.compile(r"\btrace([0-9a-f]{6})\b")


@dataclass(frozen=True)
class Said:
    """What a picture says of itself: its title, its alternative text, where it comes from."""

    title: str
    alt: str
    origin: str


def svg_marked(svg: bytes, said: Said, mm: int | None = None) -> bytes:
    """With title and desc, and without the random names that Plotly gives its parts.  mm: its width on paper."""
    text = svg.decode()
    for number, uid in enumerate(dict.fromkeys([*UID.findall(text), *LEGEND.findall(text)])):
        text = text.replace(uid, f"{number:06x}")
    for number, trace in enumerate(dict.fromkeys(TRACE.findall(text))):
        text = text.replace(f"trace{trace}", f"trace{number:06x}")
    if mm:
        text = SIZE.sub(lambda found: in_mm(found, mm), text, count=1)
    at = text.index(">") + 1
    told = f"<title>{escape(cleaned(said.title))}</title><desc>{escape(cleaned(f'{said.alt} {said.origin}'))}</desc>"
    return (text[:at] + told + text[at:]).encode()


def in_mm(size: re.Match[str], mm: int) -> str:
    """Width and height of a picture that is `mm` wide."""
    return f'width="{mm}mm" height="{mm * float(size[2]) / float(size[1]):.2f}mm"'


def png_marked(png: bytes, said: Said, dpi: int) -> bytes:
    """With its resolution and texts, each in a chunk behind the first (PNG, 3rd edition, 11.3); no pixel changes."""
    metre = round(dpi / 0.0254)
    chunks = [chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1))]
    for name, text in (("Title", said.title), ("Description", said.alt), ("Source", said.origin)):
        chunks.append(chunk(b"iTXt", name.encode() + b"\0\0\0en\0\0" + cleaned(text).encode()))
    return png[:FIRST_CHUNK] + b"".join(chunks) + png[FIRST_CHUNK:]


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def halved(png: bytes) -> bytes:
    """The picture with half the width and height, without any text or resolution."""
    with Image.open(io.BytesIO(png)) as opened:
        image = opened.convert("RGB").reduce(2)
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


def pdf_marked(pdf: bytes, said: Said) -> bytes:
    """With title and subject, and without the time of its making. One of another build than Skia's keeps its own."""
    dated = PDF_DATE.sub(NO_PDF_DATE, pdf)
    end = PDF_END.search(dated)
    if end is None:
        return dated
    size, root, info, before = (int(part) for part in end.groups())
    at = len(dated)
    texts = ((b"Title", said.title), (b"Subject", said.alt), (b"Keywords", said.origin))
    told = b"".join(b"/" + name + b" " + pdf_text(text) for name, text in texts)
    entry = b"%d 0 obj\n<<%b/Producer (MatchLens)>>\nendobj\n" % (info, told)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d /Root %d 0 R /Info %d 0 R /Prev %d>>\n" % (
        info,
        at,
        size,
        root,
        info,
        before,
    )
    return dated + entry + table + b"startxref\n%d\n%%%%EOF\n" % (at + len(entry))


def pdf_text(text: str) -> bytes:
    """A string of a PDF, in UTF-16."""
    return b"<" + ("\ufeff" + cleaned(text)).encode("utf-16-be").hex().encode() + b">"
