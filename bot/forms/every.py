"""Every form there is, by its kind. Each is loaded when it is first asked; signing is asked first."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.forms import sign
from bot.forms.spec import FormSpec
from bot.later import Later

if TYPE_CHECKING:
    from bot.forms import announce, change, page, strike
else:
    announce, change = Later("bot.forms.announce"), Later("bot.forms.change")
    page, strike = Later("bot.forms.page"), Later("bot.forms.strike")

_ALL: Final = (
    FormSpec(sign.KIND, 2, sign.build, sign.send),
    FormSpec("change", 1, change.build, change.send),
    FormSpec("announce", 2, announce.build, announce.send),
    FormSpec("page", 1, page.build, page.send),
    FormSpec("find", 1, strike.build_find, strike.send_find),
    FormSpec("strike", 2, strike.build_reason, strike.send_reason),
)
FORMS: Mapping[str, FormSpec] = MappingProxyType({form.kind: form for form in _ALL})
