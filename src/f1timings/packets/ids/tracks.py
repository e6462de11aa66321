"""Circuits by number."""

from __future__ import annotations

from f1timings.packets.ids.names import Names, number

TRACKS = Names(
    number,
    {
        2020: """
            0 Melbourne; 1 Paul Ricard; 2 Shanghai; 3 Sakhir (Bahrain); 4 Catalunya; 5 Monaco; 6 Montreal
            7 Silverstone; 8 Hockenheim; 9 Hungaroring; 10 Spa; 11 Monza; 12 Singapore; 13 Suzuka
            14 Abu Dhabi; 15 Texas; 16 Brazil; 17 Austria; 18 Sochi; 19 Mexico; 20 Baku (Azerbaijan)
            21 Sakhir Short; 22 Silverstone Short; 23 Texas Short; 24 Suzuka Short; 25 Hanoi; 26 Zandvoort
        """,
        2021: "27 Imola; 28 Portimão; 29 Jeddah",
        2022: "30 Miami",
        2023: "31 Las Vegas; 32 Losail",
        2025: """
            39 Silverstone (Reverse); 40 Austria (Reverse); 41 Zandvoort (Reverse)
            gone: 1 8 18 21 22 23 24 25 28
        """,
        2026: "42 Madrid",
    },
)
