"""What all routes share: lists, problems, OpenAPI, content negotiation, headers and the server's settings."""
