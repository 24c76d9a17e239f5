"""Chinese by default, English by a switch: standard gettext with the Chinese text as the message id."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

LANGUAGES = ("zh", "en")
_LOCALE = Path(__file__).parent / "locale"
_state: dict[str, object] = {"lang": "zh", "translations": gettext.NullTranslations()}


def use_language(lang: str) -> None:
    """Speak `lang` from now on.

    Parameters
    ----------
    lang : {'zh', 'en'}
        The language of every text that `_` gives.

    Raises
    ------
    ValueError
        For another language; the message names those allowed.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"`lang` must be one of 'zh', 'en'; not {lang!r}.")
    _state["lang"] = lang
    _state["translations"] = (
        gettext.NullTranslations() if lang == "zh" else gettext.translation("lsb_nb", _LOCALE, languages=[lang])
    )


def language() -> str:
    """Give the language in use, ``zh`` or ``en``."""
    return str(_state["lang"])


def _(text: str) -> str:
    """Translate a Chinese message into the language in use."""
    translations = _state["translations"]
    assert isinstance(translations, gettext.NullTranslations)
    return translations.gettext(text) if text else text


def pick_language(text: str) -> str:
    """Read a language as systems write it (``en``, ``zh_CN.UTF-8``); Chinese for one that there is not."""
    code = text.strip().lower().replace("-", "_").partition("_")[0].partition(".")[0]
    return code if code in LANGUAGES else LANGUAGES[0]


use_language(pick_language(os.environ.get("LSB_LANG", "")))
