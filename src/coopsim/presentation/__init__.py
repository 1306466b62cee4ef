"""What a person sees: answers become tables and figures."""
