"""How often intervals and monitors do what they promise. `make calibrate` prints the figures that docs/methods.md quotes."""
