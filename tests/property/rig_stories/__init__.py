"""Random stories of rigs that share addresses, change their ports and addresses, rest, and are joined."""
