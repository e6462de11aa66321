"""The rules for passwords: long enough, and not one that attackers try first; nothing else."""

from __future__ import annotations

import unicodedata
from typing import Final

from f1timings.access.accounts import name_key
from f1timings.errors import ActInvalid

SHORTEST: Final = 8
LONGEST: Final = 128

# The most frequent passwords of eight characters and more in lists of stolen passwords, and words that this
# program brings to mind.
_WORDS: Final = """
    00000000 11111111 12121212 11223344 12341234 12345678 123456789 1234567890 0123456789 123123123 123321123
    147258369 159753456 22222222 55555555 66666666 77777777 87654321 88888888 987654321 9876543210 99999999
    aaaaaaaa abcd1234 abcdefgh abc12345 abcdefg1 access14 adminadmin admin123 admin1234 admin12345
    administrator asdf1234 asdfasdf asdfghjk asdfghjkl baseball basketball batman123 blink182 butterfly
    charlie1 chocolate christian computer corvette danielle dragon123 elephant facebook firebird football
    football1 freedom1 iloveyou iloveyou1 internet jennifer jessica1 jonathan letmein1 letmein123 liverpool
    login123 master123 maverick mercedes metallica michael1 michelle midnight monkey123 p@ssw0rd p@ssword
    passw0rd password password1 password12 password123 password1! password! passwort princess princess1
    q1w2e3r4 q1w2e3r4t5 qazwsxedc qwer1234 qwert123 qwerty12 qwerty123 qwerty1234 qwertyui qwertyuiop
    qwertz123 rootroot samantha scorpion secret123 starwars sunshine sunshine1 superman superman1 test1234
    testtest trustno1 victoria welcome1 welcome123 whatever zaq12wsx zxcvbnm1 zxcvbnm123 changeme changeme1
    change-me changeit default1 f1timings f1timing formula1 formula-1 formulaone formula1! f12025f1
    racecontrol racing123 ferrari1 ferrari123 redbull1 redbull123 mclaren1 mclaren123 verstappen hamilton
    leclerc16 simracing simracing1 timing123 telemetry
"""
_COMMON: Final = frozenset(_WORDS.split())


def validate_password(password: str, name: str) -> str:
    """Return a password in the form in which it is hashed.

    Args:
        name: of the account that gets the password.

    Raises:
        ActInvalid: the password is too short, too long, the account's own name, or a common one.
    """
    normal = normalise_password(password)
    if not SHORTEST <= len(normal) <= LONGEST:
        raise ActInvalid("password-length", "password", shortest=SHORTEST, longest=LONGEST)
    folded = normal.casefold()
    if folded == name_key(name) or folded in _COMMON:
        raise ActInvalid("password-easy", "password")
    return normal


def normalise_password(password: str) -> str:
    """A password in one Unicode form (NFC), because keyboards encode the same letter in different ways."""
    return unicodedata.normalize("NFC", password)
