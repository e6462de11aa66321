"""Routes about the programs to which telemetry is sent on."""
