"""What helps in the first hour: where games send to, and checks of the machine and of the telemetry."""
