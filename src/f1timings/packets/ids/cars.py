"""Names for cars and their drivers: statuses, tyres, surfaces, buttons."""

from __future__ import annotations

from f1timings.packets.ids.names import Names, number

SURFACES = Names(
    number,
    {
        2020: """
            0 Tarmac; 1 Rumble strip; 2 Concrete; 3 Rock; 4 Gravel; 5 Mud; 6 Sand; 7 Grass; 8 Water
            9 Cobblestone; 10 Metal; 11 Ridged
        """,
    },
)

BUTTONS = Names(
    number,
    {
        2020: """
            0x1 Cross or A; 0x2 Triangle or Y; 0x4 Circle or B; 0x8 Square or X; 0x10 D-pad Left
            0x20 D-pad Right; 0x40 D-pad Up; 0x80 D-pad Down; 0x100 Options or Menu; 0x200 L1 or LB
            0x400 R1 or RB; 0x800 L2 or LT; 0x1000 R2 or RT; 0x2000 Left Stick Click
            0x4000 Right Stick Click
        """,
        2021: """
            0x8000 Right Stick Left; 0x10000 Right Stick Right; 0x20000 Right Stick Up
            0x40000 Right Stick Down; 0x80000 Special
        """,
        2022: """
            0x100000 UDP Action 1; 0x200000 UDP Action 2; 0x400000 UDP Action 3; 0x800000 UDP Action 4
            0x1000000 UDP Action 5; 0x2000000 UDP Action 6; 0x4000000 UDP Action 7; 0x8000000 UDP Action 8
            0x10000000 UDP Action 9; 0x20000000 UDP Action 10; 0x40000000 UDP Action 11
            0x80000000 UDP Action 12
        """,
    },
)

PLATFORMS = Names(number, {2020: "1 Steam; 3 PlayStation; 4 Xbox; 6 Origin; 255 unknown"})
FLAGS = Names(number, {2020: "-1 unknown; 0 none; 1 green; 2 blue; 3 yellow; 4 red", 2023: "gone: 4"})
DRIVER_STATUSES = Names(number, {2020: "0 garage; 1 flying lap; 2 in lap; 3 out lap; 4 on track"})
PIT_STATUSES = Names(number, {2020: "0 none; 1 pitting; 2 in pit area"})
# 2021 exchanged 2 and 3. In 2026 the driver gets a boost instead of the overtake mode, which has its own bit.
ERS_MODES = Names(
    number,
    {2020: "0 none; 1 medium; 2 overtake; 3 hotlap", 2021: "2 hotlap; 3 overtake", 2026: "3 boost"},
)
FUEL_MIXES = Names(number, {2020: "0 lean; 1 standard; 2 rich; 3 max"})
READY_STATUSES = Names(number, {2020: "0 not ready; 1 ready; 2 spectating"})

# 2021 inserted "did not finish" in the middle. A result has this status and a reason; trust the status:
# F1 25 v1.03 gave the reason "red flagged" to every finisher.
RESULT_STATUSES = Names(
    number,
    {
        2020: "0 invalid; 1 inactive; 2 active; 3 finished; 4 disqualified; 5 not_classified; 6 retired",
        2021: "4 did_not_finish; 5 disqualified; 6 not_classified; 7 retired",
    },
)
RESULT_REASONS = Names(
    number,
    {
        2025: """
            0 invalid; 1 retired; 2 finished; 3 terminal damage; 4 inactive; 5 not enough laps completed
            6 black flagged; 7 red flagged; 8 mechanical failure; 9 session skipped; 10 session simulated
        """,
    },
)

ACTUAL_COMPOUNDS = Names(
    number,
    {
        2020: """
            16 C5; 17 C4; 18 C3; 19 C2; 20 C1; 7 intermediate; 8 wet; 9 dry; 10 wet
            11 super soft; 12 soft; 13 medium; 14 hard; 15 wet
        """,
        2023: "21 C0",
        2025: "22 C6",
    },
)
VISUAL_COMPOUNDS = Names(
    number,
    {
        2020: """
            16 soft; 17 medium; 18 hard; 7 intermediate; 8 wet
            15 wet; 19 super soft; 20 soft; 21 medium; 22 hard
        """,
    },
)
