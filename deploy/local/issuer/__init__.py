"""An issuer of tokens for one machine: the real way of verifying, nobody to register with."""
