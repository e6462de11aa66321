"""What every request passes: the host name, the identity, the policy, and the check for foreign pages."""
