"""A whole evening in real time: every lap is counted, and what the server uses does not grow."""
