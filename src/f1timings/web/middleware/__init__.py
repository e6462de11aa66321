"""What wraps every answer and belongs to no subject: HEAD requests and security headers."""
