"""The drivers of the game by number. Human players have 255 (65535 in 2026); in 2020 online 100 and more."""

from __future__ import annotations

from f1timings.packets.ids.names import Names, number

DRIVERS = Names(
    number,
    {
        2020: """
            0 Carlos Sainz; 1 Daniil Kvyat; 2 Daniel Ricciardo; 6 Kimi Räikkönen; 7 Lewis Hamilton
            9 Max Verstappen; 10 Nico Hulkenburg; 11 Kevin Magnussen; 12 Romain Grosjean
            13 Sebastian Vettel; 14 Sergio Perez; 15 Valtteri Bottas; 17 Esteban Ocon; 19 Lance Stroll
            20 Arron Barnes; 21 Martin Giles; 22 Alex Murray; 23 Lucas Roth; 24 Igor Correia
            25 Sophie Levasseur; 26 Jonas Schiffer; 27 Alain Forest; 28 Jay Letourneau; 29 Esto Saari
            30 Yasar Atiyeh; 31 Callisto Calabresi; 32 Naota Izum; 33 Howard Clarke; 34 Wilheim Kaufmann
            35 Marie Laursen; 36 Flavio Nieves; 37 Peter Belousov; 38 Klimek Michalski; 39 Santiago Moreno
            40 Benjamin Coppens; 41 Noah Visser; 42 Gert Waldmuller; 43 Julian Quesada; 44 Daniel Jones
            45 Artem Markelov; 46 Tadasuke Makino; 47 Sean Gelael; 48 Nyck De Vries; 49 Jack Aitken
            50 George Russell; 51 Maximilian Günther; 52 Nirei Fukuzumi; 53 Luca Ghiotto; 54 Lando Norris
            55 Sérgio Sette Câmara; 56 Louis Delétraz; 57 Antonio Fuoco; 58 Charles Leclerc; 59 Pierre Gasly
            62 Alexander Albon; 63 Nicholas Latifi; 64 Dorian Boccolacci; 65 Niko Kari; 66 Roberto Merhi
            67 Arjun Maini; 68 Alessio Lorandi; 69 Ruben Meijer; 70 Rashid Nair; 71 Jack Tremblay
            74 Antonio Giovinazzi; 75 Robert Kubica; 78 Nobuharu Matsushita; 79 Nikita Mazepin
            80 Guanya Zhou; 81 Mick Schumacher; 82 Callum Ilott; 83 Juan Manuel Correa; 84 Jordan King
            85 Mahaveer Raghunathan; 86 Tatiana Calderon; 87 Anthoine Hubert; 88 Guiliano Alesi
            89 Ralph Boschung
        """,
        2021: """
            3 Fernando Alonso; 4 Felipe Massa; 72 Devon Butler; 73 Lukas Weber; 76 Alain Prost
            77 Ayrton Senna; 90 Michael Schumacher; 91 Dan Ticktum; 92 Marcus Armstrong
            93 Christian Lundgaard; 94 Yuki Tsunoda; 95 Jehan Daruvala; 96 Gulherme Samaia; 97 Pedro Piquet
            98 Felipe Drugovich; 99 Robert Schwartzman; 100 Roy Nissany; 101 Marino Sato; 102 Aidan Jackson
            103 Casper Akkerman; 109 Jenson Button; 110 David Coulthard; 111 Nico Rosberg; 112 Oscar Piastri
            113 Liam Lawson; 114 Juri Vips; 115 Theo Pourchaire; 116 Richard Verschoor; 117 Lirim Zendeli
            118 David Beckmann; 119 Gianluca Petecof; 120 Matteo Nannini; 121 Alessio Deledda
            122 Bent Viscaal; 123 Enzo Fittipaldi
        """,
        2022: """
            125 Mark Webber; 126 Jacques Villeneuve; 127 Jake Hughes; 128 Frederik Vesti; 129 Olli Caldwell
            130 Logan Sargeant; 131 Cem Bolukbasi; 132 Ayuma Iwasa; 133 Clement Novolak; 134 Dennis Hauger
            135 Calan Williams; 136 Jack Doohan; 137 Amaury Cordeel; 138 Mika Hakkinen
            gone: 119 120
        """,
        2023: """
            127 Callie Mayer; 128 Noah Bell; 129 Jake Hughes; 130 Frederik Vesti; 131 Olli Caldwell
            132 Logan Sargeant; 133 Cem Bolukbasi; 134 Ayumu Iwasa; 135 Clement Novalak; 138 Dennis Hauger
            139 Calan Williams; 140 Jamie Chadwick; 141 Kamui Kobayashi; 142 Pastor Maldonado
            143 Mika Hakkinen; 144 Nigel Mansell
        """,
        2024: """
            145 Zane Maloney; 146 Victor Martins; 147 Oliver Bearman; 148 Jak Crawford; 149 Isack Hadjar
            150 Arthur Leclerc; 151 Brad Benavides; 152 Roman Stanek; 153 Kush Maini; 154 James Hunt
            155 Juan Pablo Montoya; 156 Brendon Leigh; 157 David Tonizza; 158 Jarno Opmeer
            159 Lucas Blakeley
        """,
        2025: """
            10 Nico Hülkenburg; 14 Sergio Pérez; 32 Naota Izumi; 34 Lars Kaufmann; 80 Guanyu Zhou
            160 Paul Aron; 161 Gabriel Bortoleto; 162 Franco Colapinto; 163 Taylor Barnard
            164 Joshua Dürksen; 165 Andrea-Kimi Antonelli; 166 Ritomo Miyata; 167 Rafael Villagómez
            168 Zak O’Sullivan; 169 Pepe Marti; 170 Sonny Hayes; 171 Joshua Pearce; 172 Callum Voisin
            173 Matias Zagazeta; 174 Nikola Tsolov; 175 Tim Tramnitz; 185 Luca Cortez
            gone: 1 6 12 13 37 42 43 44 45 46 47 48 49 51 52 53 55 56 57 63 64 65 66 67 68 69 72 73 74
            gone: 75 76 78 79 81 82 84 85 86 87 88 89 91 92 93 95 96 97 98 99 100 101 103 111 114 115
            gone: 117 118 121 122 128 129 130 131 133 134 135 139 140 141 142 143 144 150 151 154 155
        """,
        2026: """
            10 Nico Hülkenberg; 186 Luke Browning; 187 Cian Shields; 188 Arvid Lindblad; 189 Dino Beganovic
            190 Leonardo Fornaroli; 191 Oliver Goethe; 192 Gabriele Minì; 193 Sebastián Montoya
            194 Alexander Dunne; 195 Max Esterson; 196 Sami Meguetounif; 197 John Bennett
        """,
    },
)
