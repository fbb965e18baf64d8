"""An API in pages, and who reads it: scripts in one folder, as each has it on its path."""
