"""An API in pages, and those who read it: scripts with no module of the bench in their way."""
