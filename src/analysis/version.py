"""The version of this program, for whoever writes it down."""

VERSION = "0.1.0"
