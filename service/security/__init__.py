"""Keys, tokens, the identity vault, the blind index, and who may see a protected petition."""
