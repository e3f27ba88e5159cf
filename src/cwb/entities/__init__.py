"""Who and where: suppliers resolved to organisations of the registers, their grades and places."""
