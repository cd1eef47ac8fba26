"""The page as people meet it: in Debian's Chromium, without a network."""
