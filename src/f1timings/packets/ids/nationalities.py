"""Nationalities by number; 2021 removed North Korean and moved all later ones down by one."""

from __future__ import annotations

from f1timings.packets.ids.names import Names, number

NATIONALITIES = Names(
    number,
    {
        2020: """
            1 American; 2 Argentinean; 3 Australian; 4 Austrian; 5 Azerbaijani; 6 Bahraini; 7 Belgian
            8 Bolivian; 9 Brazilian; 10 British; 11 Bulgarian; 12 Cameroonian; 13 Canadian; 14 Chilean
            15 Chinese; 16 Colombian; 17 Costa Rican; 18 Croatian; 19 Cypriot; 20 Czech; 21 Danish; 22 Dutch
            23 Ecuadorian; 24 English; 25 Emirian; 26 Estonian; 27 Finnish; 28 French; 29 German
            30 Ghanaian; 31 Greek; 32 Guatemalan; 33 Honduran; 34 Hong Konger; 35 Hungarian; 36 Icelander
            37 Indian; 38 Indonesian; 39 Irish; 40 Israeli; 41 Italian; 42 Jamaican; 43 Japanese
            44 Jordanian; 45 Kuwaiti; 46 Latvian; 47 Lebanese; 48 Lithuanian; 49 Luxembourger; 50 Malaysian
            51 Maltese; 52 Mexican; 53 Monegasque; 54 New Zealander; 55 Nicaraguan; 56 North Korean
            57 Northern Irish; 58 Norwegian; 59 Omani; 60 Pakistani; 61 Panamanian; 62 Paraguayan
            63 Peruvian; 64 Polish; 65 Portuguese; 66 Qatari; 67 Romanian; 68 Russian; 69 Salvadoran
            70 Saudi; 71 Scottish; 72 Serbian; 73 Singaporean; 74 Slovakian; 75 Slovenian; 76 South Korean
            77 South African; 78 Spanish; 79 Swedish; 80 Swiss; 81 Thai; 82 Turkish; 83 Uruguayan
            84 Ukrainian; 85 Venezuelan; 86 Welsh; 87 Barbadian; 88 Vietnamese
        """,
        2021: """
            56 Northern Irish; 57 Norwegian; 58 Omani; 59 Pakistani; 60 Panamanian; 61 Paraguayan
            62 Peruvian; 63 Polish; 64 Portuguese; 65 Qatari; 66 Romanian; 67 Russian; 68 Salvadoran
            69 Saudi; 70 Scottish; 71 Serbian; 72 Singaporean; 73 Slovakian; 74 Slovenian; 75 South Korean
            76 South African; 77 Spanish; 78 Swedish; 79 Swiss; 80 Thai; 81 Turkish; 82 Uruguayan
            83 Ukrainian; 84 Venezuelan; 85 Barbadian; 87 Vietnamese
            gone: 88
        """,
        2024: """
            88 Algerian; 89 Bosnian; 90 Filipino
            gone: 67
        """,
    },
)
