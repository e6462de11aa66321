"""Names of game modes, rule sets, penalties, infringements and events."""

from __future__ import annotations

from f1timings.packets.ids.names import Names, number

GAME_MODES = Names(
    number,
    {
        2022: """
            0 Event Mode; 3 Grand Prix; 5 Time Trial; 6 Splitscreen; 7 Online Custom; 8 Online League
            11 Career Invitational; 12 Championship Invitational; 13 Championship; 14 Online Championship
            15 Online Weekly Event; 19 Career '22; 20 Career '22 Online; 127 Benchmark
        """,
        2023: "4 Grand Prix '23; 17 Story Mode; 21 Career '23; 22 Career '23 Online",
        2024: "23 Driver Career '24; 24 Career '24 Online; 25 My Team Career '24; 26 Curated Career '24",
        2025: """
            4 Grand Prix ‘23; 17 Story Mode (Braking Point); 27 My Team Career ‘25; 28 Driver Career ‘25
            29 Career ’25 Online; 30 Challenge Career ‘25; 75 Story Mode (APXGP)
            gone: 0 3 8 11 12 13 14 19 20 21 22 23 24 25 26
        """,
    },
)

RULE_SETS = Names(
    number,
    {
        2022: """
            0 Practice & Qualifying; 1 Race; 2 Time Trial; 4 Time Attack; 6 Checkpoint Challenge
            8 Autocross; 9 Drift; 10 Average Speed Zone; 11 Rival Duel
        """,
        2025: """
            12 Elimination
            gone: 4 6 8 9 10 11
        """,
    },
)

PENALTIES = Names(
    number,
    {
        2020: """
            0 Drive through; 1 Stop Go; 2 Grid penalty; 3 Penalty reminder; 4 Time penalty; 5 Warning
            6 Disqualified; 7 Removed from formation lap; 8 Parked too long timer; 9 Tyre regulations
            10 This lap invalidated; 11 This and next lap invalidated
            12 This lap invalidated without reason; 13 This and next lap invalidated without reason
            14 This and previous lap invalidated; 15 This and previous lap invalidated without reason
            16 Retired; 17 Black flag timer
        """,
    },
)

INFRINGEMENTS = Names(
    number,
    {
        2020: """
            0 Blocking by slow driving; 1 Blocking by wrong way driving; 2 Reversing off the start line
            3 Big Collision; 4 Small Collision; 5 Collision failed to hand back position single
            6 Collision failed to hand back position multiple; 7 Corner cutting gained time
            8 Corner cutting overtake single; 9 Corner cutting overtake multiple; 10 Crossed pit exit lane
            11 Ignoring blue flags; 12 Ignoring yellow flags; 13 Ignoring drive through
            14 Too many drive throughs; 15 Drive through reminder serve within n laps
            16 Drive through reminder serve this lap; 17 Pit lane speeding; 18 Parked for too long
            19 Ignoring tyre regulations; 20 Too many penalties; 21 Multiple warnings
            22 Approaching disqualification; 23 Tyre regulations select single
            24 Tyre regulations select multiple; 25 Lap invalidated corner cutting
            26 Lap invalidated running wide; 27 Corner cutting ran wide gained time minor
            28 Corner cutting ran wide gained time significant
            29 Corner cutting ran wide gained time extreme; 30 Lap invalidated wall riding
            31 Lap invalidated flashback used; 32 Lap invalidated reset to track; 33 Blocking the pitlane
            34 Jump start; 35 Safety car to car collision; 36 Safety car illegal overtake
            37 Safety car exceeding allowed pace; 38 Virtual safety car exceeding allowed pace
            39 Formation lap below allowed speed; 40 Retired mechanical failure
            41 Retired terminally damaged; 42 Safety car falling too far back; 43 Black flag timer
            44 Unserved stop go penalty; 45 Unserved drive through penalty; 46 Engine component change
            47 Gearbox change; 48 League grid penalty; 49 Retry penalty; 50 Illegal time gain
            51 Mandatory pitstop
        """,
        2022: """
            40 Formation lap parking; 41 Retired mechanical failure; 42 Retired terminally damaged
            43 Safety car falling too far back; 44 Black flag timer; 45 Unserved stop go penalty
            46 Unserved drive through penalty; 47 Engine component change; 48 Gearbox change
            49 Parc Fermé change; 50 League grid penalty; 51 Retry penalty; 52 Illegal time gain
            53 Mandatory pitstop; 54 Attribute assigned
        """,
    },
)

EVENTS = Names(
    str,
    {
        2020: """
            SSTA Session Started; SEND Session Ended; FTLP Fastest Lap; RTMT Retirement; DRSE DRS enabled
            DRSD DRS disabled; TMPT Team mate in pits; CHQF Chequered flag; RCWN Race Winner
            PENA Penalty Issued; SPTP Speed Trap Triggered
        """,
        2021: """
            STLG Start lights; LGOT Lights out; DTSV Drive through served; SGSV Stop go served
            FLBK Flashback; BUTN Button status
        """,
        2023: "RDFL Red Flag; OVTK Overtake",
        2024: "SCAR Safety Car; COLL Collision",
    },
)
