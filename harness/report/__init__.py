"""What people and machines see of a result. Every form is a pure function of `Result`."""
