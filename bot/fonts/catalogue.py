"""The font files, in the order in which they are asked for a character."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

FILES = Path(__file__).parent / "files"


class FontFile(Struct, frozen=True):
    """One font. `bold` is the same as `regular` where there is no bold one: a renderer may thicken it."""

    name: str
    regular: Path
    bold: Path
    symbols: bool = False
    """Whether it holds symbols rather than a script: then it draws nothing that another font has."""


# Cherokee, Georgian and the rest by name: no character is in two of them but marks, digits and punctuation.
_SCRIPTS = """
    Arabic Hebrew Devanagari Bengali Thai Armenian Georgian Ethiopic Tamil Telugu Gujarati Gurmukhi Kannada Malayalam
    Oriya Sinhala Myanmar Khmer Lao
    Adlam Balinese Bamum BassaVah Batak Buginese Buhid CanadianAboriginal Chakma Cham Cherokee Coptic Deseret
    GunjalaGondi HanifiRohingya Hanunoo Javanese KayahLi Lepcha Limbu Lisu Mandaic MasaramGondi Medefaidrin
    MeeteiMayek MendeKikakui Miao Mongolian Mro NKo NewTaiLue Newa OlChiki Osage Osmanya PahawhHmong PauCinHau
    PhagsPa Rejang Samaritan Saurashtra SoraSompeng Sundanese SylotiNagri Syriac Tagalog Tagbanwa TaiLe TaiTham
    TaiViet Thaana Tifinagh Vai Wancho WarangCiti Yi
"""
_SYMBOLS = ("NotoSansSymbols", "NotoSansSymbols2", "NotoSansMath")
_EMOJI = "NotoEmoji"
# SC holds all of Han; each of the others only what its region writes differently, or alone.
_HAN = {
    "zh": ("NotoSansSC", "NotoSansTC", "NotoSansJP", "NotoSansKR"),
    "zh-Hant": ("NotoSansTC", "NotoSansSC", "NotoSansJP", "NotoSansKR"),
    "ja": ("NotoSansJP", "NotoSansSC", "NotoSansTC", "NotoSansKR"),
    "ko": ("NotoSansKR", "NotoSansJP", "NotoSansSC", "NotoSansTC"),
}
_KANA = re.compile("[\u3041-\u30ff\uff66-\uff9f]")
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_TRADITIONAL = re.compile(r"zh\b.*\b(hant|tw|hk|mo)\b", re.IGNORECASE)


def han_of(text: str, language: str) -> str:
    """How Han characters are to look: `ja`, `ko`, `zh-Hant` or `zh`. Kana and Hangul tell more than a language tag."""
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    tag = language.replace("_", "-")
    if _TRADITIONAL.match(tag):
        return "zh-Hant"
    return tag.partition("-")[0].lower() if tag[:2].lower() in _HAN else "zh"


@lru_cache(maxsize=8)
def search_order(han: str = "zh", *, emoji: bool = False) -> tuple[FontFile, ...]:
    """All fonts, the first to be asked first. `han` is as `han_of` says; `emoji` prefers pictures to signs."""
    scripts = ("NotoSans", *(f"NotoSans{name}" for name in _SCRIPTS.split()), "NotoSerifTibetan", *_HAN[han])
    names = (*scripts, *_SYMBOLS, _EMOJI)
    return tuple(_files((_EMOJI, *names) if emoji else names))


def _files(names: Iterable[str]) -> Iterable[FontFile]:
    for name in dict.fromkeys(names):
        regular, bold = (FILES / f"{name}-{weight}.ttf" for weight in ("Regular", "Bold"))
        yield FontFile(name, regular, bold if bold.exists() else regular, name in {*_SYMBOLS, _EMOJI})
