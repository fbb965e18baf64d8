"""An API in pages, and who reads it: scripts in a folder of their own, as each has it on its path."""
