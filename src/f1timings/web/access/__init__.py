"""Access control: who sends a request, what they may do, and the routes that change this.

``credentials`` has the accounts, logins and tokens, and changes them; ``checks`` has what every request
passes; ``control`` assembles both. Each ``…_routes`` module has the routes of one subject.
"""
