"""What makes an archive of sheets a workbook (ECMA-376 part 1, 12 and 18; part 2), and the styles of its cells."""

from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import quoteattr

PLAIN, BOLD, TEXT, DAY, TIME = range(5)
"""Styles by their places below. TEXT stays text when somebody edits it, so it becomes no formula then either."""

XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FORMAT: Final = 'fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
_STYLES: Final = rf"""{XML}<styleSheet {MAIN}>
<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/>
<numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>
<xf numFmtId="49" {_FORMAT} quotePrefix="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="164" {_FORMAT}/><xf numFmtId="165" {_FORMAT}/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""


def package(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every part but the sheets, which are `xl/worksheets/sheetN.xml`; `names` are those on their tabs."""
    places = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"/>'
        for at, name in zip(places, names, strict=True)
    )
    relations = "".join(_relation(at, "worksheet", f"worksheets/sheet{at}.xml") for at in places)
    styles = _relation(len(names) + 1, "styles", "styles.xml")
    yield (
        "xl/workbook.xml",
        f'{XML}<workbook {MAIN} xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
    )
    yield "xl/_rels/workbook.xml.rels", _relations(relations + styles)
    yield "xl/styles.xml", _STYLES
    yield "_rels/.rels", _relations(_relation(1, "officeDocument", "xl/workbook.xml"))
    yield "[Content_Types].xml", _content_types(len(names))


def _content_types(sheets: int) -> str:
    overrides = [_override("/xl/workbook.xml", "sheet.main"), _override("/xl/styles.xml", "styles")]
    overrides += [_override(f"/xl/worksheets/sheet{at + 1}.xml", "worksheet") for at in range(sheets)]
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="{relations}"/>'
        f"{''.join(overrides)}</Types>"
    )


def _relations(inner: str) -> str:
    return f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _relation(at: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _override(part: str, kind: str) -> str:
    return f'<Override PartName="{part}" ContentType="{_TYPE}.{kind}+xml"/>'
