"""The room: the rigs of the open meeting together, and the circuit that most of them drive."""
