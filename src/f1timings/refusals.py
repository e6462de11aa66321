"""The sentence of every refused act, by its code.

The pages say the same in the reader's language, by the same codes. Holes are filled with values that need no
translation: names, numbers and times.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_LAP_TIMES: Final = "Write a lap time such as 1:23.456, 1.23.456, 83.456 or 83; a comma works like the dot."

SENTENCES: Final[Mapping[str, str]] = {
    # Records and their versions
    "no-such-record": "It is no longer there. Reload the page.",
    "changed-since": "This has changed since you read it; read it again, then try again.",
    "already-carried-out": "This request was already carried out.",
    # Texts and numbers
    "text-length": "This text has {shortest} to {longest} visible characters; this one has {length}.",
    "text-control-character": "This text contains a control character ({character}); leave it out.",
    "text-half-character": "This text contains half of a surrogate pair ({character}); leave it out.",
    "text-invisible-character": "This text contains an invisible character ({character}); leave it out.",
    "colour-form": "A colour is # and six digits from 0 to f, such as #ff8000.",
    "race-number-range": "A race number is 0 to {highest}, such as 44.",
    "pin-form": "A PIN is 4 to 8 digits from 0 to 9, such as 4711.",
    "date-form": "{text} is not a date; write a date such as 2026-11-22.",
    "points-form": "Points are at most {places} whole numbers from 0 to {most}, such as [25, 18, 15].",
    "points-order": "A later place cannot have more points; write P1 first: [25, 18, 15].",
    "lap-time-form": f"This is not a lap time. {_LAP_TIMES}",
    "lap-time-below-60": f"Minutes and seconds are below 60. {_LAP_TIMES}",
    "lap-time-range": f"A lap time is at least ten seconds and shorter than an hour. {_LAP_TIMES}",
    "lap-time-meant": f"This is not a lap time; perhaps it should be {{meant}}. {_LAP_TIMES}",
    "lap-time-short": f"{{typed}} is {{seconds}} seconds; a lap time is at least ten seconds. {_LAP_TIMES}",
    "lap-time-short-meant": f"{{typed}} is {{seconds}} seconds; perhaps it should be {{meant}}. {_LAP_TIMES}",
    # Drivers
    "driver-unknown": "There is no such driver; choose one from the list of drivers.",
    "driver-deleted": "This driver is deleted; undo the deletion first.",
    "driver-name-taken": "There is a driver {name} already; choose that driver, or another name.",
    "driver-named-twice": "Name the driver by driver_id or by driver, but not by both.",
    "pin-taken": "Another driver has this PIN; choose a different one.",
    "driver-into-itself": "A driver cannot be merged into itself; name the driver that remains.",
    "driver-merged": "This driver was merged into another one; erase that driver instead.",
    "erasure-unconfirmed": "To erase this driver, type the driver's name exactly as it is shown.",
    "game-name-of-everybody": (
        "The games show {name} for everybody who hides their name, so it belongs to no driver; assign a "
        "driver to the rig instead."
    ),
    "game-name-of-ai": (
        "The game itself drives {name} in every session; choose a name under which a person drives."
    ),
    "code-unknown": "No driver has this PIN or code; try again, or ask a marshal.",
    # Rigs and seats
    "since-in-future": "This moment is in the future; leave it out to assign from now on.",
    "since-too-early": "This moment is before the year 2000; write a moment such as 2026-11-22T18:00:00Z.",
    "seat-undone": "This assignment was undone since; read the rig again.",
    "rigs-same": "Name two different rigs.",
    "rigs-empty": "Neither rig has a driver; assign one first.",
    "rig-assigned-since": "Another driver has been assigned to this rig since; assign the driver by hand.",
    "lap-of-other-rig": "This lap was driven at another rig; choose a lap of this rig.",
    "rig-into-itself": "A rig cannot be joined into itself; name the rig that remains.",
    "rigs-both-send": "{rig} and {other} send at the same time, so they are two rigs.",
    "rig-joined": "{rig} was joined into {other} already; use {other} instead, or undo that first.",
    "rig-joined-since": "One of these rigs was joined into another one since; undo that first.",
    "rig-lock-address": "This is no IP address; write an address such as 192.168.1.21.",
    "rig-lock-empty": (
        "No rig was heard in the last 24 hours; start the games first, or give the addresses of the rigs."
    ),
    "rig-lock-last": "This is the last address; unlock the rigs instead.",
    "rig-lock-open": "The rigs are not locked, so every address may send; lock them first.",
    "rig-lock-full": "At most {most} addresses are possible; remove one first.",
    # The queue
    "queue-empty": "The queue is empty.",
    "queue-place-of-waiting": "Only a waiting driver has a place; give the state waiting too.",
    "queue-waits-already": "This driver waits in the queue already; move that entry instead.",
    # Screens
    "screens-full": "At most {most} screens can be directed; give screens that belong together one name.",
    # Sending on to other programs
    "forward-host": "This is neither an IP address nor a name; write a host such as 192.168.1.31.",
    "forward-own-port": (
        "This is the port of F1Timings itself, so telemetry would go round in a circle; give the UDP port of "
        "the other program."
    ),
    "forward-no-single-receiver": (
        "This is a broadcast or multicast address, or none; give the address of one machine."
    ),
    "forward-internet": (
        "This address is outside of your network; allow the internet for this target if you mean it."
    ),
    "forward-target-exists": "Telemetry is sent on to this host and port already.",
    "forward-targets-full": "At most {most} targets are possible; remove one first.",
    # Slides
    "slides-full": "At most {most} slides; delete one first.",
    "slide-empty": "Type a title or a text, or choose a picture.",
    "slide-one-kind": "A slide is a text or a picture; make two.",
    "text-lines": "At most {most} lines; this text has {count}.",
    "picture-form": "Choose a PNG, JPEG or WebP file.",
    "picture-damaged": "This picture is damaged or not complete; save it again.",
    "picture-too-big": "A picture has at most {most} MB.",
    "picture-dimensions": (
        "{width} × {height} pixels are too many for a TV; make the picture smaller, such as 3840 × 2160."
    ),
    "pictures-full": "All pictures together have at most {most} MB; delete some first.",
    "picture-unknown": "The picture is no longer there; choose its file again.",
    # Lap files
    "lap-file-form": "This is no lap file; choose a file that ends in .f1lap.",
    "lap-file-version": (
        "This lap file has version {version}, and this server reads version {known}; update the server."
    ),
    "lap-file-damaged": (
        "This lap file is damaged or not complete; save it again on the server that has the lap."
    ),
    "lap-file-too-big": "A lap file has at most {most} MB.",
    "imported-laps-full": "At most {most} imported laps; delete some first.",
    # Laps and boards
    "lap-undecided": "Decide something: give is_deleted, is_valid, driver_id or time.",
    "lap-timed-by-game": "The game timed this lap; only a lap typed by hand can get another time.",
    "board-unconfirmed": "To clear this board, type its circuit again: {circuit}.",
    # Undoing an act
    "undone-already": "This act was undone already.",
    "undone-by-another": "Another act has undone this already.",
    "undo-impossible": "This act cannot be undone.",
    "undo-newer": "A newer act changed the same; undo that act first, or change it by hand.",
    "undo-no-open-meeting": "One meeting must be open; open another meeting instead.",
    "undo-meeting-used": (
        "This meeting has a queue, laps typed by hand or a cleared board; open another meeting."
    ),
    "undo-meeting-gone": "The meeting is no longer there; restore the meeting first.",
    "undo-driver-gone": "The driver is no longer there; restore the driver first.",
    "undo-driver-merged": (
        "The driver was merged into another one since; undo the merge first, or change it by hand."
    ),
    "undo-driver-deleted": ("The driver was deleted since; restore the driver first, or change it by hand."),
    "undo-driver-used": "This driver has laps or a seat now; delete the driver instead of undoing.",
    "undo-driver-added": "Another driver has been added since; add this driver by hand.",
    "undo-merge-used": "The driver has laps or a seat of their own now; merge the driver again.",
    "undo-restore-used": "The driver sits at a rig or waits in the queue; delete the driver again.",
    "undo-second-seat": "The driver sits at another rig now; assign the driver by hand.",
    "undo-second-turn": "The driver waits in the queue already; remove that entry first.",
    "undo-picture-gone": "The picture is no longer there; add the slide again.",
    # Accounts and tokens
    "account-exists": "An account exists already. Log in with it.",
    "account-changed": "This account has just changed. Try again.",
    "account-name-form": "Enter a name of 1 to {longest} visible characters, for example Race control.",
    "account-name-taken": "There is already an account {name}. Choose another name.",
    "accounts-full": "There are already {most} accounts. Delete an unused one first.",
    "account-last-admin": "This is the last admin. Make another account an admin first, then try again.",
    "password-length": "Choose a password of {shortest} to {longest} characters.",
    "password-easy": "This password is too easy to guess. Choose another.",
    "tokens-full": "There are already {most} tokens. Revoke an unused one first.",
    "token-of-display": "A display only reads: give it the role viewer.",
    "token-end-passed": "This time has passed. Give a later one, or none.",
    # The API of the older program, whose clients know these two texts
    "older-user-unknown": "User '{name}' not found",
    "older-lap-unknown": "Driver or specified lap time not found",
}
"""English sentences, in the order in which the pages have them in their languages."""


def sentence(code: str, values: Mapping[str, str]) -> str:
    """Return the English sentence of a refusal.

    Args:
        code: a key of :data:`SENTENCES`.
        values: what fills its holes, exactly those.
    """
    return SENTENCES[code].format_map(values)
