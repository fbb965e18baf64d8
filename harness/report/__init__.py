"""A result for people and for machines. Every form is a pure function of `Result`."""
