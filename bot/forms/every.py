"""Every form there is, by its kind. Each is loaded when it is first asked; signing is asked first."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.forms import sign
from bot.forms.spec import FormKind, FormSpec
from bot.later import Later

if TYPE_CHECKING:
    from bot.forms import announce, change, page, strike
else:
    announce, change = Later("bot.forms.announce"), Later("bot.forms.change")
    page, strike = Later("bot.forms.page"), Later("bot.forms.strike")

_ALL: Final = (
    FormSpec(FormKind.SIGN, 2, sign.build, sign.send),
    FormSpec(FormKind.CHANGE, 1, change.build, change.send),
    FormSpec(FormKind.ANNOUNCE, 2, announce.build, announce.send),
    FormSpec(FormKind.PAGE, 1, page.build, page.send),
    FormSpec(FormKind.FIND, 1, strike.build_find, strike.send_find),
    FormSpec(FormKind.STRIKE, 2, strike.build_reason, strike.send_reason),
)
FORMS: Mapping[str, FormSpec] = MappingProxyType({form.kind: form for form in _ALL})
