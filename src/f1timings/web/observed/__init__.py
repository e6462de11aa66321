"""What operators observe: whether anything was lost, and metrics."""
