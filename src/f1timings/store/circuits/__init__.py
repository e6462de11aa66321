"""What is stored of the circuits."""
