"""Access: who asks, what they may do, and the routes by which that is changed."""
