"""Teams by number; from year to year many numbers go to another team."""

from __future__ import annotations

from f1timings.packets.ids.names import Names, number

TEAMS = Names(
    number,
    {
        2020: """
            0 Mercedes; 1 Ferrari; 2 Red Bull Racing; 3 Williams; 4 Racing Point; 5 Renault; 6 Alpha Tauri
            7 Haas; 8 McLaren; 9 Alfa Romeo; 10 McLaren 1988; 11 McLaren 1991; 12 Williams 1992
            13 Ferrari 1995; 14 Williams 1996; 15 McLaren 1998; 16 Ferrari 2002; 17 Ferrari 2004
            18 Renault 2006; 19 Ferrari 2007; 20 McLaren 2008; 21 Red Bull 2010; 22 Ferrari 1976
            23 ART Grand Prix; 24 Campos Vexatec Racing; 25 Carlin; 26 Charouz Racing System; 27 DAMS
            28 Russian Time; 29 MP Motorsport; 30 Pertamina; 31 McLaren 1990; 32 Trident; 33 BWT Arden
            34 McLaren 1976; 35 Lotus 1972; 36 Ferrari 1979; 37 McLaren 1982; 38 Williams 2003
            39 Brawn 2009; 40 Lotus 1978; 41 F1 Generic car; 42 Art GP ’19; 43 Campos ’19; 44 Carlin ’19
            45 Sauber Junior Charouz ’19; 46 Dams ’19; 47 Uni-Virtuosi ‘19; 48 MP Motorsport ‘19
            49 Prema ’19; 50 Trident ’19; 51 Arden ’19; 53 Benetton 1994; 54 Benetton 1995; 55 Ferrari 2000
            56 Jordan 1991; 255 My Team
        """,
        2021: """
            4 Aston Martin; 5 Alpine; 70 Art GP ‘20; 71 Campos ‘20; 72 Carlin ‘20; 73 Charouz ‘20
            74 Dams ‘20; 75 Uni-Virtuosi ‘20; 76 MP Motorsport ‘20; 77 Prema ‘20; 78 Trident ‘20; 79 BWT ‘20
            80 Hitech ‘20; 85 Mercedes 2020; 86 Ferrari 2020; 87 Red Bull 2020; 88 Williams 2020
            89 Racing Point 2020; 90 Renault 2020; 91 Alpha Tauri 2020; 92 Haas 2020; 93 McLaren 2020
            94 Alfa Romeo 2020; 106 Prema ‘21; 107 Uni-Virtuosi ‘21; 108 Carlin ‘21; 109 Hitech ‘21
            110 Art GP ‘21; 111 MP Motorsport ‘21; 112 Charouz ‘21; 113 Dams ‘21; 114 Campos ‘21
            115 BWT ‘21; 116 Trident ‘21
            gone: 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37
            gone: 38 39 40 41 53 54 55 56 255
        """,
        2022: """
            95 Aston Martin DB11 V12; 96 Aston Martin Vantage F1 Edition; 97 Aston Martin Vantage Safety Car
            98 Ferrari F8 Tributo; 99 Ferrari Roma; 100 McLaren 720S; 101 McLaren Artura
            102 Mercedes AMG GT Black Series Safety Car; 103 Mercedes AMG GTR Pro; 104 F1 Custom Team
            106 Prema '21; 107 Uni-Virtuosi '21; 108 Carlin '21; 109 Hitech '21; 110 Art GP '21
            111 MP Motorsport '21; 112 Charouz '21; 113 Dams '21; 114 Campos '21; 115 BWT '21
            116 Trident '21; 117 Mercedes AMG GT Black Series; 118 Prema '22; 119 Virtuosi '22
            120 Carlin '22; 121 Hitech '22; 122 Art GP '22; 123 MP Motorsport '22; 124 Charouz '22
            125 Dams '22; 126 Campos '22; 127 Van Amersfoort Racing '22; 128 Trident '22
            gone: 42 43 44 45 46 47 48 49 50 51 70 71 72 73 74 75 76 77 78 79 80
        """,
        2023: """
            118 Mercedes '22; 119 Ferrari '22; 120 Red Bull Racing '22; 121 Williams '22
            122 Aston Martin '22; 123 Alpine '22; 124 Alpha Tauri '22; 125 Haas '22; 126 McLaren '22
            127 Alfa Romeo '22; 128 Konnersport '22; 129 Konnersport; 130 Prema '22; 131 Virtuosi '22
            132 Carlin '22; 133 MP Motorsport '22; 134 Charouz '22; 135 Dams '22; 136 Campos '22
            137 Van Amersfoort Racing '22; 138 Trident '22; 139 Hitech '22; 140 Art GP '22
        """,
        2024: """
            6 RB; 9 Sauber; 41 F1 Generic; 143 Art GP '23; 144 Campos '23; 145 Carlin '23; 146 PHM '23
            147 Dams '23; 148 Hitech '23; 149 MP Motorsport '23; 150 Prema '23; 151 Trident '23
            152 Van Amersfoort Racing '23; 153 Virtuosi '23
            gone: 85 86 87 88 89 90 91 92 93 94 95 96 97 98 99 100 101 102 103 106 107 108 109 110 111
            gone: 112 113 114 115 116 117 118 119 120 121 122 123 124 125 126 127 128 129 130 131 132
            gone: 133 134 135 136 137 138 139 140
        """,
        2025: """
            129 Konnersport; 142 APXGP ‘24; 154 APXGP ‘25; 155 Konnersport ‘24; 158 Art GP ‘24
            159 Campos ‘24; 160 Rodin Motorsport ‘24; 161 AIX Racing ‘24; 162 DAMS ‘24; 163 Hitech ‘24
            164 MP Motorsport ‘24; 165 Prema ‘24; 166 Trident ‘24; 167 Van Amersfoort Racing ‘24
            168 Invicta ‘24; 185 Mercedes ‘24; 186 Ferrari ‘24; 187 Red Bull Racing ‘24; 188 Williams ‘24
            189 Aston Martin ‘24; 190 Alpine ‘24; 191 RB ‘24; 192 Haas ‘24; 193 McLaren ‘24; 194 Sauber ‘24
            gone: 143 144 145 146 147 148 149 150 151 152 153
        """,
        2026: """
            465 Art GP ‘25; 466 Campos ‘25; 467 Rodin Motorsport ‘25; 468 AIX Racing ‘25; 469 DAMS ‘25
            470 Hitech ‘25; 471 MP Motorsport ‘25; 472 Prema ‘25; 473 Trident ‘25
            474 Van Amersfoort Racing ‘25; 475 Invicta ‘25; 476 Mercedes ‘26; 477 Ferrari ‘26
            478 Red Bull Racing ‘26; 479 Williams ‘26; 480 Aston Martin ‘26; 481 Alpine ‘26; 482 RB ‘26
            483 Haas ‘26; 484 McLaren ‘26; 485 Audi ‘26; 486 Cadillac ‘26
        """,
    },
)
